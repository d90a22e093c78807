/** The folder, beside the stored files, in which files are written before they get their names. */
export const temporaryFolderName = '.temporary'

const lockPrefix = 'goldsmith temporary '

/**
 * A folder for this worker's unfinished files. A Web Lock that lasts as long as the worker marks it as in use, so that
 * others can tell leftovers of closed or crashed tabs, which are removed here, from files that are being written.
 */
export async function openTemporaryFolder(
  root: FileSystemDirectoryHandle,
  locks: LockManager,
): Promise<FileSystemDirectoryHandle> {
  const parent = await root.getDirectoryHandle(temporaryFolderName, { create: true })
  const id = crypto.randomUUID()
  await holdForever(locks, lockPrefix + id)
  const own = await parent.getDirectoryHandle(id, { create: true })
  for (const name of await namesIn(parent)) {
    if (name !== id) await removeIfUnused(parent, name, locks)
  }
  return own
}

/** Resolves when the lock is held; it is given back when the worker ends. */
function holdForever(locks: LockManager, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, () => {
        resolve()
        return new Promise<never>(() => {})
      })
      .catch(reject)
  })
}

async function removeIfUnused(parent: FileSystemDirectoryHandle, name: string, locks: LockManager): Promise<void> {
  await locks.request(lockPrefix + name, { ifAvailable: true }, async (lock) => {
    if (lock === null) return
    // Another tab may clean up at the same time; what neither can remove now, the next start will.
    await parent.removeEntry(name, { recursive: true }).catch(() => undefined)
  })
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names
}
