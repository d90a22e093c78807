import { downloadZip } from 'client-zip'
import type { ArchiveEntry, Archiver } from '@/engine/ports'

/** Files up to this size are read in one go: a stream of them comes in thousands of small pieces. */
const WHOLE_BYTES = 64 * 1024 * 1024

/** Zip archives, stored without compression: what goes in is compressed Parquet. Zip64 where sizes need it. */
export const zipArchiver: Archiver = {
  async pack(entries) {
    const source = watched(entries)
    try {
      return await downloadZip(files(source.entries)).blob()
    } catch (error) {
      throw source.failure() ?? error
    }
  },
}

/** A failed stream tells its reader only that it failed: this keeps the reason. */
function watched<T>(entries: AsyncIterable<T>): { entries: AsyncIterable<T>; failure: () => unknown } {
  let failure: unknown
  async function* pass() {
    try {
      yield* entries
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { entries: pass(), failure: () => failure }
}

async function* files(entries: AsyncIterable<ArchiveEntry>) {
  for await (const { name, content, modified } of entries) {
    const size = content instanceof Blob ? content.size : content.byteLength
    const isSmallBlob = content instanceof Blob && size <= WHOLE_BYTES
    yield { name, input: isSmallBlob ? await content.arrayBuffer() : content, size, lastModified: modified }
  }
}
