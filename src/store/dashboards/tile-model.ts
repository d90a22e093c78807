import { compareDecimals, type Decimal } from '@/domain/format/decimal'
import type { QueryRows } from '@/rpc/contract'
import { ColumnTable } from './column-table'
import {
  type ChartTile,
  comparedDimensions,
  type DimensionName,
  dimensions,
  type Figure,
  groupDimensions,
  type Measure,
  type Source,
} from './definition'
import { evaluate } from './expression'
import { type DashboardFilter, noFilter, nullKey } from './filter'

/** A group of rows: its key of each dimension and its value of each measure. */
export interface TileRow {
  keys: (string | null)[]
  values: (Decimal | null)[]
}

/** The rows that a source has: chosen, and none twice where it says so. */
export function sourceTable(source: Source, query: QueryRows): ColumnTable {
  const whole = new ColumnTable(query)
  const everything = new Int32Array(whole.rowCount)
  const taken = source.where ? whole.where(source.where, everything) : everything
  const rows = query.rows.filter((_, row) => taken[row] === 0)
  const { distinct } = source
  if (!distinct) return new ColumnTable({ columns: query.columns, rows })
  const places = distinct.map((column) => query.columns.findIndex(({ name }) => name === column))
  const projected = rows.map((row) => places.map((place) => row[place]))
  const byText = new Map(projected.map((row) => [JSON.stringify(row.map(String)), row]))
  return new ColumnTable({
    columns: places.flatMap((place) => query.columns.slice(place, place + 1)),
    rows: [...byText.values()],
  })
}

/** The groups that a chart shows under a filter, in the order in which it shows them. */
export function tileRows(tile: ChartTile, source: Source, table: ColumnTable, filter: DashboardFilter): TileRow[] {
  const by = groupDimensions(tile.mark)
  let taken = matching(table, source, filter, comparedDimensions(tile.mark))
  const { without } = tile
  if (without) taken = withoutKey(table, columnOf(source, without.dimension), without.key, taken)
  const { groups, keys } = grouped(
    table,
    by.map((dimension) => columnOf(source, dimension)),
    taken,
  )
  const measured = tile.measures.map((measure) => measureGroups(measure, table, groups, keys.length))
  const rows = keys.map((groupKeys, group) => ({
    keys: groupKeys,
    values: measured.map((values) => values[group] ?? null),
  }))
  return rows.sort(tile.mark.kind === 'bars' ? byValue(by) : byKeys(by))
}

/** The numbers of a source's rows that a filter lets through. */
export function matchingRows(source: Source, table: ColumnTable, filter: DashboardFilter): number[] {
  const taken = matching(table, source, filter, [])
  return Array.from(taken.keys()).filter((row) => taken[row] === 0)
}

/** A figure under a filter, and the last value of the dimension that it is about. */
export function figureValue(
  { measure, latest }: Figure,
  source: Source,
  table: ColumnTable,
  filter: DashboardFilter,
): { value: Decimal | null; latest: string | null } {
  let taken = matching(table, source, filter, [])
  let last: string | null = null
  if (latest) {
    const { codes, keys } = table.keys(columnOf(source, latest))
    for (const [row, group] of taken.entries()) {
      const key = keys[codes[row] ?? -1] ?? null
      if (group === 0 && key !== null && (last === null || key > last)) last = key
    }
    taken = taken.map((group, row) => (keys[codes[row] ?? -1] === last ? group : -1))
  }
  return { value: measureGroups(measure, table, taken, 1)[0] ?? null, latest: last }
}

/** Every value of a dimension in all rows, in reading order, NULL last. */
export function dimensionKeys(table: ColumnTable, source: Source, dimension: DimensionName): (string | null)[] {
  return [...table.keys(columnOf(source, dimension)).keys].sort((a, b) => compareKeys(dimension, a, b))
}

/** The values of a dimension that a measure is largest for, over all rows; a group without a name is none of them. */
export function largestKeys(
  table: ColumnTable,
  source: Source,
  dimension: DimensionName,
  measure: Measure,
  limit: number,
): string[] {
  const tile: ChartTile = {
    title: '',
    note: '',
    source: '',
    measures: [measure],
    mark: { kind: 'bars', by: dimension },
  }
  return tileRows(tile, source, table, noFilter)
    .flatMap(({ keys }) => keys.slice(0, 1).filter((key) => key !== null))
    .slice(0, limit)
}

/** Names of a dimension's values where those are identifiers; a name that several have is followed by the identifier. */
export function dimensionNames(table: ColumnTable, source: Source, dimension: DimensionName): Map<string, string> {
  const column = source.names?.[dimension]
  const result = new Map<string, string>()
  if (column === undefined) return result
  const identifiers = table.keys(columnOf(source, dimension))
  const names = table.keys(column)
  for (let row = 0; row < table.rowCount; row++) {
    const identifier = identifiers.keys[identifiers.codes[row] ?? -1] ?? null
    const name = names.keys[names.codes[row] ?? -1] ?? null
    if (identifier !== null && name !== null) result.set(identifier, name)
  }
  const uses = new Map<string, number>()
  for (const name of result.values()) uses.set(name, (uses.get(name) ?? 0) + 1)
  for (const [identifier, name] of result) {
    if ((uses.get(name) ?? 0) > 1) result.set(identifier, `${name} (${identifier})`)
  }
  return result
}

/** The column of a dimension. Throws RangeError when the source has none: its tile is declared wrongly. */
export function columnOf(source: Source, dimension: DimensionName): string {
  const column = source.columns[dimension]
  if (column === undefined) throw new RangeError(`The query ${source.query} has no column for ${dimension}.`)
  return column
}

/** 0 for each row that the filter lets through, -1 for the others. */
function matching(
  table: ColumnTable,
  source: Source,
  filter: DashboardFilter,
  except: readonly DimensionName[],
): Int32Array {
  const taken = new Int32Array(table.rowCount)
  const keep = (column: string, keeps: (key: string | null) => boolean) => {
    const { codes, keys } = table.keys(column)
    const kept = keys.map(keeps)
    for (let row = 0; row < taken.length; row++) if (!kept[codes[row] ?? -1]) taken[row] = -1
  }
  for (const [name, column] of Object.entries(source.columns)) {
    const wanted = valuesOf(filter, name)
    if (wanted === null || except.some((dimension) => dimension === name)) continue
    keep(column, (key) => wanted.includes(key ?? nullKey))
  }
  const { from, to } = filter
  if (source.date && (from !== null || to !== null)) {
    keep(
      columnOf(source, source.date),
      (day) => day !== null && (from === null || day >= from) && (to === null || day <= to),
    )
  }
  return taken
}

function valuesOf(filter: DashboardFilter, name: string): string[] | null {
  const found = Object.entries(filter.values).find(([other]) => other === name)
  return found?.[1] ?? null
}

function withoutKey(table: ColumnTable, column: string, without: string, taken: Int32Array): Int32Array {
  const { codes, keys } = table.keys(column)
  const out = keys.indexOf(without)
  return taken.map((group, row) => (codes[row] === out ? -1 : group))
}

/** Numbers the distinct combinations of the columns' values. */
function grouped(
  table: ColumnTable,
  columns: string[],
  taken: Int32Array,
): { groups: Int32Array; keys: (string | null)[][] } {
  const parts = columns.map((column) => table.keys(column))
  const numbers = new Map<number, number>()
  const keys: (string | null)[][] = []
  const groups = taken.map((group, row) => {
    if (group < 0) return -1
    const combined = parts.reduce((code, part) => code * part.keys.length + (part.codes[row] ?? 0), 0)
    let number = numbers.get(combined)
    if (number === undefined) {
      number = keys.push(parts.map((part) => part.keys[part.codes[row] ?? -1] ?? null)) - 1
      numbers.set(combined, number)
    }
    return number
  })
  return { groups, keys }
}

function measureGroups(
  { expression }: Measure,
  table: ColumnTable,
  groups: Int32Array,
  groupCount: number,
): (Decimal | null)[] {
  // The same aggregate may stand in an expression more than once.
  const known = new Map<string, (Decimal | null)[]>()
  return Array.from({ length: groupCount }, (_, group) =>
    evaluate(expression, (aggregate) => {
      const name = JSON.stringify(aggregate)
      const values = known.get(name) ?? table.aggregate(aggregate, groups, groupCount)
      known.set(name, values)
      return values[group] ?? null
    }),
  )
}

function byValue(by: DimensionName[]): (a: TileRow, b: TileRow) => number {
  const byKey = byKeys(by)
  return (a, b) => {
    const [left = null] = a.values
    const [right = null] = b.values
    if (left === null || right === null) return left === right ? byKey(a, b) : left === null ? 1 : -1
    return compareDecimals(right, left) || byKey(a, b)
  }
}

function byKeys(by: DimensionName[]): (a: TileRow, b: TileRow) => number {
  return (a, b) => {
    for (const [place, dimension] of by.entries()) {
      const order = compareKeys(dimension, a.keys[place] ?? null, b.keys[place] ?? null)
      if (order !== 0) return order
    }
    return 0
  }
}

function compareKeys(dimension: DimensionName, a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  if (dimensions[dimension].kind === 'number') return Number(a) - Number(b)
  return a < b ? -1 : 1
}
