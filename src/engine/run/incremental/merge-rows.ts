import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'
import { sameValues } from './relation-text'
import { countChanges } from './table-changes'

/** Holds row numbers beside a table's own columns. */
export const ROW_ID = '__row_id'

export interface MergeRequest {
  /**
   * The rows that are there for the keys in question, with their row numbers as `__row_id`, which must stay until the merge is
   * carried out.
   */
  there: string
  /** All rows that there shall be for these keys. */
  rows: string
  keyColumns: readonly string[]
  columns: readonly string[]
}

/** What makes the table that is there the one that shall be. */
export interface RowMerge {
  /** Rows that go and rows that come; rows that stay the same are not among them. */
  changes: ChangeSet
  /** Row numbers, as `row_id`, of the rows that go. */
  gone: string
  /** Row numbers in `rows`, as `row_id`, of the rows that come. */
  come: string
  /** Rows: of keys that were not there, of keys that stay, of keys that are not there any more. */
  inserted: number
  updated: number
  deleted: number
}

/**
 * Compares the rows that are there for the keys with those that shall be, as multisets. Rows are told apart by a hash of all their
 * columns, among rows of one key.
 */
export async function mergeRows(
  lakehouse: Lakehouse,
  { there, rows, keyColumns, columns }: MergeRequest,
  newTable: () => string,
): Promise<RowMerge> {
  const names = columns.map(quoteIdentifier).join(', ')
  const keyNames = keyColumns.map(quoteIdentifier).join(', ')
  const equal = (left: string, right: string, more: readonly string[] = []) =>
    sameValues(
      left,
      right,
      [...keyColumns, ...more].map((column) => ({ left: column, right: column })),
    )
  const numbered = (table: string, rowId: string) =>
    `SELECT *, row_number() OVER (PARTITION BY ${keyNames}, hash_of_row) AS place
     FROM (SELECT ${rowId} AS row_id, ${keyNames}, hash(${names}) AS hash_of_row FROM ${quoteName(table)})`
  const create = async (query: string): Promise<string> => {
    const table = newTable()
    await lakehouse.database.run(`CREATE TABLE ${quoteName(table)} AS ${query}`)
    return table
  }
  const without = (one: string, other: string) =>
    `SELECT one.* FROM ${quoteName(one)} AS one
     ANTI JOIN ${quoteName(other)} AS other ON ${equal('one', 'other', ['hash_of_row', 'place'])}`
  const present = await create(numbered(there, ROW_ID))
  const wanted = await create(numbered(rows, 'rowid'))
  const gone = await create(without(present, wanted))
  const come = await create(without(wanted, present))
  const images = (table: string, rowId: string, chosen: string, type: string) =>
    `SELECT ${names}, '${type}' AS ${CHANGE_TYPE} FROM ${quoteName(table)}
     WHERE ${rowId} IN (SELECT row_id FROM ${quoteName(chosen)})`
  const changes = await create(
    `${images(there, ROW_ID, gone, 'delete')} UNION ALL ${images(rows, 'rowid', come, 'insert')}`,
  )
  const count = async (kind: 'SEMI' | 'ANTI', one: string, other: string): Promise<number> => {
    const [found] = await lakehouse.row(
      `SELECT count(*) FROM ${quoteName(one)} AS one ${kind} JOIN ${quoteName(other)} AS other ON ${equal('one', 'other')}`,
    )
    return Number(found)
  }
  return {
    changes: await countChanges(lakehouse, changes),
    gone,
    come,
    inserted: await count('ANTI', come, present),
    updated: await count('SEMI', come, present),
    deleted: await count('ANTI', gone, wanted),
  }
}
