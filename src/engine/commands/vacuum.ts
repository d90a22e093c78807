import {
  isHidden,
  planVacuum,
  planVacuumEnd,
  planVacuumStart,
  RETENTION_CHECK,
  type StoredFile,
  vacuumRetention,
} from '@/domain/delta/commands/plan-vacuum'
import type { TableCommand } from '@/domain/delta/commands/table-command'
import type { LogState } from '@/domain/delta/log-state'
import { type CommandContext, type CommandTable, checkTended, commandTable, commitCommand } from './command-table'
import { resultRow, resultRows } from './result-row'

type Vacuum = Extract<TableCommand, { kind: 'vacuum' }>

/** Databricks lists as many files of a dry run. */
const LISTED_FILES = 1000

/**
 * VACUUM: deletes the files in a table's folder that no version within the retention needs. Returns the query that gives its result:
 * the files, for a dry run. Throws `delta.retention_too_short`.
 */
export async function vacuum(context: CommandContext, command: Vacuum): Promise<string> {
  const table = await commandTable(context, command.table)
  checkTended(table)
  const { configuration } = table.snapshot.metaData
  const isChecked = (context.project.configuration[RETENTION_CHECK] ?? 'true').toLowerCase() !== 'false'
  const retention = vacuumRetention(table.name, configuration, command.retainHours, isChecked)
  const state = await context.deltaTables.logState(table.path)
  const stored = state === null ? [] : await storedFiles(context, table, state)
  const deleted = state === null ? [] : planVacuum(stored, state, retention, context.clock.now())
  if (command.dryRun) {
    const rows = deleted.slice(0, LISTED_FILES).map(({ path, size }) => ({ path: `${table.path}/${path}`, size }))
    return resultRows(rows, { path: '', size: 0 })
  }
  if (deleted.length > 0) {
    await commitCommand(context, table, {
      plan: (snapshot, commit) => planVacuumStart(snapshot, deleted, retention, commit),
      concerns: () => false,
    })
    await remove(context, table, deleted)
  }
  const bytes = deleted.reduce((sum, { size }) => sum + size, 0)
  return resultRow({ path: table.path, num_deleted_files: deleted.length, deleted_bytes: bytes })
}

async function remove(context: CommandContext, table: CommandTable, deleted: readonly StoredFile[]): Promise<void> {
  const folders = new Set(deleted.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1))).size
  let deletedFiles = 0
  try {
    for (const { path } of deleted) {
      await context.files.remove(`${table.path}/${path}`)
      deletedFiles += 1
    }
  } finally {
    const done = { deletedFiles, folders, isCompleted: deletedFiles === deleted.length }
    const now = await commandTable(context, table.name.split('.'))
    await commitCommand(context, now, {
      plan: (snapshot, commit) => planVacuumEnd(snapshot, done, commit),
      concerns: () => false,
    })
  }
}

/** The files in the table's folder that the current version does not have. */
async function storedFiles(
  { files }: CommandContext,
  { path }: CommandTable,
  { files: current }: LogState,
): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const name of await files.list(path)) {
    if (isHidden(name) || current.has(name)) continue
    const file = await files.open(`${path}/${name}`)
    stored.push({ path: name, size: file.size, modified: file instanceof File ? file.lastModified : null })
  }
  return stored
}
