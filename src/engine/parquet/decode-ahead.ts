import type { ParquetCodec, ParquetRowGroup } from '@/engine/ports'
import { checkStatistics } from './check-statistics'

export interface DecodeJob {
  file: Blob
  name: string
  rowGroup: { index: number; rows: number }
  columns: string[]
  /** When given, decoded rows that contradict these statistics are an error. */
  expected?: ParquetRowGroup
}

/**
 * Decodes row groups in order, keeping the codec's threads busy while the consumer works on the stream before.
 * At most `parallelism + 1` decoded row groups exist at a time. When the consumer stops early, what is under way is
 * waited for and dropped.
 */
export async function* decodeAhead(
  codec: ParquetCodec,
  jobs: readonly DecodeJob[],
): AsyncGenerator<{ index: number; stream: Uint8Array }> {
  const underWay: Promise<Uint8Array>[] = []
  let next = 0
  const start = () => {
    const job = jobs[next]
    if (job === undefined) return
    next += 1
    const decoding = decodeChecked(codec, job)
    // The failure is reported where the stream is awaited; until then it must not count as unhandled.
    decoding.catch(() => undefined)
    underWay.push(decoding)
  }
  for (let ahead = 0; ahead <= codec.parallelism; ahead += 1) start()
  try {
    for (let index = 0; index < jobs.length; index += 1) {
      const stream = await underWay.shift()
      if (stream === undefined) return
      start()
      yield { index, stream }
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}

/** The check runs here, while the consumer waits for the database, and not where it would make the consumer wait. */
async function decodeChecked(codec: ParquetCodec, job: DecodeJob): Promise<Uint8Array> {
  const stream = await codec.decode(job.file, job.name, job.rowGroup, job.columns)
  if (job.expected) checkStatistics(stream, job.expected, { name: job.name, index: job.rowGroup.index })
  return stream
}
