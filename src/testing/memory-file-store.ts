import type { FileStore } from '@/engine/ports'

/**
 * How a store fails at one operation; after the failure it is dead, as a closed tab is.
 * `before`: the operation had no effect. `after`: it had its whole effect, but nobody heard of it.
 * `torn`: a `write` leaves half of the bytes (other operations: as `before`, which is what the port promises).
 * `silently-torn`: like `torn`, but the operation reports success and the store lives on.
 */
export type Failure = 'before' | 'after' | 'torn' | 'silently-torn'

/** The error of a store that was made to fail. */
class StoreDied extends Error {}

/** A file store that fails at its n-th operation (1-based, reads included), on top of another one. */
export class FailingFileStore implements FileStore {
  /** Operations begun so far, the failed one included. */
  operations = 0
  readonly #inner: FileStore
  readonly #failAt: number
  readonly #failure: Failure
  #dead = false

  constructor(inner: FileStore, failAt: number, failure: Failure) {
    this.#inner = inner
    this.#failAt = failAt
    this.#failure = failure
  }

  list(folder: string): Promise<string[]> {
    return this.#operate(() => this.#inner.list(folder))
  }

  open(path: string): Promise<Blob> {
    return this.#operate(() => this.#inner.open(path))
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#operate(
      () => this.#inner.write(path, bytes),
      () => this.#inner.write(path, bytes.subarray(0, bytes.byteLength >> 1)),
    )
  }

  createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.#operate(() => this.#inner.createExclusive(path, bytes))
  }

  remove(path: string): Promise<void> {
    return this.#operate(() => this.#inner.remove(path))
  }

  removeFolder(folder: string): Promise<void> {
    return this.#operate(() => this.#inner.removeFolder(folder))
  }

  withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#inner.withLock(name, work)
  }

  usage(): Promise<{ usedBytes: number; quotaBytes: number } | null> {
    return this.#inner.usage()
  }

  async #operate<T>(whole: () => Promise<T>, half?: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new StoreDied('The store is dead.')
    if (++this.operations !== this.#failAt) return whole()
    if (this.#failure === 'silently-torn') return half === undefined ? whole() : half()
    this.#dead = true
    if (this.#failure === 'after') await whole()
    if (this.#failure === 'torn') await half?.()
    throw new StoreDied(`The store died at operation ${this.operations}.`)
  }
}
