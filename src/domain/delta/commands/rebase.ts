import type { Action, AddFile, Commit } from '@/domain/delta/actions'
import { dataFilePath } from '@/domain/delta/paths'

/** What a command relied on while it was planned. */
export interface Reliance {
  actions: readonly Action[]
  /** Whether rows that another writer added meanwhile would have concerned the command, had it seen them. */
  concerns(file: AddFile): boolean
}

/**
 * Why a command cannot follow commits that came between: a clause for after “because”. Null when it can be committed as it is,
 * on top of them. The rules are those of Delta's conflict checker: appends do not stand in the way of a rewrite.
 */
export function whyNotOnTop({ actions, concerns }: Reliance, since: readonly Commit[]): string | null {
  const removed = new Set(actions.flatMap((action) => ('remove' in action ? [dataFilePath(action.remove.path)] : [])))
  for (const commit of since) {
    const operation = commit.actions.flatMap((action) => ('commitInfo' in action ? [action.commitInfo.operation] : []))
    const by = `version ${commit.version} (${operation[0] ?? 'of an unknown kind'})`
    for (const action of commit.actions) {
      if ('protocol' in action || 'metaData' in action) return `${by} changed what the table is`
      if ('remove' in action && removed.has(dataFilePath(action.remove.path))) {
        return `${by} removed “${action.remove.path}”, which this statement had read`
      }
      if ('add' in action && action.add.dataChange && concerns(action.add)) {
        return `${by} added rows in “${action.add.path}” that this statement would have had to look at`
      }
    }
  }
  return null
}
