import { GoldsmithError } from '@/domain/errors'
import type { Action, AddFile, Commit, MetaData, Protocol } from './actions'
import { dataFilePath } from './paths'

/** One version of a table, in words for people. */
export interface CommitSummary {
  version: number
  /** Milliseconds since the epoch. */
  timestamp: number
  operation: string
  operationParameters: Record<string, unknown>
  operationMetrics: Record<string, string>
}

/** A table as of one version. */
export interface Snapshot {
  version: number
  protocol: Protocol
  metaData: MetaData
  /** Files whose rows are the table, by path. */
  files: AddFile[]
  /** Latest version of each application's progress, by appId. */
  transactions: Map<string, number>
  /** `userMetadata` of the commit that made this version. */
  userMetadata: string | null
  /** Every commit up to this version, oldest first. */
  history: CommitSummary[]
}

/**
 * Replays commits 0…n (ascending, without gaps) to the state after the last one.
 * Throws `delta.no_metadata` when no commit says what the table is. `table` is its folder, for messages.
 */
export function replay(table: string, commits: readonly Commit[]): Snapshot {
  let protocol: Protocol | null = null
  let metaData: MetaData | null = null
  const files = new Map<string, AddFile>()
  const transactions = new Map<string, number>()
  for (const { actions } of commits) {
    // Actions of one commit have no order among themselves: a path that it both removes and adds is in the table.
    for (const action of actions) if ('remove' in action) files.delete(dataFilePath(action.remove.path))
    for (const action of actions) {
      if ('add' in action) files.set(dataFilePath(action.add.path), action.add)
      else if ('metaData' in action) metaData = action.metaData
      else if ('protocol' in action) protocol = action.protocol
      else if ('txn' in action) transactions.set(action.txn.appId, action.txn.version)
    }
  }
  const last = commits.at(-1)
  if (last === undefined || protocol === null || metaData === null) {
    throw new GoldsmithError({
      code: 'delta.no_metadata',
      message: `The log of the Delta table “${table}” has no ${protocol === null ? 'protocol' : 'metaData'} action.`,
      remedy: 'The first entries of its _delta_log are missing or damaged: restore them, or rebuild the table.',
      file: table,
    })
  }
  return {
    version: last.version,
    protocol,
    metaData,
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    transactions,
    userMetadata:
      last.actions.flatMap((action) => ('commitInfo' in action ? [action.commitInfo.userMetadata] : []))[0] ?? null,
    history: summarize(commits),
  }
}

/** What each commit did, in the order given. */
export function summarize(commits: readonly Commit[]): CommitSummary[] {
  let timestamp = 0
  return commits.map(({ version, actions }) => {
    const info = actions.flatMap((action) => ('commitInfo' in action ? [action.commitInfo] : []))[0]
    timestamp = info?.timestamp ?? latestTime(actions) ?? timestamp
    return {
      version,
      timestamp,
      operation: info?.operation ?? 'UNKNOWN',
      operationParameters: info?.operationParameters ?? {},
      operationMetrics: info?.operationMetrics ?? {},
    }
  })
}

/** `commitInfo` is optional; without it the newest time among the other actions stands for the commit's. */
function latestTime(actions: readonly Action[]): number | null {
  const times = actions.flatMap((action) => {
    if ('add' in action) return [action.add.modificationTime]
    if ('remove' in action) return [action.remove.deletionTimestamp ?? 0]
    if ('metaData' in action) return [action.metaData.createdTime ?? 0]
    return []
  })
  const latest = times.reduce((a, b) => Math.max(a, b), 0)
  return latest > 0 ? latest : null
}
