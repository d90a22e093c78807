import { tableFolder } from '@/domain/delta/paths'

export const GOLD_ROOT = 'lakehouse'

/** Folder of a table in the file store. */
export function goldPath(name: string): string {
  return `${GOLD_ROOT}/${tableFolder(name)}`
}
