import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from './fixtures'
import { dropFiles, retailFolder } from './retail'

let folder: string
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-changes-'))
  writeDeltaFolder(join(folder, 'silver', 'customers'))
  for (const table of ['orders', 'products']) {
    mkdirSync(join(folder, 'silver', table))
    cpSync(join(retailFolder, `${table}.parquet`), join(folder, 'silver', table, 'part-0.parquet'))
  }
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(
    `COPY (SELECT * REPLACE (quantity + 1 AS quantity, _updated_at + INTERVAL 1 DAY AS _updated_at)
       FROM '${join(retailFolder, 'orders.parquet')}' ORDER BY _updated_at DESC, order_id LIMIT 3)
     TO '${join(folder, 'changes.parquet')}' (FORMAT parquet)`,
  )
  connection.closeSync()
})
test.afterAll(() => rmSync(folder, { recursive: true }))

/** A Delta table of two versions: the second one without the file that the first one had besides. */
function writeDeltaFolder(table: string): void {
  mkdirSync(join(table, '_delta_log'), { recursive: true })
  for (const name of ['a.parquet', 'removed.parquet'])
    cpSync(join(retailFolder, 'customers.parquet'), join(table, name))
  const { size } = statSync(join(table, 'a.parquet'))
  const field = (type: string) => (name: string) => ({ name, type, nullable: true, metadata: {} })
  const fields = [
    field('long')('customer_id'),
    ...['customer_name', 'email', 'segment', 'country', 'acquisition_channel'].map(field('string')),
    ...['created_at', '_updated_at'].map(field('timestamp')),
  ]
  const schemaString = JSON.stringify({ type: 'struct', fields })
  const metaData = {
    id: 'c',
    format: { provider: 'parquet', options: {} },
    schemaString,
    partitionColumns: [],
    configuration: {},
  }
  const add = (path: string) => ({ add: { path, partitionValues: {}, size, modificationTime: 1, dataChange: true } })
  const commits = [
    [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      { metaData },
      add('a.parquet'),
      add('removed.parquet'),
    ],
    [{ remove: { path: 'removed.parquet', dataChange: true } }],
  ]
  for (const [version, actions] of commits.entries()) {
    const name = `${String(version).padStart(20, '0')}.json`
    writeFileSync(join(table, '_delta_log', name), actions.map((action) => `${JSON.stringify(action)}\n`).join(''))
  }
}

test('a folder of Delta and plain tables loads, and a file of changes is merged, replaces, and is merged again', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await dropFiles(page, [join(folder, 'silver')])
  const customers = page.getByRole('region', { name: 'silver.customers', exact: true })
  await expect(customers).toContainText('4,372 rows')
  await expect(customers).toContainText('Delta version 1')
  const orders = page.getByRole('region', { name: 'silver.orders', exact: true })
  await expect(orders).toContainText('541,909 rows')
  const units = () => goldsmith.call(({ query }) => query('SELECT count(*), sum(quantity) FROM silver.orders'))
  const before = (await units()).rows

  await dropFiles(page, [join(folder, 'changes.parquet')])
  await expect(orders).toContainText(
    'Merged 3 changed rows from changes.parquet into silver.orders, 3 of them in the place of older ones.',
  )
  await expect(orders).toContainText('It holds only changes: 3 rows, where silver.orders had 541,909')
  const [[rows, sum] = []] = before
  const merged = [[rows, String(BigInt(String(sum)) + 3n)]]
  const found = async () => (await units()).rows.map((row) => [row[0], String(row[1])])
  expect(await found()).toEqual(merged)

  await orders.getByRole('button', { name: 'Replace the table instead' }).click()
  await expect(orders).toContainText('changes.parquet took the place of the rows of silver.orders.')
  expect((await units()).rows[0]?.[0]).toBe(3n)
  await orders.getByRole('button', { name: 'Merge the rows instead' }).click()
  await expect(orders).toContainText('Merged 3 changed rows from changes.parquet')
  expect(await found()).toEqual(merged)
})
