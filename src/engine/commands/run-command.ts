import type { TableCommand } from '@/domain/delta/commands/table-command'
import { GoldsmithError } from '@/domain/errors'
import { quoteLiteral } from '@/domain/sql/quote'
import { type CommandContext, type CommandTable, commandTable } from './command-table'
import { deleteRows } from './delete-rows'
import { optimize } from './optimize'
import { restore } from './restore'
import { vacuum } from './vacuum'

/** Commands that change what is stored; EXPLAIN only looks. */
export type ChangingCommand = Exclude<TableCommand, { kind: 'explain' }>

/**
 * Runs a command; `sql` is its text, for places. Returns the DuckDB query that gives its result. One at a time, and never while
 * the pipeline runs.
 */
export async function runCommand(context: CommandContext, command: ChangingCommand, sql: string): Promise<string> {
  switch (command.kind) {
    case 'optimize':
      return optimize(context, command, sql)
    case 'vacuum':
      return vacuum(context, command)
    case 'restore':
      return restore(context, command)
    case 'delete':
      return deleteRows(context, command, sql)
    case 'add constraint':
    case 'drop constraint':
      throw declaredElsewhere(await commandTable(context, command.table), command)
  }
}

/** What a table promises is said where it is defined; said elsewhere, the next run would not know of it. */
function declaredElsewhere(
  { name, dataset }: CommandTable,
  command: Extract<TableCommand, { kind: 'add constraint' | 'drop constraint' }>,
): GoldsmithError {
  const property = quoteLiteral(`delta.constraints.${command.name.toLowerCase()}`)
  const file = dataset?.name === name ? dataset.file : null
  const remedy =
    command.kind === 'add constraint'
      ? `Write TBLPROPERTIES (${property} = ${quoteLiteral(command.check)}) there, and run: every write is held to it.`
      : `Take ${property} out of TBLPROPERTIES there, and run.`
  return new GoldsmithError({
    code: 'sql.declared_elsewhere',
    message:
      file === null
        ? `${name} is not defined by a file of the pipeline: its constraints cannot be changed.`
        : `The constraints of ${name} are declared in ${file}, not by ALTER TABLE.`,
    remedy: file === null ? 'Declare constraints on datasets of the pipeline.' : remedy,
  })
}
