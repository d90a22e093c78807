import { GoldsmithError } from '@/domain/errors'
import type { Action, AddFile, MetaData, Protocol, RemoveFile, Transaction } from './actions'
import { dataFilePath } from './paths'

/** What is left of a log's actions when each one has cancelled those before it (PROTOCOL.md, “Action Reconciliation”). */
export interface LogState {
  protocol: Protocol
  metaData: MetaData
  /** Files whose rows are the table, by decoded path. */
  files: ReadonlyMap<string, AddFile>
  /** Files that were removed and not added again, by decoded path. */
  tombstones: ReadonlyMap<string, RemoveFile>
  /** The latest of each application, by appId. */
  transactions: ReadonlyMap<string, Transaction>
}

/**
 * Replays the actions of a checkpoint or of commits, oldest first.
 * Throws `delta.no_metadata` when nothing says what the table is. `table` is its folder, for messages.
 */
export function reconcile(table: string, steps: Iterable<readonly Action[]>): LogState {
  let protocol: Protocol | null = null
  let metaData: MetaData | null = null
  const files = new Map<string, AddFile>()
  const tombstones = new Map<string, RemoveFile>()
  const transactions = new Map<string, Transaction>()
  for (const actions of steps) {
    // Actions of one commit have no order among themselves: a path that it both removes and adds is in the table.
    for (const action of actions) {
      if (!('remove' in action)) continue
      const path = dataFilePath(action.remove.path)
      files.delete(path)
      tombstones.set(path, action.remove)
    }
    for (const action of actions) {
      if ('add' in action) {
        const path = dataFilePath(action.add.path)
        files.set(path, action.add)
        tombstones.delete(path)
      } else if ('metaData' in action) metaData = action.metaData
      else if ('protocol' in action) protocol = action.protocol
      else if ('txn' in action) transactions.set(action.txn.appId, action.txn)
    }
  }
  if (protocol !== null && metaData !== null) return { protocol, metaData, files, tombstones, transactions }
  throw new GoldsmithError({
    code: 'delta.no_metadata',
    message: `The log of the Delta table “${table}” has no ${protocol === null ? 'protocol' : 'metaData'} action.`,
    remedy: 'The first entries of its _delta_log are missing or damaged: restore them, or rebuild the table.',
    file: table,
  })
}
