/** Values of a query's result, read by column name. */
import type { ErrorData } from '@/domain/automation'
import type { QueryRows } from '@/rpc/contract'

export interface Row {
  text(name: string): string
  textOrNull(name: string): string | null
  /** A BIGINT, HUGEINT or INTEGER that counts things; NULL counts none. */
  count(name: string): number
  /** A timestamp, ms since the epoch. */
  instant(name: string): number | null
  value(name: string): unknown
}

export function rowsOf({ columns, rows }: QueryRows): Row[] {
  const places = new Map(columns.map((column, index) => [column.name, index]))
  return rows.map((values) => {
    const value = (name: string): unknown => values[places.get(name) ?? -1] ?? null
    const textOrNull = (name: string) => {
      const found = value(name)
      return found === null ? null : String(found)
    }
    return {
      value,
      textOrNull,
      text: (name) => textOrNull(name) ?? '',
      count: (name) => Number(value(name) ?? 0),
      instant: (name) => instantOf(value(name)),
    }
  })
}

export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : time
}

/** The error of an event as the page shows errors. */
export function errorOf(value: unknown): ErrorData | null {
  if (!isRecord(value) || typeof value.message !== 'string') return null
  const { code, message, file, line } = value
  return {
    code: typeof code === 'string' ? code : 'internal.unexpected',
    message,
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof line === 'number' ? { line } : {}),
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
