/**
 * Z-order: rows sorted along a space-filling curve (Morton, 1966), so that rows near each other in several columns at once lie near
 * each other in the file, and each row group spans little of every one of these columns.
 */
import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'

export interface ClusterColumn {
  name: string
  /** DuckDB's type. */
  type: string
}

/** Between which values a column lies: two positions of a number line, or texts that cut the rows into parts of equal size. */
export type ColumnBounds = { min: number; max: number } | { texts: readonly string[] }

/** A column that a curve goes through, and between which values. */
export interface CurveColumn {
  name: string
  bounds: ColumnBounds
}

/** Bits of a place along the curve, which is a signed 32-bit integer. */
const CURVE_BITS = 30
const MOST_BITS = 8
/** Cuts of a text column; one fewer than the parts between them. */
const TEXT_CUTS = 15

/** Whether values of the type have an order that a curve can follow. */
export function isClusterable(type: string): boolean {
  return type === 'VARCHAR' || position('', type) !== null
}

/** Aggregates of DuckDB SQL that give the column's bounds, to be read by `columnBounds`. */
export function boundsSql({ name, type }: ClusterColumn): string[] {
  const column = quoteIdentifier(name)
  if (type !== 'VARCHAR') {
    const at = position(column, type)
    return [`min(${at})::DOUBLE`, `max(${at})::DOUBLE`]
  }
  const cuts = Array.from({ length: TEXT_CUTS }, (_, index) => (index + 1) / (TEXT_CUTS + 1))
  return [`array_to_string(list_distinct(quantile_disc(left(${column}, 64), [${cuts.join(', ')}])), chr(1))`]
}

/** How many values `boundsSql` has. */
export function boundsWidth({ type }: ClusterColumn): number {
  return type === 'VARCHAR' ? 1 : 2
}

/** The bounds from the values of `boundsSql`; null when the column tells nothing apart: one value, only NULL, NaN, infinity. */
export function columnBounds({ type }: ClusterColumn, values: readonly unknown[]): ColumnBounds | null {
  if (type === 'VARCHAR') {
    const [text] = values
    return typeof text === 'string' && text !== '' ? { texts: text.split('\u0001').sort() } : null
  }
  const [min, max] = values.map((value) => (value === null ? Number.NaN : Number(value)))
  if (min === undefined || max === undefined || !Number.isFinite(min) || !Number.isFinite(max) || max <= min)
    return null
  return { min, max }
}

/**
 * DuckDB SQL of a row's place along the curve through the columns, a number of up to 30 bits: bit 0 is the lowest of the first.
 * Columns without bounds are left out; null when nothing is left.
 */
export function zOrderSql(columns: readonly { column: ClusterColumn; bounds: ColumnBounds | null }[]): string | null {
  const useful = columns.flatMap(({ column, bounds }) => (bounds === null ? [] : [{ column, bounds }]))
  if (useful.length === 0) return null
  const bits = curveBits(useful.length)
  const terms = useful.flatMap(({ column, bounds }, index) => {
    const bucket = bucketSql(column, bounds, bits)
    return Array.from({ length: bits }, (_, bit) => {
      const shift = bit * useful.length + index
      return `(((${bucket}) >> ${bit}) & 1) << ${shift}`
    }).map((term) => `(${term})`)
  })
  return terms.join(' | ')
}

/** Bits that each of so many columns has in a place along the curve. */
export function curveBits(columns: number): number {
  return Math.min(columns === 1 ? CURVE_BITS / 2 : MOST_BITS, Math.floor(CURVE_BITS / columns))
}

/** A whole number of `bits` bits that does not fall where the column rises; NULL is lowest. */
export function bucketSql({ name, type }: ClusterColumn, bounds: ColumnBounds, bits: number): string {
  const column = quoteIdentifier(name)
  const last = 2 ** bits - 1
  if ('texts' in bounds) {
    // Spread over all bits, so that texts cut as early as numbers do.
    const step = Math.floor(last / Math.max(1, bounds.texts.length))
    const passed = bounds.texts.map((text) => `(${column} >= ${quoteLiteral(text)})::INTEGER`)
    return `coalesce(${step} * (${passed.join(' + ')}), 0)`
  }
  const share = `(${position(column, type)}::DOUBLE - ${number(bounds.min)}) * ${number((last + 1) / (bounds.max - bounds.min))}`
  // Not coalesce around it: the least of a number and NULL is the number.
  return `CASE WHEN ${column} IS NULL THEN 0 ELSE greatest(0, least(${last}, floor(${share})))::INTEGER END`
}

function number(value: number): string {
  return `${value}::DOUBLE`
}

/** A number that rises with the column; null for types without one. */
function position(column: string, type: string): string | null {
  if (type === 'DATE') return `(${column} - DATE '1970-01-01')`
  if (type.startsWith('TIMESTAMP')) return `epoch_us(${column})`
  if (type === 'BOOLEAN') return `${column}::INTEGER`
  return /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?HUGEINT|FLOAT|DOUBLE|DECIMAL\(\d+,\s*\d+\))$/.test(type)
    ? column
    : null
}
