import type { DatasetReport } from '@/domain/automation'
import { formatPartitionValue } from '@/domain/delta/partition-values'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { GoldTable } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import { type BuildContext, type BuiltTable, buildTable, type TableBlueprint } from '@/engine/run/build-table'
import { datasetSelect } from '@/engine/run/dataset-select'
import { judge } from '@/engine/run/judge'
import type { Affected } from './affected'
import { mergeRows, ROW_ID, type RowMerge } from './merge-rows'
import { sameValues } from './relation-text'

export interface RefreshRequest {
  blueprint: TableBlueprint
  /** The version that is there, resident. */
  present: GoldTable
  /** Its quarantine, resident; null when the dataset has none. */
  quarantine: GoldTable | null
  affected: Affected
  /** Columns by which the affected rows are told apart. */
  keyColumns: readonly string[]
  newTable: () => string
}

/** One table of a dataset that becomes another one. */
export interface RefreshedTable {
  name: string
  /** The rows of all files that are to be written. */
  table: string
  rows: number
  merge: RowMerge
  /** Serialised values of the partitions whose files are replaced; null for those of all. */
  partitions: (string | null)[][] | null
  /** What makes the resident rows the new ones. */
  statements: string[]
}

export interface Refreshed {
  /** Columns by which rows were matched. */
  keyColumns: readonly string[]
  table: RefreshedTable
  quarantine: RefreshedTable | null
  /** Over all rows of the dataset, as a full rebuild would find them. */
  expectations: DatasetReport['expectations']
  rowsDropped: number
}

/**
 * Computes the affected rows, with all checks of a full build, and what they change. Nothing that is there is touched; tables
 * that are left behind are of `newTable`. Throws what `buildTable` throws.
 */
export async function refreshTable(context: BuildContext, request: RefreshRequest): Promise<Refreshed> {
  const { lakehouse } = context
  const { blueprint, present, quarantine, affected, keyColumns } = request
  const built = await buildTable(context, blueprint, { pieces: [affected.query] })
  try {
    const there = await affectedNow(lakehouse, request, present)
    const heldNow = quarantine && (await affectedNow(lakehouse, request, quarantine))
    const before = await judgeRows(lakehouse, request, heldNow === null ? [there] : [there, heldNow])
    const columns = present.columns.map(({ name }) => name)
    const table = await refreshed(lakehouse, request, present, there, built, columns)
    // A row that stays is not told anew which update held it back.
    const held =
      quarantine && heldNow && built.quarantine
        ? await refreshed(lakehouse, request, quarantine, heldNow, built.quarantine, [
            ...columns,
            '_failed_expectations',
          ])
        : null
    const known = present.metadata?.expectations ?? []
    const expectations = built.expectations.map((expectation, index) => ({
      ...expectation,
      passed: (known[index]?.passed ?? 0) - (before[index]?.passed ?? 0) + expectation.passed,
      failed: (known[index]?.failed ?? 0) - (before[index]?.failed ?? 0) + expectation.failed,
    }))
    const rowsDropped =
      held === null ? 0 : (quarantine?.rows ?? 0) + held.merge.changes.inserted - held.merge.changes.deleted
    return { keyColumns, table, quarantine: held, expectations, rowsDropped }
  } finally {
    await lakehouse.drop(built.table)
    if (built.quarantine) await lakehouse.drop(built.quarantine.table)
  }
}

/** The rows of a table that are recomputed, as they are now, with their row numbers: what is looked at several times. */
async function affectedNow(
  lakehouse: Lakehouse,
  { affected, keyColumns, newTable }: RefreshRequest,
  { name }: GoldTable,
): Promise<string> {
  const there = newTable()
  const same = sameValues(
    't',
    'affected',
    keyColumns.map((column) => ({ left: column, right: column })),
    affected.hasNulls,
  )
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(there)} AS SELECT t.rowid AS ${ROW_ID}, t.* FROM ${quoteName(name)} AS t
     SEMI JOIN ${quoteName(affected.keys)} AS affected ON ${same}`,
  )
  return there
}

/** What the expectations found in these rows, kept and quarantined ones. */
async function judgeRows(
  lakehouse: Lakehouse,
  { blueprint, present }: RefreshRequest,
  tables: readonly string[],
): Promise<{ passed: number; failed: number }[]> {
  if (blueprint.expectations.length === 0) return []
  const names = present.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const rows = tables.map((table) => `SELECT ${names} FROM ${quoteName(table)}`)
  const columns = present.columns.map(({ name }) => ({ name, type: null, generatedSql: null }))
  const judged = datasetSelect(rows.join(' UNION ALL '), columns, blueprint.expectations)
  return (await judge(lakehouse, `(${judged}) AS judged`, blueprint.expectations)).expectations
}

async function refreshed(
  lakehouse: Lakehouse,
  { keyColumns, newTable }: RefreshRequest,
  present: GoldTable,
  there: string,
  rows: Pick<BuiltTable, 'table'>,
  compared: readonly string[],
): Promise<RefreshedTable> {
  const { name } = present
  const merge = await mergeRows(lakehouse, { there, rows: rows.table, keyColumns, columns: compared }, newTable)
  const columns = present.columns.map((column) => quoteIdentifier(column.name)).join(', ')
  const arriving = newTable()
  const table = newTable()
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(arriving)} AS SELECT ${columns} FROM ${quoteName(rows.table)}
     WHERE rowid IN (SELECT row_id FROM ${quoteName(merge.come)})`,
  )
  const isSame = merge.changes.inserted + merge.changes.deleted === 0
  const keep = isSame ? 'FALSE' : `t.rowid NOT IN (SELECT row_id FROM ${quoteName(merge.gone)})`
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(table)} AS
     SELECT ${columns} FROM ${quoteName(name)} AS t ${inChangedPartitions(present, merge)} WHERE ${keep}`,
  )
  await lakehouse.database.run(`INSERT INTO ${quoteName(table)} SELECT ${columns} FROM ${quoteName(arriving)}`)
  return {
    name,
    table,
    rows: await lakehouse.count(table),
    merge,
    partitions: isSame ? [] : await changedPartitions(lakehouse, present, merge),
    statements: [
      `DELETE FROM ${quoteName(name)} WHERE rowid IN (SELECT row_id FROM ${quoteName(merge.gone)})`,
      `INSERT INTO ${quoteName(name)} SELECT ${columns} FROM ${quoteName(arriving)}`,
    ],
  }
}

/** Leaves of a table, called t, only the partitions in which rows go or come; everything where there are no partitions. */
function inChangedPartitions({ columns, snapshot }: GoldTable, { changes }: RowMerge): string {
  const { partitionColumns } = snapshot.metaData
  if (partitionColumns.length === 0) return ''
  const same = partitionColumns.map(
    (column) =>
      `${partitionKey(column, columns, 't.')} IS NOT DISTINCT FROM ${partitionKey(column, columns, 'changed.')}`,
  )
  return `SEMI JOIN ${quoteName(changes.table)} AS changed ON ${same.join(' AND ')}`
}

async function changedPartitions(
  lakehouse: Lakehouse,
  { columns, snapshot }: GoldTable,
  { changes }: RowMerge,
): Promise<(string | null)[][] | null> {
  const { partitionColumns } = snapshot.metaData
  if (partitionColumns.length === 0) return null
  const keys = partitionColumns.map((column) => partitionKey(column, columns, ''))
  const found = await lakehouse.rows(`SELECT DISTINCT ${keys.join(', ')} FROM ${quoteName(changes.table)}`)
  return found.map((values) =>
    values.map((value, index) => formatPartitionValue(value, typeOf(partitionColumns[index] ?? '', columns))),
  )
}

/** Delta does not tell an empty text from NULL in a partition's values: rows with either are in the same files. */
function partitionKey(column: string, columns: GoldTable['columns'], prefix: string): string {
  const name = `${prefix}${quoteIdentifier(column)}`
  return typeOf(column, columns) === 'VARCHAR' ? `nullif(${name}, '')` : name
}

function typeOf(column: string, columns: GoldTable['columns']): string {
  return columns.find(({ name }) => name === column)?.type ?? 'VARCHAR'
}
