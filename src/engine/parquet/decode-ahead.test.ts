import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ParquetCodec } from '@/engine/ports'
import { type DecodeJob, decodeAhead } from './decode-ahead'

interface Pending {
  index: number
  resolve: () => void
  reject: (error: Error) => void
}

/** A codec whose decodes end when the test says so. */
class ManualCodec implements ParquetCodec {
  readonly parallelism = 2
  readonly pending: Pending[] = []
  started = 0
  most = 0

  decode(_file: Blob, _name: string, rowGroup: { index: number }): Promise<Uint8Array> {
    this.started += 1
    return new Promise((resolve, reject) => {
      const end = () => {
        this.pending.splice(this.pending.indexOf(pending), 1)
      }
      const pending: Pending = {
        index: rowGroup.index,
        resolve: () => {
          end()
          resolve(Uint8Array.of(rowGroup.index))
        },
        reject: (error) => {
          end()
          reject(error)
        },
      }
      this.pending.push(pending)
      this.most = Math.max(this.most, this.pending.length)
    })
  }

  inspect(): never {
    throw new Error('not used')
  }

  encode(): never {
    throw new Error('not used')
  }
}

const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(async () => {
  await turn()
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
const jobs = (count: number): DecodeJob[] =>
  Array.from({ length: count }, (_, index) => ({
    file: new Blob(),
    name: 'x',
    rowGroup: { index, rows: 1 },
    columns: [],
  }))

describe('decodeAhead', () => {
  it('gives row groups in order although later ones are ready first, and never has more than one beyond the threads', async () => {
    const codec = new ManualCodec()
    const seen: number[] = []
    const reading = (async () => {
      for await (const { index, stream } of decodeAhead(codec, jobs(10))) {
        expect([...stream]).toEqual([index])
        seen.push(index)
      }
    })()
    while (seen.length < 10) {
      codec.pending.at(-1)?.resolve()
      await turn()
    }
    await reading
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(codec.most).toBe(3)
  })

  it('does not decode further while the consumer is busy', async () => {
    const codec = new ManualCodec()
    const streams = decodeAhead(codec, jobs(10))
    const first = streams.next()
    for (let round = 0; round < 5; round += 1) {
      for (const pending of [...codec.pending]) pending.resolve()
      await turn()
    }
    await first
    expect(codec.started).toBe(4)
    await streams.return(undefined)
  })

  it('rejects with the first failure in order, once what is under way has ended', async () => {
    const codec = new ManualCodec()
    const reading = (async () => {
      for await (const _ of decodeAhead(codec, jobs(10)));
    })()
    let ended = false
    reading
      .catch(() => undefined)
      .finally(() => {
        ended = true
      })
    codec.pending.find(({ index }) => index === 1)?.reject(new Error('one'))
    codec.pending.find(({ index }) => index === 0)?.reject(new Error('zero'))
    await turn()
    expect(ended).toBe(false)
    for (const pending of [...codec.pending]) pending.reject(new Error('late'))
    await expect(reading).rejects.toThrow('zero')
  })

  it('waits for what is under way when the consumer stops', async () => {
    const codec = new ManualCodec()
    const streams = decodeAhead(codec, jobs(10))
    const first = streams.next()
    codec.pending[0]?.resolve()
    await first
    const stopped = streams.return(undefined)
    for (const pending of [...codec.pending]) pending.reject(new Error('nobody listens'))
    await stopped
    expect(codec.pending).toEqual([])
    expect(codec.started).toBe(4)
  })

  it('checks rows against the statistics that it is given', async () => {
    const stream = tableToIPC(tableFromArrays({ a: Int32Array.of(1, 2, 3) }), 'stream')
    const codec: ParquetCodec = {
      ...new ManualCodec(),
      parallelism: 1,
      decode: async () => stream,
      inspect: neverCalled,
      encode: neverCalled,
    }
    const [job] = jobs(1)
    const expected = (max: number) => ({
      rows: 3,
      compressedBytes: 0,
      statistics: { a: { min: 1, max, nullCount: 0 } },
    })
    const read = async (max: number) => {
      for await (const _ of decodeAhead(codec, job ? [{ ...job, expected: expected(max) }] : []));
    }
    await expect(read(3)).resolves.toBeUndefined()
    await expect(read(2)).rejects.toMatchObject({ cause: { code: 'parquet.statistics_mismatch', file: 'x' } })
  })
})

function neverCalled(): never {
  throw new Error('not used')
}
