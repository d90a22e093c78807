import type { DuckDBConnection } from '@duckdb/node-api'
import { factCandidates } from './fact-sales'
import { type ReferenceOptions, referenceQueries } from './reference'

/**
 * The options with the lines that most references are made of computed once for all comparisons over this connection: over large inputs
 * that is most of their work.
 */
export async function withFactComputed(
  connection: DuckDBConnection,
  options: ReferenceOptions,
): Promise<ReferenceOptions> {
  const candidates = 'fact_candidates'
  await connection.run(`CREATE TEMP TABLE ${candidates} AS ${factCandidates(options)}`)
  return { ...options, candidates }
}

export interface TableComparison {
  rows: number
  /** Rows that only one side has. */
  onlyInTable: number
  onlyInReference: number
  /** Columns that only one side has, or with another type: `name TYPE`. */
  columns: string[]
}

/** Doubles differ in their last digits with the order in which they were computed; by more than this, they are not the same. */
const TOLERANCE = 1e-9

/**
 * Compares a built table with the reference of the same name: columns, types, and every row as often as it occurs. Columns of
 * type DOUBLE may differ by 1e-9 and by 1e-9 of their value, everything else must be equal.
 */
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
  const shared = theirs
    .filter((c) => ours.includes(c))
    .map((c) => ({ name: `"${c.split(' ')[0]}"`, type: c.split(' ')[1] }))
  const exact = shared.filter(({ type }) => type !== 'DOUBLE').map(({ name }) => name)
  const doubles = shared.filter(({ type }) => type === 'DOUBLE').map(({ name }) => name)
  const rows = (from: string) => `SELECT ${exact.join(', ')} FROM ${from}`
  const result = await connection.runAndReadAll(`SELECT
    (SELECT count(*) FROM ${table}) AS rows,
    (SELECT count(*) FROM (${rows(table)} EXCEPT ALL ${rows('expected')})) AS ours,
    (SELECT count(*) FROM (${rows('expected')} EXCEPT ALL ${rows(table)})) AS theirs`)
  const [count, onlyInTable, onlyInReference] = (result.getRows()[0] ?? []).map(Number)
  const unlike = doubles.length === 0 ? 0 : await rowsWithOtherDoubles(connection, table, exact, doubles)
  return {
    rows: count ?? Number.NaN,
    onlyInTable: (onlyInTable ?? Number.NaN) + unlike,
    onlyInReference: (onlyInReference ?? Number.NaN) + unlike,
    columns: differing,
  }
}

/** Rows whose exact columns agree with those of the reference and whose doubles do not. */
async function rowsWithOtherDoubles(
  connection: DuckDBConnection,
  table: string,
  exact: readonly string[],
  doubles: readonly string[],
): Promise<number> {
  const numbered = (from: string) =>
    `(SELECT *, row_number() OVER (PARTITION BY ${exact.join(', ')} ORDER BY ${doubles.join(', ')}) AS place FROM ${from})`
  const paired = [...exact, 'place'].map((name) => `a.${name} IS NOT DISTINCT FROM b.${name}`)
  const unlike = doubles.map(
    (name) => `(a.${name} IS DISTINCT FROM b.${name}
      AND abs(a.${name} - b.${name}) <= ${TOLERANCE} * greatest(1, abs(a.${name}), abs(b.${name})) IS NOT TRUE)`,
  )
  const result = await connection.runAndReadAll(`SELECT count(*) FROM ${numbered(table)} AS a
    JOIN ${numbered('expected')} AS b ON ${paired.join(' AND ')} WHERE ${unlike.join(' OR ')}`)
  return Number(result.getRows()[0]?.[0])
}

async function columns(connection: DuckDBConnection, table: string): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE ${table}`)
  return described.getRows().map(([name, type]) => `${name} ${type}`)
}
