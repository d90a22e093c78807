import type { Action, AddFile, Commit, MetaData, Protocol } from './actions'
import { reconcile } from './log-state'

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
  /** The commits that were replayed, oldest first: all up to this version, or those since the checkpoint that was read. */
  history: CommitSummary[]
}

/**
 * Replays commits (ascending, without gaps) to the state after the last one: from version 0, or on top of a checkpoint.
 * Throws `delta.no_metadata` when nothing says what the table is. `table` is its folder, for messages.
 */
export function replay(table: string, commits: readonly Commit[], checkpoint: Commit | null = null): Snapshot {
  const steps = checkpoint === null ? commits : [checkpoint, ...commits]
  const state = reconcile(
    table,
    steps.map(({ actions }) => actions),
  )
  const last = steps.at(-1)
  return {
    version: last?.version ?? 0,
    protocol: state.protocol,
    metaData: state.metaData,
    files: [...state.files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    transactions: new Map([...state.transactions.values()].map(({ appId, version }) => [appId, version])),
    userMetadata:
      last?.actions.flatMap((action) => ('commitInfo' in action ? [action.commitInfo.userMetadata] : []))[0] ?? null,
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
