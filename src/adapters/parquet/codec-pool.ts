import type { ErrorData } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import type { EncodeOptions, ParquetCodec, ParquetFileInfo } from '@/engine/ports'
import { inspectParquet } from './inspect'
import type { CodecRequest, CodecResponse } from './messages'

interface Thread {
  worker: Worker
  /** Ids of the files that this worker holds already. */
  files: Set<number>
  job: Job | null
}

interface Job {
  request: (thread: Thread, id: number) => { message: CodecRequest; transfer: Transferable[] }
  what: string
  resolve: (bytes: Uint8Array) => void
  reject: (error: unknown) => void
}

/**
 * Parquet decode and encode on a fixed number of worker threads; jobs wait in a queue.
 * A worker that dies (out of memory, a trap in the decoder) fails only its job and is replaced.
 */
export class ParquetCodecPool implements ParquetCodec {
  readonly parallelism: number
  readonly #createWorker: () => Worker
  readonly #threads: Thread[] = []
  readonly #queue: Job[] = []
  readonly #fileIds = new WeakMap<Blob, number>()
  #nextId = 0
  #nextFileId = 0

  constructor(createWorker: () => Worker, parallelism: number) {
    this.#createWorker = createWorker
    this.parallelism = parallelism
  }

  inspect(file: Blob, name: string): Promise<ParquetFileInfo> {
    return inspectParquet(file, name)
  }

  decode(file: Blob, name: string, rowGroup: { index: number; rows: number }, columns: string[]): Promise<Uint8Array> {
    const fileId = this.#fileId(file)
    return this.#enqueue(`${name}, row group ${rowGroup.index + 1}`, (thread, id) => {
      const known = thread.files.has(fileId)
      thread.files.add(fileId)
      const task = { name, rowGroup: rowGroup.index, rows: rowGroup.rows, columns }
      return { message: { id, kind: 'decode', fileId, file: known ? null : file, task }, transfer: [] }
    })
  }

  encode(stream: Uint8Array, options: EncodeOptions): Promise<Uint8Array> {
    return this.#enqueue('a data file', (_thread, id) => ({
      message: { id, kind: 'encode', stream, options },
      transfer: [stream.buffer as ArrayBuffer],
    }))
  }

  /** Starts the threads, so that the first file need not wait for them. */
  warm(): void {
    while (this.#spawn() !== null);
  }

  /** Ends the threads; jobs that wait or run reject. */
  close(): void {
    for (const { worker, job } of this.#threads.splice(0)) {
      worker.terminate()
      job?.reject(workerFailed(job.what, 'it was closed'))
    }
    for (const job of this.#queue.splice(0)) job.reject(workerFailed(job.what, 'it was closed'))
  }

  #fileId(file: Blob): number {
    const known = this.#fileIds.get(file)
    if (known !== undefined) return known
    this.#nextFileId += 1
    this.#fileIds.set(file, this.#nextFileId)
    return this.#nextFileId
  }

  #enqueue(what: string, request: Job['request']): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, what, resolve, reject })
      this.#dispatch()
    })
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#threads.find((candidate) => candidate.job === null) ?? this.#spawn()
      const job = thread === null ? undefined : this.#queue.shift()
      if (thread === null || job === undefined) return
      this.#nextId += 1
      try {
        const { message, transfer } = job.request(thread, this.#nextId)
        thread.worker.postMessage(message, transfer)
        thread.job = job
      } catch (error) {
        // Bytes that were given away already cannot be sent: the job fails, the thread stays free.
        job.reject(error)
      }
    }
  }

  #spawn(): Thread | null {
    if (this.#threads.length >= this.parallelism) return null
    const worker = this.#startWorker()
    if (worker === null) return null
    const thread: Thread = { worker, files: new Set(), job: null }
    thread.worker.onmessage = ({ data }: MessageEvent<CodecResponse>) => this.#finish(thread, data)
    thread.worker.onerror = (event) => this.#fail(thread, event.message)
    thread.worker.onmessageerror = () => this.#fail(thread, 'its answer could not be read')
    this.#threads.push(thread)
    return thread
  }

  /** Null when the platform gives no worker; with no thread left to wait for, the jobs then fail. */
  #startWorker(): Worker | null {
    try {
      return this.#createWorker()
    } catch (error) {
      if (this.#threads.length === 0) {
        const reason = error instanceof Error ? error.message : String(error)
        for (const job of this.#queue.splice(0)) job.reject(workerFailed(job.what, reason))
      }
      return null
    }
  }

  #finish(thread: Thread, response: CodecResponse): void {
    const job = thread.job
    thread.job = null
    if ('error' in response) job?.reject(new GoldsmithError(response.error))
    else job?.resolve(response.bytes)
    // After a trap the wasm instance's memory cannot be trusted, whatever it still answers.
    if ('error' in response && isTrap(response.error)) this.#discard(thread)
    this.#dispatch()
  }

  #fail(thread: Thread, reason: string): void {
    const job = thread.job
    this.#discard(thread)
    job?.reject(workerFailed(job.what, reason))
    this.#dispatch()
  }

  #discard(thread: Thread): void {
    thread.worker.terminate()
    const index = this.#threads.indexOf(thread)
    if (index >= 0) this.#threads.splice(index, 1)
  }
}

function workerFailed(what: string, reason: string): GoldsmithError {
  return new GoldsmithError({
    code: 'parquet.worker_failed',
    message: `The Parquet worker stopped at ${what}: ${reason || 'no reason given'}.`,
    remedy: 'Try again; close other tabs if memory is short.',
  })
}

function isTrap(error: ErrorData): boolean {
  return /\bunreachable\b|memory access out of bounds|RuntimeError|panicked/i.test(error.message)
}
