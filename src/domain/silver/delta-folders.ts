import { logFolder } from '@/domain/delta/log-names'

/** What is dropped together: Delta tables, each with all files of its folder, and files that are of none. */
export interface DroppedTables<T> {
  /** By the table's folder; that of a folder whose own name is not known is ''. */
  deltas: Map<string, T[]>
  others: T[]
}

/** Tells the files of Delta tables from others: a folder that has a `_delta_log` is one table, with all that lies in it. */
export function splitDeltaFolders<T extends { path: string }>(files: readonly T[]): DroppedTables<T> {
  const deltas = new Map<string, T[]>()
  for (const { path } of files) {
    const root = rootOfLog(path)
    if (root !== null) deltas.set(root, [])
  }
  const others: T[] = []
  for (const file of files) {
    const root = innermostRoot(file.path, deltas)
    const together = root === null ? others : (deltas.get(root) ?? others)
    together.push(file)
  }
  return { deltas, others }
}

/** The table's folder when the path leads into its log; else null. */
function rootOfLog(path: string): string | null {
  const folders = path.split('/').slice(0, -1)
  const log = folders.indexOf(logFolder)
  return log < 0 ? null : folders.slice(0, log).join('/')
}

/** The nearest folder around a file that is one of the roots, or null. */
function innermostRoot(path: string, roots: { has(root: string): boolean }): string | null {
  const folders = path.split('/').slice(0, -1)
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const folder = folders.slice(0, depth).join('/')
    if (roots.has(folder)) return folder
  }
  return null
}
