import { afterEach, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'

const AS_OF = '2025-12-31'
let engine: TestEngine

afterEach(() => engine.close())

async function viewOf(name: string) {
  const { datasets } = await engine.api.lineage()
  const found = datasets.find((dataset) => dataset.name === name)
  if (!found) throw new Error(`no lineage of ${name}`)
  return found
}

it('the lineage goes back to Silver, and has the contract of each table', async () => {
  engine = await openTestEngine()
  const sales = await viewOf('gold.fact_sales')
  const year = sales.columns.find(({ name }) => name === 'year')
  expect(year?.inputs).toMatchObject([{ table: 'gold_common.dim_date', column: 'year', usage: 'IDENTITY' }])
  expect(year?.sources).toEqual([{ table: 'silver.orders', column: 'order_date', usage: 'AGGREGATION' }])
  expect(sales.rowSources).toContainEqual({ table: 'silver.dates', column: 'date', usage: 'JOIN' })
  expect(sales.contract).toContain('net_revenue')
  expect(sales.contractChanges).toEqual([])
  expect((await viewOf('gold.daily_revenue_base')).contract).toBeNull()
})

it('a definition that breaks the contract of the committed version is told of before it runs', async () => {
  const files = new MemoryFileStore()
  engine = await openTestEngine({ files })
  await engine.api.loadSample({ lines: 2000 })
  await engine.api.run({ asOf: AS_OF })
  const { datasets } = await engine.api.lineage()
  expect(datasets.flatMap(({ contractChanges }) => contractChanges)).toEqual([])
  await engine.close()

  const pipeline = retailFiles().map((file) =>
    file.path.endsWith('/fact_sales.sql')
      ? {
          ...file,
          text: file.text
            .replace('order_id BIGINT NOT NULL', 'order_id STRING')
            .replace('order_id, order_number, order_date', 'order_id, order_date')
            .replace('PRIMARY KEY (order_id)', 'PRIMARY KEY (product_id)'),
        }
      : file,
  )
  engine = await openTestEngine({ files, pipeline })
  const change = { column: 'order_id', breaking: true }
  expect((await viewOf('gold.fact_sales')).contractChanges).toEqual([
    { kind: 'removed', column: 'order_number', breaking: true, before: 'order_number', after: null },
    { kind: 'retyped', ...change, before: 'BIGINT', after: 'VARCHAR' },
    { kind: 'made_nullable', ...change, before: 'NOT NULL', after: 'NULL' },
  ])
})
