import { type Decimal, parseDecimal } from '@/domain/format/decimal'
import type { QueryRows, ResultColumn } from '@/rpc/contract'
import type { Aggregate, Condition } from './expression'

/** A column's values as numbers of an index: equal values have equal codes. */
export interface KeyColumn {
  codes: Int32Array
  /** Text of each code; null is NULL. */
  keys: (string | null)[]
}

/**
 * A column's exact numbers, each a count of 10^-scale units. Doubles where even the sum of all magnitudes is a safe integer,
 * so that every sum of them is exact, too; NULL is NaN there.
 */
type MeasureColumn =
  | { kind: 'doubles'; scale: number; units: Float64Array }
  | { kind: 'integers'; scale: number; units: (bigint | null)[] }

/** The rows of a query, column by column, for filters and sums over them within a frame. */
export class ColumnTable {
  readonly columns: ResultColumn[]
  readonly rows: unknown[][]
  readonly #keys = new Map<string, KeyColumn>()
  readonly #measures = new Map<string, MeasureColumn>()

  constructor({ columns, rows }: QueryRows) {
    this.columns = columns
    this.rows = rows
  }

  get rowCount(): number {
    return this.rows.length
  }

  /** The values of a column as keys. Throws RangeError when there is no such column. */
  keys(column: string): KeyColumn {
    let found = this.#keys.get(column)
    if (!found) {
      found = encode(this.#values(column))
      this.#keys.set(column, found)
    }
    return found
  }

  /**
   * An aggregate of each group. `groups` holds the group's number of each row, negative for rows that take no part. Throws
   * RangeError when a column is missing.
   */
  aggregate(aggregate: Aggregate, groups: Int32Array, groupCount: number): (Decimal | null)[] {
    if (aggregate.kind === 'count') return counts(groups, groupCount)
    const measure = this.#measure(aggregate.column)
    if (aggregate.kind === 'max') return maxima(measure, groups, groupCount)
    const taken = aggregate.where ? this.where(aggregate.where, groups) : groups
    return measure.kind === 'doubles' ? doubleSums(measure, taken, groupCount) : integerSums(measure, taken, groupCount)
  }

  /** The groups without the rows that do not meet the condition. */
  where(condition: Condition, groups: Int32Array): Int32Array {
    const { codes, keys } = this.keys(condition.column)
    const meets = keys.map((key) => ('known' in condition ? key !== null : key === condition.is))
    return groups.map((group, row) => (meets[codes[row] ?? -1] ? group : -1))
  }

  #values(column: string): unknown[] {
    const at = this.columns.findIndex(({ name }) => name === column)
    if (at < 0) throw new RangeError(`The dashboard's query has no column ${column}.`)
    return this.rows.map((row) => row[at])
  }

  #measure(column: string): MeasureColumn {
    let found = this.#measures.get(column)
    if (!found) {
      found = readMeasure(this.#values(column))
      this.#measures.set(column, found)
    }
    return found
  }
}

function encode(values: unknown[]): KeyColumn {
  const codeOf = new Map<string | null, number>()
  const keys: (string | null)[] = []
  const codes = Int32Array.from(values, (value) => {
    const key = value === null || value === undefined ? null : String(value)
    let code = codeOf.get(key)
    if (code === undefined) {
      code = keys.push(key) - 1
      codeOf.set(key, code)
    }
    return code
  })
  return { codes, keys }
}

function readMeasure(values: unknown[]): MeasureColumn {
  const decimals = values.map(parseDecimal)
  const scale = decimals.reduce((most, value) => Math.max(most, value?.scale ?? 0), 0)
  const units = decimals.map((value) => (value === null ? null : value.units * 10n ** BigInt(scale - value.scale)))
  const magnitude = units.reduce((sum: bigint, value) => sum + (value === null ? 0n : value < 0n ? -value : value), 0n)
  if (magnitude > BigInt(Number.MAX_SAFE_INTEGER)) return { kind: 'integers', scale, units }
  return {
    kind: 'doubles',
    scale,
    units: Float64Array.from(units, (value) => (value === null ? Number.NaN : Number(value))),
  }
}

function counts(groups: Int32Array, groupCount: number): Decimal[] {
  const sums = new Int32Array(groupCount)
  for (const group of groups) if (group >= 0) sums[group] = (sums[group] ?? 0) + 1
  return Array.from(sums, (units) => ({ units: BigInt(units), scale: 0 }))
}

function doubleSums(
  { units, scale }: Extract<MeasureColumn, { kind: 'doubles' }>,
  groups: Int32Array,
  groupCount: number,
): (Decimal | null)[] {
  const sums = new Float64Array(groupCount).fill(Number.NaN)
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] ?? -1
    const value = units[row] ?? Number.NaN
    if (group < 0 || Number.isNaN(value)) continue
    const before = sums[group] ?? Number.NaN
    sums[group] = Number.isNaN(before) ? value : before + value
  }
  return Array.from(sums, (sum) => (Number.isNaN(sum) ? null : { units: BigInt(sum), scale }))
}

function integerSums(
  { units, scale }: Extract<MeasureColumn, { kind: 'integers' }>,
  groups: Int32Array,
  groupCount: number,
): (Decimal | null)[] {
  const sums = new Array<bigint | null>(groupCount).fill(null)
  for (const [row, value] of units.entries()) {
    const group = groups[row] ?? -1
    if (group >= 0 && value !== null) sums[group] = (sums[group] ?? 0n) + value
  }
  return sums.map((sum) => (sum === null ? null : { units: sum, scale }))
}

function maxima({ units, scale }: MeasureColumn, groups: Int32Array, groupCount: number): (Decimal | null)[] {
  const largest = new Array<number | bigint | null>(groupCount).fill(null)
  for (const [row, value] of units.entries()) {
    const group = groups[row] ?? -1
    if (group < 0 || value === null || Number.isNaN(value)) continue
    const known = largest[group] ?? null
    if (known === null || value > known) largest[group] = value
  }
  return largest.map((value) => (value === null ? null : { units: BigInt(value), scale }))
}
