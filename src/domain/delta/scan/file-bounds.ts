/** What a data file's log entry says of its columns' values. */
import type { AddFile } from '@/domain/delta/actions'
import { isJsonObject } from '@/domain/delta/field-reader'
import { compareOrdered, type Ordered, orderedBound, type Scale, type StoredBound, scaleOf } from './ordered-values'

/** A column's values in one file; null is what is not known. */
export interface ValueBounds {
  scale: Scale
  min: Ordered | null
  max: Ordered | null
  nulls: 'none' | 'all' | 'some' | null
}

/** The columns of a table, as far as bounds need them. */
export interface BoundedTable {
  columns: readonly { name: string; type: string }[]
  partitionColumns: readonly string[]
}

/** Bounds by column name; a column of which nothing is known is absent. */
export function fileBounds(
  { partitionValues, stats }: Pick<AddFile, 'partitionValues' | 'stats'>,
  { columns, partitionColumns }: BoundedTable,
): Map<string, ValueBounds> {
  const statistics = parseStatistics(stats)
  const bounds = new Map<string, ValueBounds>()
  for (const { name, type } of columns) {
    const scale = scaleOf(type)
    const found = partitionColumns.includes(name)
      ? partitionBounds(partitionValues[name] ?? null, scale)
      : storedBounds(name, scale, statistics)
    if (found !== null) bounds.set(name, found)
  }
  return bounds
}

/** All rows of a file have the same value of a partition column. */
function partitionBounds(value: string | null, scale: Scale | null): ValueBounds | null {
  if (scale === null) return null
  // Empty text is NULL in a log, and need not be in the engine.
  if (value === null && scale === 'string') return { scale, min: '', max: '', nulls: null }
  if (value === null) return { scale, min: null, max: null, nulls: 'all' }
  const isNumber = scale === 'decimal' || scale === 'double'
  const stored: StoredBound = isNumber ? [value.replace('+', '')] : scale === 'boolean' ? /^true$/i.test(value) : value
  return {
    scale,
    min: orderedBound(stored, scale, 'min'),
    // Not cut to milliseconds, but no harm in taking it for that.
    max: orderedBound(stored, scale, 'max'),
    nulls: 'none',
  }
}

function storedBounds(name: string, scale: Scale | null, statistics: Statistics): ValueBounds | null {
  if (scale === null) return null
  const bound = (side: 'min' | 'max') => {
    const stored = own(side === 'min' ? statistics.minValues : statistics.maxValues, name)
    return isBound(stored) ? orderedBound(stored, scale, side) : null
  }
  const [min, max] = [bound('min'), bound('max')]
  // Bounds that contradict each other are none.
  if (min !== null && max !== null && compareOrdered(min, max, scale) > 0) return null
  return { scale, min, max, nulls: nullsOf(count(own(statistics.nullCount, name)), count(statistics.numRecords)) }
}

function nullsOf(nulls: number | null, rows: number | null): ValueBounds['nulls'] {
  if (nulls === 0) return 'none'
  if (nulls === null || rows === null) return null
  return nulls === rows ? 'all' : 'some'
}

type Statistics = Record<'minValues' | 'maxValues' | 'nullCount', Record<string, unknown>> & { numRecords: unknown }

/** Numbers become their text in an array: a double does not hold every BIGINT and DECIMAL. */
function parseStatistics(stats: string | undefined): Statistics {
  const exact = (stats ?? '{}').replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs, (token) =>
    token.startsWith('"') ? token : `["${token}"]`,
  )
  let parsed: unknown = {}
  try {
    parsed = JSON.parse(exact)
  } catch {
    // Statistics are a help, and a file without them is read.
  }
  const object = isJsonObject(parsed) ? parsed : {}
  const part = (value: unknown) => (isJsonObject(value) ? value : {})
  return {
    minValues: part(object.minValues),
    maxValues: part(object.maxValues),
    nullCount: part(object.nullCount),
    numRecords: object.numRecords,
  }
}

function own(values: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function isBound(value: unknown): value is StoredBound {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (Array.isArray(value) && typeof value[0] === 'string')
  )
}

function count(value: unknown): number | null {
  return Array.isArray(value) && /^\d+$/.test(String(value[0])) ? Number(value[0]) : null
}
