import type { AddFile } from '@/domain/delta/actions'
import { planDelete } from '@/domain/delta/commands/plan-delete'
import type { TableCommand } from '@/domain/delta/commands/table-command'
import { couldMatch } from '@/domain/delta/scan/could-match'
import { fileBounds } from '@/domain/delta/scan/file-bounds'
import { planScan, rowsOf } from '@/domain/delta/scan/plan-scan'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { formatCommitMetadata, parseCommitMetadata } from '@/engine/gold/commit-metadata'
import { clusterColumnsOf } from '@/engine/run/commit-dataset'
import { type CommandContext, type CommandTable, checkTended, commandTable, commitCommand } from './command-table'
import { type TableCondition, tableCondition } from './condition'
import { filesMatching, isOnPartitions } from './matching-partitions'
import { resultRow } from './result-row'
import { Rewriter } from './rewriter'

type Delete = Extract<TableCommand, { kind: 'delete' }>

interface Deleted {
  removed: AddFile[]
  added: AddFile[]
  deletedRows: number
  copiedRows: number
}

/**
 * DELETE: takes the rows out of a streaming table, or of one that the engine keeps, for which the condition is TRUE. Files whose
 * statistics rule them out are not looked into; of the others, what stays is written again. Returns the query that gives
 * its result. Throws `sql.derived_table`, `delta.append_only`, `delta.conflict`.
 */
export async function deleteRows(context: CommandContext, command: Delete, sql: string): Promise<string> {
  const table = await commandTable(context, command.table)
  checkTended(table)
  refuseDerived(table)
  const alias = command.alias ?? table.name.split('.').at(-1) ?? ''
  const where = command.where && tableCondition(context, table, command.where, sql, command.alias)
  const rewriter = new Rewriter(context, table)
  try {
    const deleted = await search(context, table, where, alias, rewriter)
    if (deleted.removed.length > 0) {
      await commitCommand(context, table, {
        plan: (snapshot, commit) =>
          planDelete(
            table.name,
            snapshot,
            deleted,
            where?.text ?? null,
            commit,
            editedMetadata(snapshot.userMetadata, commit.newId()),
          ),
        concerns: (file) => where === null || couldMatch(where.predicate, fileBounds(file, scanned(table))),
        committed: rewriter.keep,
      })
    }
    return resultRow({ num_affected_rows: deleted.deletedRows })
  } finally {
    await rewriter.close()
  }
}

/** What the condition takes away of each file. */
async function search(
  context: CommandContext,
  table: CommandTable,
  where: TableCondition | null,
  alias: string,
  rewriter: Rewriter,
): Promise<Deleted> {
  const { files } = table.snapshot
  if (where === null || isOnPartitions(where, table)) {
    const removed = where === null ? files : await filesMatching(context.lakehouse, table, where, alias)
    return { removed, added: [], deletedRows: rowsOf(removed), copiedRows: 0 }
  }
  const deleted: Deleted = { removed: [], added: [], deletedRows: 0, copiedRows: 0 }
  const clusterBy = table.dataset === null ? [] : clusterColumnsOf(table.dataset)
  for (const file of planScan(files, scanned(table), where.predicate).read) {
    throwIfCanceled(context.signal)
    const { added, rows, kept } = await rewriter.without(file, where.duckdbSql, alias, clusterBy)
    if (kept === rows) continue
    deleted.removed.push(file)
    deleted.added.push(...added)
    deleted.deletedRows += rows - kept
    deleted.copiedRows += kept
  }
  return deleted
}

/** What a version was built from, and that rows of it were deleted since: whatever reads the table has to follow. */
function editedMetadata(userMetadata: string | null, edited: string): string | null {
  const metadata = parseCommitMetadata(userMetadata)
  return metadata === null ? userMetadata : formatCommitMetadata({ ...metadata, edited })
}

/** Rows that follow from a query come back with the next run. */
function refuseDerived({ name, dataset }: CommandTable): void {
  if (dataset === null || (dataset.kind === 'streaming_table' && dataset.name === name)) return
  const isQuarantine = dataset.name !== name
  throw new GoldsmithError({
    code: 'sql.derived_table',
    message: isQuarantine
      ? `The rows of ${name} are those that the expectations of ${dataset.name} hold back: they cannot be deleted.`
      : `The rows of ${name} follow from its query: they cannot be deleted, and would come back with the next run.`,
    remedy: isQuarantine
      ? 'Correct the rows in Silver, or the expectations, and run.'
      : `Add the condition to the query in ${dataset.file}, or delete the rows in Silver, and run.`,
  })
}

function scanned({ columns, snapshot }: CommandTable) {
  return { columns, partitionColumns: snapshot.metaData.partitionColumns }
}
