/** Rows of silver.orders typed by hand. */
import { sourceRows } from './run-models'

/** A line; what it does not say is that of a delivered line of one unit, in euros. */
export interface Line {
  id: number | null
  number?: string | null
  date: string | null
  customer: number | null
  product?: number | null
  quantity?: number
  price: string
  discount?: string
  status?: string | null
  processed?: string
  updated?: string
}

/** A query for silver.orders with these lines. */
export function orderRows(lines: readonly Line[]): Promise<string> {
  const text = (value: string | number | null | undefined) =>
    value === null || value === undefined ? 'NULL' : `'${value}'`
  const rows = lines.map((line) => {
    const { id, number, date, customer, product = 10, quantity = 1, price, discount } = line
    const { status = 'delivered', processed = '2024-03-01 02:00:00', updated = '2024-02-28 12:00:00' } = line
    const values = [id, number, date, null, customer, product, quantity, price, discount, 'EUR', 'paypal', status]
    return `(${[...values, processed, updated].map(text).join(', ')})`
  })
  return sourceRows('orders', rows.join(', '))
}
