import type { FileStore } from '@/engine/ports'
import { storageError } from './opfs-errors'
import { findFolder, isMissing, isOpfsFileHandle, makeFolder, type OpfsFileHandle } from './opfs-handles'
import { openTemporaryFolder, temporaryFolderName } from './temporary-folder'

const rootFolderName = 'goldsmith'

/**
 * The file store of this origin's private file system, or null where the browser gives none (private windows of some,
 * pages without a secure context, threads that are not dedicated workers).
 */
export async function openOpfsFileStore(): Promise<FileStore | null> {
  if (navigator.storage?.getDirectory === undefined || navigator.locks === undefined) return null
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(rootFolderName, { create: true })
    const temporary = await openTemporaryFolder(root, navigator.locks)
    const probe = await temporary.getFileHandle('probe', { create: true })
    return isOpfsFileHandle(probe) ? new OpfsFileStore(root, temporary, navigator.locks) : null
  } catch {
    return null
  }
}

/**
 * Files under one folder of the origin private file system. A file is written under a temporary name, flushed, closed and
 * then renamed, so that a name never stands for a part of a file. Blobs from `open` read the file when they are used: a
 * file that is replaced or removed meanwhile fails to read, which Delta's immutable files never do.
 */
export class OpfsFileStore implements FileStore {
  readonly #root: FileSystemDirectoryHandle
  readonly #temporary: FileSystemDirectoryHandle
  readonly #locks: LockManager

  constructor(root: FileSystemDirectoryHandle, temporary: FileSystemDirectoryHandle, locks: LockManager) {
    this.#root = root
    this.#temporary = temporary
    this.#locks = locks
  }

  async list(folder: string): Promise<string[]> {
    const start = await this.#attempt(folder, () => findFolder(this.#root, segments(folder)))
    if (start === null) return []
    const names: string[] = []
    await this.#attempt(folder, () => collect(start, '', names))
    return names.filter((name) => folder !== '' || !name.startsWith(`${temporaryFolderName}/`)).sort()
  }

  open(path: string): Promise<Blob> {
    return this.#attempt(path, async () => {
      const { folder, name } = await this.#locate(path)
      return (await folder.getFileHandle(name)).getFile()
    })
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#attempt(path, async () => {
      const target = segments(path)
      const written = await this.#writeTemporary(bytes)
      await this.#locks.request(nameLock(path), () => this.#rename(written, target))
    })
  }

  createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    // A rename replaces what it meets, so every rename to a name holds that name's lock, in all tabs of the origin.
    return this.#attempt(path, () =>
      this.#locks.request(nameLock(path), async () => {
        if (await this.#exists(path)) return false
        await this.#rename(await this.#writeTemporary(bytes), segments(path))
        return true
      }),
    )
  }

  remove(path: string): Promise<void> {
    return this.#attempt(path, () => this.#removeEntry(path))
  }

  removeFolder(folder: string): Promise<void> {
    return this.#attempt(folder, async () => {
      if (folder !== '') return this.#removeEntry(folder)
      for (const name of await namesOf(this.#root)) if (name !== temporaryFolderName) await this.#removeEntry(name)
    })
  }

  withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#locks.request(`goldsmith lock ${name}`, work)
  }

  async usage(): Promise<{ usedBytes: number; quotaBytes: number } | null> {
    const { usage, quota } = await navigator.storage.estimate()
    return usage === undefined || quota === undefined ? null : { usedBytes: usage, quotaBytes: quota }
  }

  async #attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw storageError(error, path)
    }
  }

  async #writeTemporary(bytes: Uint8Array): Promise<OpfsFileHandle> {
    const name = crypto.randomUUID()
    const handle = await this.#temporary.getFileHandle(name, { create: true })
    if (!isOpfsFileHandle(handle)) throw new Error('Files can be written only in a dedicated worker.')
    try {
      const access = await handle.createSyncAccessHandle()
      try {
        for (let at = 0; at < bytes.byteLength; ) {
          const taken = access.write(at === 0 ? bytes : bytes.subarray(at), { at })
          if (taken === 0) throw new DOMException('No byte of the rest was taken.', 'QuotaExceededError')
          at += taken
        }
        access.flush()
      } finally {
        access.close()
      }
    } catch (error) {
      await this.#temporary.removeEntry(name).catch(() => undefined)
      throw error
    }
    return handle
  }

  async #rename(written: OpfsFileHandle, target: readonly string[]): Promise<void> {
    const temporaryName = written.name
    try {
      await written.move(await makeFolder(this.#root, target.slice(0, -1)), target.at(-1) ?? '')
    } catch (error) {
      await this.#temporary.removeEntry(temporaryName).catch(() => undefined)
      throw error
    }
  }

  async #exists(path: string): Promise<boolean> {
    try {
      const { folder, name } = await this.#locate(path)
      await folder.getFileHandle(name)
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundError') return false
      throw error
    }
  }

  async #removeEntry(path: string): Promise<void> {
    try {
      const { folder, name } = await this.#locate(path)
      await folder.removeEntry(name, { recursive: true })
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  async #locate(path: string): Promise<{ folder: FileSystemDirectoryHandle; name: string }> {
    const names = segments(path)
    const name = names.pop() ?? ''
    const folder = await findFolder(this.#root, names)
    if (folder === null) throw new DOMException(`There is no folder for ${path}.`, 'NotFoundError')
    return { folder, name }
  }
}

function nameLock(path: string): string {
  return `goldsmith name ${path}`
}

function segments(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '')
  // Browsers refuse these too, but not all of them in a rename.
  if (names.includes('.') || names.includes('..')) throw new TypeError('The path leads out of the store.')
  return names
}

async function namesOf(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names
}

async function collect(folder: FileSystemDirectoryHandle, prefix: string, names: string[]): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    if (isFolder(handle)) {
      // A folder that another tab removes while it is listed has no files.
      await collect(handle, `${prefix}${name}/`, names).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
    } else names.push(prefix + name)
  }
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory'
}
