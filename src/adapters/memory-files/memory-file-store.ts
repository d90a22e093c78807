import { GoldsmithError } from '@/domain/errors'
import type { FileStore } from '@/engine/ports'

/** Files that last as long as the page: for browsers that give no private file system, and for tests. */
export class MemoryFileStore implements FileStore {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #locks = new Map<string, Promise<unknown>>()

  async list(folder: string): Promise<string[]> {
    const prefix = folder === '' ? '' : `${folder}/`
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length))
      .sort()
  }

  async open(path: string): Promise<Blob> {
    const bytes = this.#files.get(path)
    if (bytes !== undefined) return new Blob([bytes])
    throw new GoldsmithError({
      code: 'storage.missing',
      message: `“${path}” is not in storage.`,
      remedy: 'Run the pipeline again to rebuild it.',
      file: path,
    })
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, new Uint8Array(bytes))
  }

  async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    if (this.#files.has(path)) return false
    this.#files.set(path, new Uint8Array(bytes))
    return true
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path)
  }

  async removeFolder(folder: string): Promise<void> {
    for (const path of await this.list(folder)) this.#files.delete(folder === '' ? path : `${folder}/${path}`)
  }

  withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#locks.get(name) ?? Promise.resolve()
    const result = previous.then(work)
    // The next holder waits for the end of this one's work, however it ends.
    const settled = result.catch(() => undefined)
    this.#locks.set(name, settled)
    return result
  }

  /** Nothing tells how much memory a page may take. */
  async usage(): Promise<null> {
    return null
  }
}
