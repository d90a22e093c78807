import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'

export interface MergeRequest {
  /** The table whose rows change, and the one with the rows that arrive; both have exactly these columns. */
  table: string
  batch: string
  columns: readonly string[]
  /** By which rows are the same thing. */
  key: readonly string[]
  /** Columns that tell newer rows from older ones, the first one first; NULL is oldest. */
  sequence: readonly string[]
  /** True when all rows of a key stay, as events; else only of a key that has several rows already. */
  keepsHistory: boolean
  /** The name of the change set's table; the caller drops it. */
  changes: string
  signal: AbortSignal
}

/**
 * Finds out what a batch of changes does to a table, hands that to `work`, which may change the table by `apply`, and forgets it.
 * An arriving row takes the place of the table's rows with its key unless one of them is newer; where both are as new the arriving
 * one counts. A row with a NULL in its key is a thing of its own. Rows that the table has already, in all columns, do not arrive
 * again, so that a batch may come twice.
 */
export async function mergeChanges<T>(
  lakehouse: Lakehouse,
  request: MergeRequest,
  work: (merge: { changes: ChangeSet; apply: () => Promise<void> }) => Promise<T>,
): Promise<T> {
  const { table, batch, columns, key, sequence, keepsHistory, changes, signal } = request
  const aliases = new Map(columns.map((name, index) => [name.toLowerCase(), `c${index}`]))
  // Aliases keep the names of columns apart from those of what is noted of each row.
  const aliased = columns.map((name, index) => `${quoteIdentifier(name)} AS c${index}`).join(', ')
  const named = columns.map((name, index) => `c${index} AS ${quoteIdentifier(name)}`).join(', ')
  const all = columns.map((_, index) => `c${index}`).join(', ')
  const keys = key.map((name) => aliases.get(name.toLowerCase()) ?? '')
  const newest = sequence.map((name) => `${aliases.get(name.toLowerCase()) ?? ''} DESC NULLS LAST`)
  const sameKey = key.map((name) => `t.${quoteIdentifier(name)} IS NOT DISTINCT FROM b.${quoteIdentifier(name)}`)
  const rank = `rank() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${[...newest, 'old_row IS NULL DESC'].join(', ')})`
  const isEvent = [
    ...keys.map((column) => `${column} IS NULL`),
    `count(old_row) OVER (PARTITION BY ${keys.join(', ')}) > 1`,
  ]
  const place = keepsHistory ? '1' : `CASE WHEN ${isEvent.join(' OR ')} THEN 1 ELSE ${rank} END`
  const candidates = `SELECT ${all}, old_row, ${place} AS place FROM (
      SELECT ${aliased}, t.rowid AS old_row FROM ${quoteName(table)} AS t SEMI JOIN ${quoteName(batch)} AS b ON ${sameKey.join(' AND ')}
      UNION ALL SELECT ${aliased}, NULL FROM ${quoteName(batch)})`
  return lakehouse.stagedQuery(candidates, signal, async (ranked) => {
    const rows = (of: 'old' | 'new', where: string) =>
      `SELECT ${all} FROM ${ranked} WHERE old_row IS ${of === 'old' ? 'NOT NULL' : 'NULL'} AND place ${where}`
    const arriving = `(${rows('new', '= 1')}) EXCEPT ALL (${rows('old', '= 1')})`
    const leaving = rows('old', '> 1')
    return lakehouse.stagedQuery(arriving, signal, async (arrived) => {
      const only = (those: string, others: string, type: string) =>
        `SELECT ${named}, '${type}' AS ${CHANGE_TYPE} FROM ((${those}) EXCEPT ALL (${others}))`
      const came = `SELECT ${all} FROM ${arrived}`
      await lakehouse.database.runCancellable(
        `CREATE TABLE ${quoteName(changes)} AS ${only(came, leaving, 'insert')} UNION ALL ${only(leaving, came, 'delete')}`,
        signal,
      )
      const inserted = await lakehouse.count(changes, `${CHANGE_TYPE} = 'insert'`)
      const deleted = (await lakehouse.count(changes)) - inserted
      const apply = async () => {
        await lakehouse.database.run(
          `DELETE FROM ${quoteName(table)} WHERE rowid IN (SELECT old_row FROM ${ranked} WHERE old_row IS NOT NULL AND place > 1)`,
        )
        await lakehouse.database.run(`INSERT INTO ${quoteName(table)} SELECT ${named} FROM ${arrived}`)
      }
      return work({ changes: { table: changes, inserted, deleted }, apply })
    })
  })
}
