/** Values of statistics and of literals on one scale a type, so that they can be compared exactly. */
import { decimalOrder, textOrder } from '@/domain/delta/statistic-values'
import type { Literal } from './predicate'

/** Types whose statistics can rule something out. FLOAT is none: whether a literal is compared in 32 bits is the engine's choice. */
export type Scale = 'decimal' | 'double' | 'boolean' | 'date' | 'timestamp' | 'string'

export type Ordered = string | number | bigint

/** A bound as statistics hold it: numbers as their text in an array, which tells them from strings. */
export type StoredBound = [string] | string | boolean

const decimalText = /^-?\d+(\.\d+)?$/
const dateText = /^\d{4}-\d{2}-\d{2}$/
const timestampText = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?)?Z?$/

/** The scale of a DuckDB type; null when nothing can be said of its values. */
export function scaleOf(type: string): Scale | null {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|DECIMAL\(.*)$/.test(type)) return 'decimal'
  if (type.startsWith('TIMESTAMP')) return 'timestamp'
  switch (type) {
    case 'DOUBLE':
      return 'double'
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

/** Where a literal stands among a column's values; null when it is compared in another type than the column's. */
export function orderedLiteral({ type, text }: Literal, scale: Scale): Ordered | null {
  switch (scale) {
    case 'decimal':
      return type === 'number' ? text : null
    case 'double':
      return type === 'number' ? Number(text) : null
    case 'boolean':
      return type === 'boolean' ? Number(text === 'true') : null
    case 'string':
      return type === 'string' ? text : null
    case 'date':
      return (type === 'date' || type === 'string') && isDate(text) ? text : null
    case 'timestamp':
      return type === 'number' || type === 'boolean' ? null : microseconds(text)
  }
}

/**
 * Where a bound stands. Timestamps are cut to milliseconds by most writers, so a greatest value may be up to one more. Null when
 * it is not what the type's bounds are.
 */
export function orderedBound(bound: StoredBound, scale: Scale, side: 'min' | 'max'): Ordered | null {
  if (typeof bound === 'boolean') return scale === 'boolean' ? Number(bound) : null
  if (typeof bound === 'object') {
    const [text] = bound
    if (scale === 'double') return Number(text)
    return scale === 'decimal' && decimalText.test(text) ? text : null
  }
  switch (scale) {
    case 'string':
      return bound
    case 'date':
      return isDate(bound) ? bound : null
    case 'timestamp': {
      const at = microseconds(bound)
      return at === null || side === 'min' ? at : at + 999n
    }
    default:
      return null
  }
}

export function compareOrdered(a: Ordered, b: Ordered, scale: Scale): number {
  switch (scale) {
    case 'decimal':
      return decimalOrder(String(a), String(b))
    case 'string':
      return textOrder(String(a), String(b))
    default:
      return a < b ? -1 : a > b ? 1 : 0
  }
}

function isDate(text: string): boolean {
  const instant = dateText.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // A day that its month does not have is moved on by the platform.
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

/** Since the epoch, of an instant in UTC; null for anything else. */
function microseconds(text: string): bigint | null {
  const [, date, time = '00:00:00', fraction = ''] = timestampText.exec(text.trim()) ?? []
  const instant = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`)
  return Number.isNaN(instant) ? null : BigInt(instant) * 1000n + BigInt(fraction.padEnd(6, '0'))
}
