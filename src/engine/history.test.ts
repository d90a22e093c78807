import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'

let engine: TestEngine
beforeAll(async () => {
  engine = await openTestEngine()
  await engine.api.loadSample({ lines: 500 })
  await engine.api.run({ asOf: '2025-12-31', select: ['+fact_sales'] })
}, 60_000)
afterAll(() => engine.close())

const view = async () => {
  const { datasets } = await engine.api.project()
  return datasets.find(({ kind }) => kind === 'view')?.name ?? ''
}

describe('the history', () => {
  it('of a table that was built has its versions, however its name is capitalised', async () => {
    expect(await engine.api.history({ table: 'Gold.Fact_Sales' })).toMatchObject([{ version: 0 }])
  })

  it.each(['gold.customer_ltv_gold', 'gold.customer_ltv_gold__quarantine'])(
    'of %s, which the pipeline will build, has no version yet',
    async (table) => {
      expect(await engine.api.history({ table })).toEqual([])
    },
  )

  it.each([
    ['gold.nonsense', 'tables() lists'],
    ['gold.fact_sale', 'gold.fact_sales'],
    ['fact_sales', 'gold.fact_sales'],
    ['../lakehouse/gold.fact_sales', 'gold.fact_sales'],
    ['', 'tables() lists'],
  ])('of %j, which nothing is called, is an error that knows better', async (table, remedy) => {
    await expect(engine.api.history({ table })).rejects.toMatchObject({
      cause: {
        code: 'catalog.unknown_table',
        message: expect.stringContaining(table),
        remedy: expect.stringContaining(remedy),
      },
    })
  })

  it('of a view or a Silver table is an error that says that it has none', async () => {
    for (const table of [await view(), 'silver.orders', 'silver.campaigns']) {
      await expect(engine.api.history({ table })).rejects.toMatchObject({
        cause: { code: 'catalog.no_versions', message: expect.stringContaining(table), remedy: expect.any(String) },
      })
    }
  })
})
