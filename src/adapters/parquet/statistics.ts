import type { ParquetParsers, SchemaElement, Statistics } from 'hyparquet'
import type { ParquetStatistics } from '@/engine/ports'

/** Beyond this many digits the footer reader's floating point no longer holds a decimal exactly. */
const EXACT_DIGITS = 15

/** Timestamps as ISO 8601 text in UTC with microseconds; nanoseconds have no exact form here and are left out. */
export const exactTimestamps: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (milliseconds: bigint) => isoTimestamp(milliseconds * 1000n),
  timestampFromMicroseconds: isoTimestamp,
  timestampFromNanoseconds: () => undefined,
}

/**
 * One column chunk's statistics in the shapes that Delta's `stats` uses: integers as bigint or number, decimals as
 * text with their scale, dates as YYYY-MM-DD, timestamps as ISO 8601 with microseconds in UTC. A bound that cannot be given exactly is absent.
 */
export function columnStatistics(statistics: Statistics, element: SchemaElement): ParquetStatistics {
  // The deprecated min/max were written with signed byte order for text; only min_value/max_value are safe.
  return {
    min: bound(statistics.min_value, element),
    max: bound(statistics.max_value, element),
    nullCount: statistics.null_count === undefined ? null : Number(statistics.null_count),
  }
}

function bound(value: Statistics['min_value'], element: SchemaElement): unknown {
  if (value === undefined || value instanceof Uint8Array) return undefined
  const scale = decimalScale(element)
  // Without the older annotation the footer reader leaves the decimal point out.
  if (scale !== null) return element.converted_type === 'DECIMAL' ? decimalText(Number(value), scale) : undefined
  if (isDate(element)) return value instanceof Date ? value.toISOString().slice(0, 10) : undefined
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  return value
}

function decimalScale({ logical_type: logical, converted_type: converted, scale }: SchemaElement): number | null {
  if (logical?.type === 'DECIMAL') return logical.scale
  return converted === 'DECIMAL' ? (scale ?? 0) : null
}

function decimalText(value: number, scale: number): string | undefined {
  const text = value.toFixed(scale)
  return text.replace(/\D/g, '').length <= EXACT_DIGITS ? text : undefined
}

function isDate({ logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  return logical?.type === 'DATE' || converted === 'DATE'
}

function isoTimestamp(microseconds: bigint): string | undefined {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n
  const whole = new Date(Number((microseconds - fraction) / 1000n))
  if (Number.isNaN(whole.getTime())) return undefined
  return `${whole.toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}Z`
}
