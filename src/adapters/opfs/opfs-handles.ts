/** What lib.dom does not have yet of the origin private file system; both exist in workers of every current engine. */
export interface SyncAccessHandle {
  /** Writes at the offset; returns how many bytes were taken. */
  write(bytes: Uint8Array, options: { at: number }): number
  flush(): void
  close(): void
}

export interface OpfsFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>
  /** Renames in one step, over an existing file too. The form with a folder is the one that every engine has. */
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>
}

/** Whether this thread can write files in place and rename them: dedicated workers can, pages cannot. */
export function isOpfsFileHandle(handle: FileSystemFileHandle): handle is OpfsFileHandle {
  return 'createSyncAccessHandle' in handle && 'move' in handle
}

/** The folder at the path below `root`, or null when there is none (or when a file has that name). */
export async function findFolder(
  root: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<FileSystemDirectoryHandle | null> {
  let folder = root
  for (const name of path) {
    try {
      folder = await folder.getDirectoryHandle(name)
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }
  return folder
}

/** The folder at the path below `root`, made where it is missing. */
export async function makeFolder(
  root: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<FileSystemDirectoryHandle> {
  let folder = root
  for (const name of path) folder = await folder.getDirectoryHandle(name, { create: true })
  return folder
}

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')
}
