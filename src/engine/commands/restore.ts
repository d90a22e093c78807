import { planRestore, restoreChange, restoreMetrics } from '@/domain/delta/commands/plan-restore'
import type { TableCommand } from '@/domain/delta/commands/table-command'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { snapshotAt } from '@/engine/gold/moments'
import { type CommandContext, type CommandTable, checkTended, commandTable, commitCommand } from './command-table'
import { resultRow } from './result-row'

type Restore = Extract<TableCommand, { kind: 'restore' }>

/**
 * RESTORE: makes a table what it was, as a new version. The next run of the pipeline sees from what that version was built, and
 * builds it again when its inputs or its definition are other ones now. Returns the query that gives its result. Throws
 * `delta.unknown_version`, `delta.missing_file`, `delta.conflict`.
 */
export async function restore(context: CommandContext, { table: parts, moment }: Restore): Promise<string> {
  const table = await commandTable(context, parts)
  checkTended(table)
  const target = await snapshotAt(context.deltaTables, table.path, moment)
  const change = restoreChange(table.snapshot, target)
  for (const file of change.restored) await requireFile(context, table, file, target.version)
  await commitCommand(context, table, {
    plan: (snapshot, commit) => planRestore(table.name, snapshot, target, moment, commit),
    concerns: () => true,
  })
  const metrics = Object.entries(restoreMetrics(target, change))
  return resultRow(Object.fromEntries(metrics.map(([name, value]) => [RESULT_COLUMNS[name] ?? name, value])))
}

/** Databricks names the same numbers otherwise in the result than in the log. */
const RESULT_COLUMNS: Readonly<Record<string, string>> = {
  tableSizeAfterRestore: 'table_size_after_restore',
  numOfFilesAfterRestore: 'num_of_files_after_restore',
  numRemovedFiles: 'num_removed_files',
  numRestoredFiles: 'num_restored_files',
  removedFilesSize: 'removed_files_size',
  restoredFilesSize: 'restored_files_size',
}

async function requireFile(
  { deltaTables }: CommandContext,
  { name, path }: CommandTable,
  file: { path: string; size: number },
  version: number,
): Promise<void> {
  const missing = (why: string) =>
    new GoldsmithError({
      code: 'delta.missing_file',
      message: `${name} cannot be restored to version ${version}: its data file “${file.path}” ${why}.`,
      remedy: 'VACUUM deletes files of old versions. Restore a later version, or run the pipeline with a full refresh.',
      file: `${path}/${file.path}`,
    })
  try {
    const { size } = await deltaTables.openPart(path, file)
    if (size !== file.size) throw missing(`has ${size} bytes and not ${file.size}`)
  } catch (error) {
    if (toErrorData(error).code === 'storage.missing') throw missing('is not in storage any more')
    throw error
  }
}
