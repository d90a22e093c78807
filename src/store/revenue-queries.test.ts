import { expect, test } from 'vitest'
import { openNodeDatabase } from '@/testing/node-database'
import { noFilter } from './dashboards/filter'
import { heldBackQuery } from './revenue-queries'

test('of the rows held back, those that the amount is the sum of are counted apart', async () => {
  const database = await openNodeDatabase()
  try {
    await database.run('CREATE SCHEMA gold')
    await database.run(`CREATE TABLE gold.fact_sales__quarantine AS
      SELECT DATE '2011-12-01' AS order_date, * FROM (VALUES
        ('Budget', 'Lamps', 'shipped', 5.00), ('Budget', 'Lamps', 'delivered', 2.50), ('Budget', 'Lamps', 'shipped', -4.00),
        ('Budget', 'Lamps', 'pending', 9.00), ('Premium', 'Lamps', 'shipped', 1.00)
      ) AS rows(customer_segment, category, order_status, net_revenue)`)
    const reader = await database.connection.runAndReadAll(
      heldBackQuery('2011-12-09', { ...noFilter, values: { segment: ['Budget'] } }),
    )
    expect(reader.getRowObjectsJson()).toEqual([{ held_rows: '4', carrying_rows: '2', held_revenue: '7.50' }])
  } finally {
    await database.close()
  }
})
