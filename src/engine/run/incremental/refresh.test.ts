/** What an incremental refresh does to the tables of the retail pipeline, and what it leaves alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes, SILVER_ROWS } from '@/testing/parquet-files'

const asOf = '2024-03-01'
const FACT = 'gold.fact_sales'
const WITH_UPSTREAM = `+${FACT}`
/** Order lines of three months, so that the fact has three partitions. */
const ORDERS = SILVER_ROWS.orders.replace('range(1, 21)', 'range(1, 61)')
type Table = keyof typeof SILVER_ROWS

let engine: TestEngine
let files: MemoryFileStore

beforeAll(async () => {
  files = new MemoryFileStore()
  engine = await openTestEngine({ files })
  await load('customers', SILVER_ROWS.customers)
  await load('products', SILVER_ROWS.products)
})
afterAll(() => engine.close())

async function load(table: Table, sql: string): Promise<void> {
  const { rejected, sources } = await engine.api.load({ files: [dropped(`${table}.parquet`, await parquetBytes(sql))] })
  expect([rejected, sources.flatMap(({ problems }) => problems)]).toEqual([[], []])
}

/** Loads good orders and builds everything anew, then loads a changed table and runs. */
async function refresh(table: Table, sql: string): Promise<{ report: UpdateReport; fact: DatasetReport }> {
  await load('customers', SILVER_ROWS.customers)
  await load('orders', ORDERS)
  await engine.api.run({ asOf, select: [WITH_UPSTREAM], fullRefresh: [WITH_UPSTREAM] })
  await load(table, sql)
  const report = await engine.api.run({ asOf, select: [WITH_UPSTREAM] })
  expect(report.status).toBe('completed')
  return { report, fact: report.datasets.find(({ name }) => name === FACT) as DatasetReport }
}

async function rows(sql: string): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  const found = await engine.api.fetchRows({ id, offset: 0, limit: 200 })
  await engine.api.closeResult({ id })
  return found
}

const changedOrders = (change: string) => `SELECT * REPLACE (${change}) FROM (${ORDERS})`
const last = async () => (await engine.api.history({ table: FACT }))[0]

describe('an incremental refresh of the fact', () => {
  it('writes a changed line and leaves the files of other months alone', async () => {
    const { fact } = await refresh(
      'orders',
      changedOrders('CASE WHEN order_id = 1 THEN 77 ELSE quantity END AS quantity'),
    )
    expect(fact).toMatchObject({ plan: 'incremental', rowsUpserted: 1, rowsDeleted: 0, rowsWritten: 1 })
    expect(await rows(`SELECT quantity FROM ${FACT} WHERE order_id = 1`)).toEqual([[77]])
    const commit = await last()
    expect(commit).toMatchObject({ operation: 'MERGE', operationMetrics: { numTargetRowsUpdated: '1' } })
    expect(commit?.operationMetrics).toMatchObject({ numTargetFilesAdded: '1', numTargetFilesRemoved: '1' })
  })

  it('takes a line out that became cancelled', async () => {
    const status = "CASE WHEN order_id IN (1, 4) THEN 'cancelled' ELSE order_status END AS order_status"
    const { fact } = await refresh('orders', changedOrders(status))
    expect(fact).toMatchObject({ plan: 'incremental', rowsUpserted: 0, rowsDeleted: 2 })
    expect(await rows(`SELECT count(*) FROM ${FACT} WHERE order_id IN (1, 4)`)).toEqual([[0n]])
  })

  it('reaches every line of a customer who changed', async () => {
    const customers = `SELECT * REPLACE (CASE WHEN customer_id = 2 THEN 'Moved' ELSE segment END AS segment) FROM (${SILVER_ROWS.customers})`
    const { fact } = await refresh('customers', customers)
    expect(fact.plan).toBe('incremental')
    const [[all, moved] = []] = await rows(
      `SELECT count(*), count(*) FILTER (customer_segment = 'Moved') FROM ${FACT} WHERE customer_id = 2`,
    )
    expect(moved).toBe(all)
    expect(fact.rowsUpserted).toBe(Number(all))
  })

  it('moves a line into the quarantine, and out of it when the cause is mended', async () => {
    const zero = changedOrders('CASE WHEN order_id = 1 THEN 0 ELSE quantity END AS quantity')
    const { fact } = await refresh('orders', zero)
    const held = `SELECT order_id, _failed_expectations FROM ${FACT}__quarantine WHERE order_id = 1`
    expect(fact).toMatchObject({ plan: 'incremental', rowsDeleted: 1 })
    expect(await rows(held)).toEqual([[1n, ['positive_revenue']]])
    await load('orders', ORDERS)
    expect(await engine.api.run({ asOf, select: [WITH_UPSTREAM] })).toMatchObject({ status: 'completed' })
    expect(await rows(held)).toEqual([])
    expect(await rows(`SELECT quantity FROM ${FACT} WHERE order_id = 1`)).toEqual([[1]])
  })

  it('reports for its expectations what a full rebuild finds', async () => {
    const change =
      'CASE WHEN order_id < 9 THEN 0 ELSE quantity END AS quantity, CASE order_id WHEN 20 THEN 99 ELSE customer_id END AS customer_id'
    const { fact } = await refresh('orders', changedOrders(change))
    expect(fact.plan).toBe('incremental')
    const again = await engine.api.run({ asOf, fullRefresh: [FACT] })
    const full = again.datasets.find(({ name }) => name === FACT)
    expect(full?.plan).toBe('full')
    expect(fact.expectations).toEqual(full?.expectations)
    expect(fact.rowsDropped).toBe(full?.rowsDropped)
  })

  it('follows several loads between two updates', async () => {
    const { fact } = await refresh(
      'orders',
      changedOrders('CASE WHEN order_id = 1 THEN 5 ELSE quantity END AS quantity'),
    )
    expect(fact.plan).toBe('incremental')
    await load('orders', changedOrders('CASE WHEN order_id = 2 THEN 6 ELSE quantity END AS quantity'))
    await load('orders', changedOrders('CASE WHEN order_id = 3 THEN 7 ELSE quantity END AS quantity'))
    const { datasets } = await engine.api.run({ asOf, select: [WITH_UPSTREAM] })
    expect(datasets.find(({ name }) => name === FACT)).toMatchObject({ plan: 'incremental', rowsUpserted: 2 })
    expect(await rows(`SELECT quantity FROM ${FACT} WHERE order_id IN (1, 3) ORDER BY order_id`)).toEqual([[1], [7]])
  })

  it('is a full rebuild, and says why, when the earlier rows are not known any more', async () => {
    await refresh('orders', ORDERS)
    const later = await openTestEngine({ files })
    const changed = changedOrders('CASE WHEN order_id = 1 THEN 8 ELSE quantity END AS quantity')
    for (const [table, sql] of [
      ['orders', changed],
      ['customers', SILVER_ROWS.customers],
      ['products', SILVER_ROWS.products],
    ] as const) {
      await later.api.load({ files: [dropped(`${table}.parquet`, await parquetBytes(sql))] })
    }
    const { datasets } = await later.api.run({ asOf, select: [WITH_UPSTREAM] })
    await later.close()
    expect(datasets.find(({ name }) => name === FACT)).toMatchObject({
      plan: 'full',
      reason: expect.stringMatching(/silver.orders, of which the earlier rows are not known any more/),
    })
  })
})
