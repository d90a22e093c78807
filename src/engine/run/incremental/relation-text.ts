import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import type { LatestPerKey, QueryFlow } from '@/engine/ports'
import type { SupersededRows } from '@/engine/run/superseded'

/**
 * The text of a flow with relations for its placeholders: those of `replaced`, else the tables themselves. `latest` gives the
 * condition for a placeholder of QUALIFY.
 */
export function fillRelations(
  sql: string,
  { inputs, latestPerKey }: Pick<QueryFlow, 'inputs' | 'latestPerKey'>,
  replaced: ReadonlyMap<string, string>,
  latest: ReadonlyMap<string, string>,
): string {
  const texts = new Map([
    ...inputs.map(({ placeholder, table }) => [placeholder, replaced.get(placeholder) ?? quoteName(table)] as const),
    ...latestPerKey.map(({ placeholder }) => [placeholder, latest.get(placeholder) ?? 'TRUE'] as const),
  ])
  // In one pass: what is put in must not be looked at again.
  return sql.replaceAll(/"__(?:input|latest)_\d+"/g, (found) => texts.get(found) ?? found)
}

/** The conditions that stand for QUALIFY, by placeholder: for all of them but one, whose rows are chosen otherwise. */
export async function latestConditions(
  superseded: SupersededRows,
  all: readonly LatestPerKey[],
  except?: LatestPerKey | null,
): Promise<Map<string, string>> {
  const conditions = new Map<string, string>()
  for (const latest of all) {
    if (latest.placeholder === except?.placeholder) continue
    conditions.set(latest.placeholder, await superseded.condition(latest))
  }
  return conditions
}

/** The rows of a change set as a relation without the column that says what became of them. */
export function changedRows({ table }: ChangeSet, type?: 'insert' | 'delete'): string {
  const where = type === undefined ? '' : ` WHERE ${CHANGE_TYPE} = '${type}'`
  return `(SELECT * EXCLUDE (${CHANGE_TYPE}) FROM ${quoteName(table)}${where})`
}

/**
 * A condition that is true where the columns of two relations are equal, NULLs included. Where one side has none, a plain `=` says the
 * same, and lets the engine leave out what lies outside the other side's bounds.
 */
export function sameValues(
  left: string,
  right: string,
  columns: readonly { left: string; right: string }[],
  hasNulls = true,
): string {
  const operator = hasNulls ? 'IS NOT DISTINCT FROM' : '='
  return columns
    .map((column) => `${left}.${quoteIdentifier(column.left)} ${operator} ${right}.${quoteIdentifier(column.right)}`)
    .join(' AND ')
}
