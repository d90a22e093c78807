import { quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { AnalyzedQuery } from '@/engine/ports'
import type { SupersededRows } from './superseded'

/** DuckDB's row group: pieces of whole ones leave no half-filled one behind in the table that they go into. */
const ROW_GROUP_ROWS = 122_880
/** Rows of a large table that one statement works on; fewer cost time, more cost memory: they are uncompressed meanwhile. */
const PIECE_ROWS = 8 * ROW_GROUP_ROWS
/** Above so many rows the finished tables take so much of the memory that pieces must be smaller. */
const MANY_ROWS = 8_000_000
const SMALL_PIECE_ROWS = 4 * ROW_GROUP_ROWS

/**
 * The statements that together give a query's rows. Duplicate keys are left out by their row numbers instead of a window
 * over the whole table; and a query that maps each row of one table to a row of its own is cut along that table.
 */
export async function queryPieces(
  lakehouse: Lakehouse,
  superseded: SupersededRows,
  query: AnalyzedQuery,
): Promise<string[]> {
  const driver = query.latestPerKey.find(({ placeholder }) => placeholder === query.drivingPlaceholder)
  const rows = driver === undefined ? 0 : await rowNumbers(lakehouse, driver.table)
  const pieceRows = rows > MANY_ROWS ? SMALL_PIECE_ROWS : PIECE_ROWS
  if (driver === undefined || rows <= pieceRows) return [await reducedQuery(superseded, query)]
  const starts = Array.from({ length: Math.ceil(rows / pieceRows) }, (_, index) => index * pieceRows)
  return Promise.all(
    starts.map((start) =>
      reducedQuery(superseded, query, {
        placeholder: driver.placeholder,
        window: `rowid >= ${start} AND rowid < ${start + pieceRows}`,
      }),
    ),
  )
}

/** How far a table's row numbers go: rows that were deleted leave gaps, so that there may be fewer rows. */
async function rowNumbers(lakehouse: Lakehouse, table: string): Promise<number> {
  const [last] = await lakehouse.row(`SELECT max(rowid) FROM ${quoteName(table)}`)
  return last === null ? 0 : Number(last) + 1
}

/** The query with its reductions to the latest row per key done by row number, and one table cut to a window. */
export async function reducedQuery(
  superseded: SupersededRows,
  query: AnalyzedQuery,
  cut?: { placeholder: string; window: string },
): Promise<string> {
  if (query.reducedSql === null) return query.duckdbSql
  let text = query.reducedSql
  for (const latest of query.latestPerKey) {
    const condition = await superseded.condition(latest)
    const whole = cut?.placeholder === latest.placeholder ? `${cut.window} AND ${condition}` : condition
    text = text.replace(latest.placeholder, () => whole)
  }
  return text
}
