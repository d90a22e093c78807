import { GoldsmithError } from '@/domain/errors'
import type { ColumnConstant, ColumnRead } from '@/domain/silver/column-plan'
import { shorten } from '@/domain/silver/shorten'
import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'

/** Which rows of which file are staged. */
export interface RowPlace {
  file: string
  /** 0-based. */
  rowGroup: number
  /** Rows of the file before the staged ones. */
  firstRow: number
}

/** The expression that turns a staged column into the contract's type. Raises when it cannot. */
export function converted(read: ColumnRead, stagedType: string | undefined): string {
  const column = quoteIdentifier(read.fileName)
  const value = isBytesOfText(read, stagedType) ? `decode(${column})` : `CAST(${column} AS ${read.type})`
  return `${value} AS ${quoteIdentifier(read.name)}`
}

/** Text with one of Parquet's lesser annotations is decoded to bytes; a cast would spell out those that are not ASCII. */
function isBytesOfText(read: ColumnRead, stagedType: string | undefined): boolean {
  return stagedType === 'BLOB' && read.type === 'VARCHAR'
}

/**
 * Checks that every staged value survives its conversion: cast there and back, it must be itself.
 * Returns the staged columns' types. Rejects with `source.value` that names file, row, column and the first offending value.
 */
export async function checkConversions(
  lakehouse: Lakehouse,
  staged: string,
  place: RowPlace,
  reads: readonly ColumnRead[],
): Promise<Map<string, string>> {
  const types = new Map((await lakehouse.describe(`SELECT * FROM ${staged}`)).map(({ name, type }) => [name, type]))
  const risky = reads.filter((read) => types.get(read.fileName) !== read.type)
  if (risky.length === 0) return types
  const tests = risky.map((read) => `bool_or(${isLossy(read, types.get(read.fileName) ?? read.fileType)})`)
  const found = await lakehouse.row(`SELECT ${tests.join(', ')} FROM ${staged}`)
  const index = found.indexOf(true)
  const bad = risky[index]
  if (bad === undefined) return types
  const column = quoteIdentifier(bad.fileName)
  const [value, row] = await lakehouse.row(
    `SELECT CAST(${column} AS VARCHAR), rowid FROM ${staged} WHERE ${isLossy(bad, types.get(bad.fileName) ?? bad.fileType)} ORDER BY rowid LIMIT 1`,
  )
  throw new GoldsmithError({
    code: 'source.value',
    message: `${place.file}: row ${place.firstRow + Number(row) + 1} (row group ${place.rowGroup + 1}): column ${bad.fileName} holds ${shorten(String(value))}, which ${bad.type} cannot hold without loss.`,
    remedy:
      bad.fileType === 'TIMESTAMP_NS'
        ? 'Write the column with microseconds: nanoseconds are cut, and hold no time before 1677 or after 2262.'
        : `Correct the value, or write the column as ${bad.type} where the file is made.`,
    file: place.file,
  })
}

function isLossy(read: ColumnRead, stagedType: string): string {
  const column = quoteIdentifier(read.fileName)
  if (isBytesOfText(read, stagedType)) return `(${column} IS NOT NULL AND TRY(decode(${column})) IS NULL)`
  return changesByCast(column, stagedType, read.type)
}

/** The condition that a value of one type does not come back from a cast to the other as what it was. */
function changesByCast(value: string, from: string, to: string): string {
  const there = `TRY_CAST(${value} AS ${to})`
  return `(${value} IS NOT NULL AND (${there} IS NULL OR TRY_CAST(${there} AS ${from}) IS DISTINCT FROM ${value}))`
}

/** The expression of a column that has one value in the whole file, in the contract's type. */
export function constantSql({ name, type, value, declaredType }: ColumnConstant): string {
  const declared = `CAST(${value === null ? 'NULL' : quoteLiteral(value)} AS ${declaredType})`
  return `CAST(${declared} AS ${type}) AS ${quoteIdentifier(name)}`
}

/** Rejects with `source.value` that names file and column when the contract's type cannot hold one of the values as it is. */
export async function checkConstants(
  lakehouse: Lakehouse,
  file: string,
  constants: readonly ColumnConstant[],
): Promise<void> {
  const risky = constants.filter(({ value, type, declaredType }) => value !== null && type !== declaredType)
  if (risky.length === 0) return
  const tests = risky.map(({ value, type, declaredType }) => {
    const text = quoteLiteral(value ?? '')
    const isNone = `TRY_CAST(${text} AS ${declaredType}) IS NULL`
    return `coalesce(${isNone} OR ${changesByCast(`TRY_CAST(${text} AS ${declaredType})`, declaredType, type)}, FALSE)`
  })
  const bad = risky[(await lakehouse.row(`SELECT ${tests.join(', ')}`)).indexOf(true)]
  if (bad === undefined) return
  throw new GoldsmithError({
    code: 'source.value',
    message: `${file}: the log gives its partition column ${bad.name} the value ${shorten(String(bad.value))}, which ${bad.type} cannot hold without loss.`,
    remedy: `Correct the value, or write the column as ${bad.type} where the table is made.`,
    file,
  })
}
