import { quoteText } from '@/domain/sql/quote'

/** A value of a command's result: numbers are whole unless they are not. */
export type ResultValue = string | number | null | { [name: string]: ResultValue }

/** DuckDB SQL of a query that gives these rows, all with the columns of the first. */
export function resultRows(rows: readonly Record<string, ResultValue>[], columns: Record<string, ResultValue>): string {
  const select = (row: Record<string, ResultValue>) =>
    `SELECT ${Object.keys(columns)
      .map((name) => `${valueSql(row[name] ?? null, columns[name] ?? null)} AS ${label(name)}`)
      .join(', ')}`
  return rows.length === 0 ? `${select(columns)} WHERE FALSE` : rows.map(select).join(' UNION ALL ')
}

/** One row. */
export function resultRow(row: Record<string, ResultValue>): string {
  return resultRows([row], row)
}

/** `like` says the type of NULL. */
function valueSql(value: ResultValue, like: ResultValue): string {
  if (value === null) return `CAST(NULL AS ${typeof like === 'number' ? 'BIGINT' : 'VARCHAR'})`
  if (typeof value === 'string') return quoteText(value)
  if (typeof value === 'number')
    return Number.isInteger(value) ? `CAST(${value} AS BIGINT)` : `CAST(${value} AS DOUBLE)`
  const fields = Object.entries(value).map(([name, field]) => `${label(name)} := ${valueSql(field, field)}`)
  return `struct_pack(${fields.join(', ')})`
}

function label(name: string): string {
  return `"${name}"`
}
