import type { DuckDBConnection } from '@duckdb/node-api'
import { type ReferenceOptions, referenceQueries } from './reference'

export interface TableComparison {
  rows: number
  /** Rows that only one side has. */
  onlyInTable: number
  onlyInReference: number
  /** Columns that only one side has, or with another type: `name TYPE`. */
  columns: string[]
}

/** Compares a built table with the reference of the same name: columns, types, and every row as often as it occurs. */
export async function compareWithReference(
  connection: DuckDBConnection,
  table: string,
  options: ReferenceOptions,
): Promise<TableComparison> {
  const query = referenceQueries(options)[table]
  if (query === undefined) throw new Error(`There is no reference for ${table}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE expected AS ${query}`)
  const ours = await columns(connection, table)
  const theirs = await columns(connection, 'expected')
  const differing = [...ours.filter((c) => !theirs.includes(c)), ...theirs.filter((c) => !ours.includes(c))]
  const shared = theirs.filter((c) => ours.includes(c)).map((c) => `"${c.split(' ')[0]}"`)
  const rows = (from: string) => `SELECT ${shared.join(', ')} FROM ${from}`
  const result = await connection.runAndReadAll(`SELECT
    (SELECT count(*) FROM ${table}) AS rows,
    (SELECT count(*) FROM (${rows(table)} EXCEPT ALL ${rows('expected')})) AS ours,
    (SELECT count(*) FROM (${rows('expected')} EXCEPT ALL ${rows(table)})) AS theirs`)
  const [count, onlyInTable, onlyInReference] = (result.getRows()[0] ?? []).map(Number)
  return {
    rows: count ?? Number.NaN,
    onlyInTable: onlyInTable ?? Number.NaN,
    onlyInReference: onlyInReference ?? Number.NaN,
    columns: differing,
  }
}

async function columns(connection: DuckDBConnection, table: string): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE ${table}`)
  return described.getRows().map(([name, type]) => `${name} ${type}`)
}
