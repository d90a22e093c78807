/**
 * A stand-in for the origin private file system and Web Locks in Node, with the errors that Chromium gives.
 * `quotaBytes` limits what all files together may hold.
 */
export class FakeOpfs {
  quotaBytes = Number.POSITIVE_INFINITY
  readonly root: FakeFolder = new FakeFolder(this, '')

  get directory(): FileSystemDirectoryHandle {
    return this.root as unknown as FileSystemDirectoryHandle
  }

  get usedBytes(): number {
    return this.root.bytes
  }
}

class FakeFolder {
  readonly kind = 'directory'
  readonly name: string
  readonly children = new Map<string, FakeFolder | FakeFile>()
  readonly #disk: FakeOpfs

  constructor(disk: FakeOpfs, name: string) {
    this.#disk = disk
    this.name = name
  }

  get bytes(): number {
    return [...this.children.values()].reduce((sum, child) => sum + child.bytes, 0)
  }

  async getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<FakeFolder> {
    const child = this.#child(name, options, () => new FakeFolder(this.#disk, name))
    if (child instanceof FakeFolder) return child
    throw new DOMException('a file', 'TypeMismatchError')
  }

  async getFileHandle(name: string, options?: { create?: boolean }): Promise<FakeFile> {
    const child = this.#child(name, options, () => new FakeFile(this.#disk, this, name))
    if (child instanceof FakeFile) return child
    throw new DOMException('a folder', 'TypeMismatchError')
  }

  async removeEntry(name: string): Promise<void> {
    if (!this.children.delete(name)) throw new DOMException('none', 'NotFoundError')
  }

  async *entries() {
    yield* this.children.entries()
  }

  async *keys() {
    yield* this.children.keys()
  }

  #child<T>(name: string, options: { create?: boolean } | undefined, make: () => T & (FakeFolder | FakeFile)) {
    if (name === '' || name === '.' || name === '..' || name.includes('/')) throw new TypeError('Name is not allowed.')
    const child = this.children.get(name)
    if (child !== undefined) return child
    if (options?.create !== true) throw new DOMException('none', 'NotFoundError')
    const made = make()
    this.children.set(name, made)
    return made
  }
}

class FakeFile {
  readonly kind = 'file'
  name: string
  #data = new Uint8Array(0)
  #open = false
  #folder: FakeFolder
  readonly #disk: FakeOpfs

  constructor(disk: FakeOpfs, folder: FakeFolder, name: string) {
    this.#disk = disk
    this.#folder = folder
    this.name = name
  }

  get bytes(): number {
    return this.#data.byteLength
  }

  async getFile(): Promise<File> {
    return new File([this.#data], this.name)
  }

  async createSyncAccessHandle() {
    if (this.#open) throw new DOMException('open', 'NoModificationAllowedError')
    this.#open = true
    return {
      // Takes at most 4 bytes at a time: the interface allows it, so callers must go on.
      write: (bytes: Uint8Array, { at }: { at: number }): number => {
        const taken = bytes.subarray(0, 4)
        if (this.#disk.usedBytes + taken.byteLength > this.#disk.quotaBytes)
          throw new DOMException('full', 'QuotaExceededError')
        const data = new Uint8Array(Math.max(this.#data.byteLength, at + taken.byteLength))
        data.set(this.#data)
        data.set(taken, at)
        this.#data = data
        return taken.byteLength
      },
      flush: () => undefined,
      close: () => {
        this.#open = false
      },
    }
  }

  async move(folder: FakeFolder, name: string): Promise<void> {
    const existing = folder.children.get(name)
    if (this.#open || (existing instanceof FakeFile && existing.#open)) {
      throw new DOMException('open', 'NoModificationAllowedError')
    }
    if (existing instanceof FakeFolder) throw new DOMException('a folder', 'InvalidModificationError')
    this.#folder.children.delete(this.name)
    folder.children.set(name, this)
    this.#folder = folder
    this.name = name
  }
}

/** Web Locks, exclusive ones only; all holders live in this process. */
export function fakeLocks(): LockManager {
  const tails = new Map<string, Promise<unknown>>()
  const request = async (
    name: string,
    first: LockOptions | ((lock: Lock | null) => unknown),
    second?: (lock: Lock | null) => unknown,
  ): Promise<unknown> => {
    const options = typeof first === 'function' ? {} : first
    const work = typeof first === 'function' ? first : second
    const tail = tails.get(name)
    if (options.ifAvailable === true && tail !== undefined) return work?.(null)
    const result = (tail ?? Promise.resolve()).then(() => work?.({ name, mode: 'exclusive' }))
    const settled: Promise<unknown> = result
      .catch(() => undefined)
      .then(() => {
        if (tails.get(name) === settled) tails.delete(name)
      })
    tails.set(name, settled)
    return result
  }
  return { request, query: async () => ({ held: [], pending: [] }) } as unknown as LockManager
}
