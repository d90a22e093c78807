import type { DuckDBConnection } from '@duckdb/node-api'

/** An order line as the tests of hand-worked rows type it. */
export interface Line {
  id: number | null
  number?: string
  date: string | null
  customer: number | null
  product?: number
  quantity?: number
  price: string
  discount?: string
  status?: string | null
  processed?: string
  updated?: string
}

/**
 * The lines as a VALUES list for silver.orders. Every line is one unit of product 10, delivered, unless it says otherwise.
 */
export function orderValues(rows: Line[]): string {
  const text = (value: string | number | null | undefined) =>
    value === null || value === undefined ? 'NULL' : `'${value}'`
  return rows
    .map((line) => {
      const { id, number, date, customer, product = 10, quantity = 1, price, discount } = line
      const { status = 'delivered', processed = '2024-03-01 02:00:00', updated = '2024-02-28 12:00:00' } = line
      const values = [id, number, date, null, customer, product, quantity, price, discount, 'EUR', 'paypal', status]
      return `(${[...values, processed, updated].map(text).join(', ')})`
    })
    .join(', ')
}

/** All values as text, as DuckDB shows them. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const result = await connection.runAndReadAll(sql)
  return result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
}
