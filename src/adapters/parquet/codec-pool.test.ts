import { afterEach, describe, expect, it } from 'vitest'
import { ParquetCodecPool } from './codec-pool'
import type { CodecRequest, CodecResponse } from './messages'

/** A worker whose answers the test gives. */
class FakeWorker {
  onmessage: ((event: { data: CodecResponse }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  onmessageerror: (() => void) | null = null
  readonly requests: CodecRequest[] = []
  isTerminated = false

  postMessage(message: CodecRequest, transfer: ArrayBuffer[]): void {
    // As a real one does: what is transferred twice cannot be cloned.
    structuredClone(message, { transfer })
    this.requests.push(message)
  }

  terminate(): void {
    this.isTerminated = true
  }

  answer(byte = 0): void {
    this.onmessage?.({ data: { id: this.requests.at(-1)?.id ?? 0, bytes: Uint8Array.of(byte) } })
  }

  refuse(message: string): void {
    this.onmessage?.({
      data: {
        id: this.requests.at(-1)?.id ?? 0,
        error: { code: 'parquet.corrupt_page', message, remedy: 'r', file: 'f' },
      },
    })
  }
}

let workers: FakeWorker[] = []
afterEach(() => {
  workers = []
})

function openPool(parallelism: number): ParquetCodecPool {
  return new ParquetCodecPool(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as Worker
  }, parallelism)
}

const file = new Blob(['x'])
const decode = (pool: ParquetCodecPool, index: number, from = file) =>
  pool.decode(from, `file ${index}`, { index, rows: 1 }, ['a'])
const rowGroups = ({ requests }: FakeWorker) =>
  requests.map((request) => (request.kind === 'decode' ? request.task.rowGroup : -1))
const worker = (index: number): FakeWorker => {
  const found = workers[index]
  if (found === undefined) throw new Error(`no worker ${index}`)
  return found
}

describe('ParquetCodecPool', () => {
  it('starts no more threads than it may, and gives jobs out in order', async () => {
    const pool = openPool(2)
    const jobs = [0, 1, 2, 3, 4].map((index) => decode(pool, index))
    expect(workers).toHaveLength(2)
    worker(1).answer(1)
    worker(0).answer(0)
    worker(1).answer(2)
    worker(1).answer(4)
    worker(0).answer(3)
    expect((await Promise.all(jobs)).map(([byte]) => byte)).toEqual([0, 1, 2, 3, 4])
    expect([rowGroups(worker(0)), rowGroups(worker(1))]).toEqual([
      [0, 3],
      [1, 2, 4],
    ])
    expect(workers).toHaveLength(2)
  })

  it("sends a file to a thread once, and again to a thread that took another one's place", async () => {
    const pool = openPool(1)
    const first = decode(pool, 0)
    worker(0).answer()
    const second = decode(pool, 1)
    worker(0).answer()
    await Promise.all([first, second])
    expect(worker(0).requests.map((request) => request.kind === 'decode' && request.file !== null)).toEqual([
      true,
      false,
    ])
    const third = decode(pool, 2)
    worker(0).onerror?.({ message: 'out of memory' })
    await expect(third).rejects.toThrow('out of memory')
    const fourth = decode(pool, 3)
    worker(1).answer()
    await fourth
    expect(worker(1).requests.map((request) => request.kind === 'decode' && request.file)).toEqual([file])
  })

  it('passes an error on as data and keeps the thread', async () => {
    const pool = openPool(1)
    const bad = decode(pool, 0)
    worker(0).refuse('page 1 does not match its checksum')
    await expect(bad).rejects.toMatchObject({ cause: { code: 'parquet.corrupt_page', remedy: 'r', file: 'f' } })
    const good = decode(pool, 1)
    worker(0).answer(7)
    expect([...(await good)]).toEqual([7])
    expect(workers).toHaveLength(1)
  })

  it.each(['RuntimeError: unreachable', 'memory access out of bounds'])(
    'replaces a thread whose decoder trapped: %s',
    async (message) => {
      const pool = openPool(1)
      const bad = decode(pool, 0)
      const waiting = decode(pool, 1)
      worker(0).refuse(message)
      await expect(bad).rejects.toThrow(message)
      expect(worker(0).isTerminated).toBe(true)
      worker(1).answer(1)
      expect([...(await waiting)]).toEqual([1])
    },
  )

  it('fails only the job of a thread that dies; those that wait go on', async () => {
    const pool = openPool(2)
    const jobs = [0, 1, 2, 3].map((index) => decode(pool, index))
    worker(0).onerror?.({ message: '' })
    await expect(jobs[0]).rejects.toMatchObject({
      cause: { code: 'parquet.worker_failed', message: expect.stringContaining('file 0') },
    })
    worker(1).onmessageerror?.()
    await expect(jobs[1]).rejects.toMatchObject({ cause: { code: 'parquet.worker_failed' } })
    worker(2).answer(2)
    worker(3).answer(3)
    expect([[...((await jobs[2]) ?? [])], [...((await jobs[3]) ?? [])]]).toEqual([[2], [3]])
  })

  it('ignores what a thread that was given up still says', async () => {
    const pool = openPool(1)
    const bad = decode(pool, 0)
    worker(0).onerror?.({ message: 'gone' })
    await expect(bad).rejects.toThrow('gone')
    const next = decode(pool, 1)
    worker(0).answer(9)
    worker(1).answer(1)
    expect([...(await next)]).toEqual([1])
  })

  it('rejects a job that cannot be sent, and its thread takes the next one', async () => {
    const pool = openPool(1)
    const stream = Uint8Array.of(1, 2, 3)
    const options = { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: {} }
    const encoded = pool.encode(stream, options)
    worker(0).answer()
    await encoded
    await expect(pool.encode(stream, options)).rejects.toThrow()
    const next = decode(pool, 1)
    worker(0).answer(5)
    expect([...(await next)]).toEqual([5])
  })

  it('rejects all jobs when the platform gives no worker at all', async () => {
    const pool = new ParquetCodecPool(() => {
      throw new Error('workers are blocked')
    }, 2)
    for (const job of [decode(pool, 0), decode(pool, 1)]) {
      await expect(job).rejects.toMatchObject({
        cause: { code: 'parquet.worker_failed', message: expect.stringContaining('blocked') },
      })
    }
  })

  it('rejects running and waiting jobs when it is closed', async () => {
    const pool = openPool(1)
    const jobs = [decode(pool, 0), decode(pool, 1)]
    pool.close()
    for (const job of jobs) await expect(job).rejects.toMatchObject({ cause: { code: 'parquet.worker_failed' } })
    expect(worker(0).isTerminated).toBe(true)
  })
})
