import { GoldsmithError } from '@/domain/errors'
import { valueKind } from '@/domain/format/value'
import type { Arrangement, ColumnFilter } from '@/domain/result/arrangement'
import { quoteIdentifier, quoteText } from '@/domain/sql/quote'

/** A column of a stored result: its name in the table, the name that a reader knows, and its type. */
export interface StoredColumn {
  stored: string
  name: string
  type: string
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/

/**
 * The row numbers of a table's rows as a query, in the order of an arrangement; equal values keep the stored order.
 * Throws `result.unknown_column`, and `result.filter_value` for a number that is none. A date or other value that DuckDB
 * cannot read is DuckDB's conversion error.
 */
export function arrangedRowsSql(table: string, columns: readonly StoredColumn[], arrangement: Arrangement): string {
  const conditions = arrangement.filters.map((filter) => `(${conditionOf(filter, columnAt(columns, filter.column))})`)
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const { order } = arrangement
  const by =
    order === null
      ? 'rowid'
      : `${quoteIdentifier(columnAt(columns, order.column).stored)} ${order.descending ? 'DESC' : 'ASC'} NULLS LAST, rowid`
  return `SELECT rowid AS row_number FROM ${table}${where} ORDER BY ${by}`
}

function columnAt(columns: readonly StoredColumn[], place: number): StoredColumn {
  const column = columns[place]
  if (column) return column
  throw new GoldsmithError({ code: 'result.unknown_column', message: `The rows have no column ${place}.` })
}

function conditionOf(filter: ColumnFilter, column: StoredColumn): string {
  const value = quoteIdentifier(column.stored)
  switch (filter.kind) {
    case 'contains':
      return `contains(lower(${asText(value, column.type)}), lower(${quoteText(filter.text)}))`
    case 'equals': {
      if (isDayOfTimestamp(filter.text, column.type)) return withinDays(value, column.type, filter.text, filter.text)
      const { left, right } = operands(filter.text, column)
      return `${left} = ${right}`
    }
    case 'range': {
      const { from, to } = filter
      const sides = [
        ...(from === null ? [] : [lowerBound(value, from, column)]),
        ...(to === null ? [] : [upperBound(value, to, column)]),
      ]
      return sides.length === 0 ? 'TRUE' : sides.join(' AND ')
    }
    case 'null':
      return `${value} IS NULL`
    case 'notNull':
      return `${value} IS NOT NULL`
  }
}

function lowerBound(value: string, from: string, column: StoredColumn): string {
  if (isDayOfTimestamp(from, column.type)) return withinDays(value, column.type, from, null)
  const { left, right } = operands(from, column)
  return `${left} >= ${right}`
}

function upperBound(value: string, to: string, column: StoredColumn): string {
  if (isDayOfTimestamp(to, column.type)) return withinDays(value, column.type, null, to)
  const { left, right } = operands(to, column)
  // DuckDB has NaN above every number; to a reader it is not below one, and not above one either.
  return /^(FLOAT|DOUBLE)$/.test(column.type) ? `${left} <= ${right} AND NOT isnan(${left})` : `${left} <= ${right}`
}

/** A column and a reader's text as two expressions that compare exactly. */
function operands(text: string, column: StoredColumn): { left: string; right: string } {
  const left = quoteIdentifier(column.stored)
  switch (valueKind(column.type)) {
    case 'number': {
      // As the grid writes them: 541,909.
      const plain = text.trim().replaceAll(/(?<=\d),(?=\d{3}(?:\D|$))/g, '')
      if (NUMBER.test(plain)) return { left, right: plain }
      throw new GoldsmithError({
        code: 'result.filter_value',
        message: `“${text.slice(0, 60)}” is no number, and ${column.name} is of type ${column.type}.`,
        remedy: 'Write a number such as 1250 or -3.5.',
      })
    }
    case 'date':
    case 'timestamp':
    case 'boolean':
      return { left, right: `CAST(${quoteText(text.trim())} AS ${column.type})` }
    case 'text':
      return column.type === 'VARCHAR'
        ? { left, right: quoteText(text) }
        : { left, right: `CAST(${quoteText(text.trim())} AS ${column.type})` }
    case 'binary':
    case 'nested':
      return { left: asText(left, column.type), right: quoteText(text) }
  }
}

function asText(value: string, type: string): string {
  if (type === 'VARCHAR') return value
  if (valueKind(type) === 'binary') return `concat('0x', lower(hex(${value})))`
  return `CAST(${value} AS VARCHAR)`
}

function isDayOfTimestamp(text: string, type: string): boolean {
  return valueKind(type) === 'timestamp' && DATE_ONLY.test(text.trim())
}

function withinDays(value: string, type: string, from: string | null, to: string | null): string {
  const day = (text: string) => `CAST(${quoteText(text.trim())} AS DATE)`
  return [
    ...(from === null ? [] : [`${value} >= CAST(${day(from)} AS ${type})`]),
    ...(to === null ? [] : [`${value} < CAST(${day(to)} + 1 AS ${type})`]),
  ].join(' AND ')
}
