import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpdateReport } from '@/domain/automation'
import { inputFile, onlineRetailFolder, openTestEngine, type TestEngine } from '@/testing/node-engine'
import { compareWithReference, withFactComputed } from '@/testing/reference/compare'
import type { ReferenceOptions } from '@/testing/reference/reference'

const FILES = ['orders', 'customers', 'products', 'dates']
const AS_OF = '2011-12-10'

describe('a run over Online Retail', () => {
  let engine: TestEngine
  let report: UpdateReport
  let options: ReferenceOptions

  beforeAll(async () => {
    engine = await openTestEngine()
    const loaded = await engine.api.load({
      files: FILES.map((name) => inputFile(`${onlineRetailFolder}/${name}.parquet`)),
    })
    expect(loaded.rejected).toEqual([])
    report = await engine.api.run({ asOf: AS_OF })
    options = await withFactComputed(engine.database.connection, { asOf: AS_OF, dates: true, holidays: false })
  }, 120_000)

  afterAll(() => engine.close())

  it('completes every dataset', () => {
    expect(report.status).toBe('completed')
  })

  it.each([
    'gold_common.dim_date',
    'gold.fact_sales',
    'gold.gold_finance_daily_revenue',
    'gold.daily_revenue_metrics',
    'gold.gold_product_weekly_engagement',
    'gold.gold_product_cohort_retention',
    'gold.customer_ltv_gold',
    'gold_finance.fact_revenue',
    'gold_finance.monthly_revenue_summary',
    'pipeline.reconciliation',
    'gold_marketing.dim_customer',
  ])('gives the rows of %s that the specification asks for', async (table) => {
    const comparison = await compareWithReference(engine.database.connection, table, options)
    expect(comparison).toMatchObject({ onlyInTable: 0, onlyInReference: 0 })
  })

  it('judges every expectation over all rows of the dataset', () => {
    const judged = (name: string) =>
      report.datasets
        .find((dataset) => dataset.name === name)
        ?.expectations.map((expectation) => [expectation.name, expectation.passed, expectation.failed])
    expect(judged('gold_common.dim_date')).toEqual([['agrees_with_silver_dates', 730, 0]])
    expect(judged('gold.fact_sales')).toEqual([
      ['valid_order_ids', 539_828, 0],
      ['positive_revenue', 530_100, 9728],
      ['valid_customer', 405_131, 134_697],
      ['complete_data', 405_131, 134_697],
      ['known_customer', 405_131, 134_697],
      ['known_product', 539_716, 112],
      ['known_cost', 539_694, 134],
    ])
  })

  it('reads of fact_revenue only the row group that holds the month asked for, though no column is its partition', async () => {
    const sql = `EXPLAIN SELECT net_revenue FROM gold_finance.fact_revenue WHERE revenue_date < DATE '2011-01-01'`
    const { id, columns } = await engine.api.query({ sql })
    const [row = []] = await engine.api.fetchRows({ id, offset: 0, limit: 1 })
    const plan = Object.fromEntries(columns.map(({ name }, index) => [name, Number(row[index])]))
    expect(plan).toMatchObject({ row_groups_read: 1, row_groups_total: 4 })
  })

  it('changes nothing when it runs again', async () => {
    const again = await engine.api.run({ asOf: AS_OF })
    expect(again.datasets.map(({ status, plan }) => `${plan} ${status}`)).not.toContain('full completed')
  })
})
