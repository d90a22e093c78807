import { formatTimestamp } from './dates'
import { formatDouble, groupDigits } from './number'

/** What a SQL type means for a reader: how its values are aligned and written. */
export type ValueKind = 'number' | 'date' | 'timestamp' | 'boolean' | 'text' | 'binary' | 'nested'

const numberTypes =
  /^(TINYINT|SMALLINT|INTEGER|INT|BIGINT|HUGEINT|U(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC)\b/i

/** Kind of a type in DuckDB's spelling: BIGINT, DECIMAL(15,2), TIMESTAMP WITH TIME ZONE, STRUCT(…), INTEGER[] … */
export function valueKind(type: string): ValueKind {
  if (/\]$/.test(type) || /^(LIST|STRUCT|MAP|UNION|ARRAY)\b/i.test(type)) return 'nested'
  if (numberTypes.test(type)) return 'number'
  if (/^DATE$/i.test(type)) return 'date'
  if (/^TIMESTAMP/i.test(type)) return 'timestamp'
  if (/^BOOL/i.test(type)) return 'boolean'
  if (/^(BLOB|BYTEA|BINARY|VARBINARY)\b/i.test(type)) return 'binary'
  return 'text'
}

/**
 * The whole value as text: exact (DECIMAL and BIGINT digit for digit), numbers grouped, dates ISO, timestamps UTC.
 * NULL is the caller's to draw: it gives the empty string here.
 */
export function formatValue(value: unknown, type: string): string {
  if (value === null || value === undefined) return ''
  switch (valueKind(type)) {
    case 'number':
      if (typeof value === 'number') return formatDouble(value)
      return groupDigits(String(value))
    case 'timestamp':
      return typeof value === 'string' ? formatTimestamp(value) : plainText(value)
    case 'binary':
      return value instanceof Uint8Array ? hex(value) : plainText(value)
    case 'date':
    case 'boolean':
    case 'text':
    case 'nested':
      return plainText(value)
  }
}

/** The value for the clipboard or another program: no separators, no shortening; NULL is empty. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return hex(value)
  if (typeof value === 'object') return JSON.stringify(value, jsonReplacer)
  return String(value)
}

/** One line of at most `length` characters: line breaks and tabs become visible marks. */
export function singleLine(text: string, length: number): string {
  const characters = text.length > length ? `${text.slice(0, length)}…` : text
  return characters.replace(/\r\n|\r|\n/g, '⏎').replace(/\t/g, '⇥')
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function jsonReplacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return hex(value)
  return value
}
