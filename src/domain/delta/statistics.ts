import { decimalOrder, maximumText, minimumText, type StatisticsKind, textOrder } from './statistic-values'

/** A column's bounds in one row group, as the Parquet footer gives them (the port's `ParquetStatistics`). */
export interface ColumnBounds {
  min: unknown
  max: unknown
  nullCount: number | null
}

export interface RowGroupBounds {
  rows: number
  /** By column name; a column without statistics is absent. */
  statistics: Record<string, ColumnBounds>
}

/**
 * The `stats` JSON of a data file (PROTOCOL.md, Per-file Statistics), merged from its row groups.
 * A bound is left out rather than guessed: when a row group with values lacks it, when it cannot be written exactly, and
 * for the upper bound of FLOAT and DOUBLE unless the column is in `nanFree`: NaN sorts above every number, and footers do
 * not tell of it.
 * The text is built by hand because decimals and BIGINTs must not pass through a float.
 */
export function fileStatistics(
  columns: readonly { name: string; type: string }[],
  rowGroups: readonly RowGroupBounds[],
  nanFree: ReadonlySet<string>,
): string {
  const minValues: string[] = []
  const maxValues: string[] = []
  const nullCounts: string[] = []
  for (const { name, type } of columns) {
    if (type.endsWith(']') || /^(STRUCT|MAP)\b/.test(type)) continue
    const key = JSON.stringify(name)
    const nullCount = countNulls(name, rowGroups)
    if (nullCount !== null) nullCounts.push(`${key}:${nullCount}`)
    const kind = statisticsKind(type)
    if (kind === null) continue
    const min = extreme(name, type, kind, 'min', rowGroups)
    if (min !== null) minValues.push(`${key}:${min}`)
    const max = kind === 'float' && !nanFree.has(name) ? null : extreme(name, type, kind, 'max', rowGroups)
    if (max !== null) maxValues.push(`${key}:${max}`)
  }
  const numRecords = rowGroups.reduce((sum, group) => sum + group.rows, 0)
  const object = (entries: string[]) => `{${entries.join(',')}}`
  return (
    `{"numRecords":${numRecords},"minValues":${object(minValues)},` +
    `"maxValues":${object(maxValues)},"nullCount":${object(nullCounts)}}`
  )
}

/** The rows that a file's `stats` says it has, or null when they do not say. */
export function recordCount(stats: string | undefined): number | null {
  if (stats === undefined) return null
  try {
    const parsed: unknown = JSON.parse(stats)
    if (typeof parsed !== 'object' || parsed === null || !('numRecords' in parsed)) return null
    return typeof parsed.numRecords === 'number' ? parsed.numRecords : null
  } catch {
    return null
  }
}

function statisticsKind(type: string): StatisticsKind | null {
  if (type.startsWith('DECIMAL')) return 'decimal'
  if (type.startsWith('TIMESTAMP')) return 'timestamp'
  switch (type) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return 'number'
    case 'FLOAT':
    case 'DOUBLE':
      return 'float'
    case 'BOOLEAN':
      return 'boolean'
    case 'DATE':
      return 'date'
    case 'VARCHAR':
      return 'string'
    default:
      return null
  }
}

function countNulls(name: string, rowGroups: readonly RowGroupBounds[]): number | null {
  let total = 0
  for (const group of rowGroups) {
    if (group.rows === 0) continue
    const nulls = boundsOf(group, name)?.nullCount
    if (nulls === undefined || nulls === null) return null
    total += nulls
  }
  return total
}

/** JSON text of the column's least or greatest value over all row groups, or null when it is not known. */
function extreme(
  name: string,
  type: string,
  kind: StatisticsKind,
  side: 'min' | 'max',
  rowGroups: readonly RowGroupBounds[],
): string | null {
  let best: string | null = null
  for (const group of rowGroups) {
    const bounds = boundsOf(group, name)
    if (bounds?.nullCount === group.rows) continue
    const text = bounds === undefined ? null : boundText(bounds[side], kind, type, side)
    if (text === null) return null
    if (best === null) best = text
    else if (side === 'min' ? isLess(text, best, kind) : isLess(best, text, kind)) best = text
  }
  return best !== null && isText(kind) ? JSON.stringify(best) : best
}

function boundText(value: unknown, kind: StatisticsKind, type: string, side: 'min' | 'max'): string | null {
  return side === 'min' ? minimumText(value, kind, type) : maximumText(value, kind, type)
}

function isLess(a: string, b: string, kind: StatisticsKind): boolean {
  if (kind === 'float') return Number(a) < Number(b)
  if (kind === 'number' || kind === 'decimal') return decimalOrder(a, b) < 0
  return textOrder(a, b) < 0
}

function isText(kind: StatisticsKind): boolean {
  return kind === 'date' || kind === 'timestamp' || kind === 'string'
}

function boundsOf(group: RowGroupBounds, name: string): ColumnBounds | undefined {
  return Object.hasOwn(group.statistics, name) ? group.statistics[name] : undefined
}
