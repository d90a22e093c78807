import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'

/** Files in memory whose writer fails once, at a chosen operation, as a crash would stop it there. */
export class StumblingFileStore extends MemoryFileStore {
  /** How many more writes succeed, and one; null for all. */
  failAt: number | null = null
  /** Operations so far. */
  operations = 0

  override write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#stumble(() => super.write(path, bytes))
  }

  override createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.#stumble(() => super.createExclusive(path, bytes))
  }

  async #stumble<T>(operation: () => Promise<T>): Promise<T> {
    this.operations += 1
    if (this.failAt !== null && --this.failAt === 0) {
      this.failAt = null
      throw new Error('The store stumbled.')
    }
    return operation()
  }
}
