import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UpdateReport } from '@/domain/automation'
import { openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'

const asOf = '2025-12-31'
const TABLE = 'pipeline.reconciliation'
let engine: TestEngine
let report: UpdateReport

/** The retail pipeline with a mistake in one of its tables: weeks of the segment Budget are lost. */
const mistaken = retailFiles().map(({ path, text }) => ({
  path,
  text: path.endsWith('/gold_product_weekly_engagement.sql')
    ? text.replace(
        'FROM gold.weekly_segment_sales',
        "FROM gold.weekly_segment_sales WHERE customer_segment <> 'Budget'",
      )
    : text,
}))

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: mistaken })
  await engine.api.loadSample({ lines: 1000 })
  report = await engine.api.run({ asOf })
}, 60_000)
afterAll(() => engine.close())

async function rows(sql: string): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  const found = await engine.api.fetchRows({ id, offset: 0, limit: 100 })
  await engine.api.closeResult({ id })
  return found
}

it('the reconciliation accounts for every line of Silver, as the tables themselves do', async () => {
  const figures = new Map((await rows(`SELECT figure, CAST(amount AS BIGINT) FROM ${TABLE}`)) as [string, bigint][])
  const [[loaded, kept] = []] = await rows(
    'SELECT (SELECT count(*) FROM silver.orders), (SELECT count(*) FROM gold.fact_sales)',
  )
  expect([figures.get('silver_lines'), figures.get('fact_lines')]).toEqual([loaded, kept])
  const held = await rows(
    `SELECT array_to_string(_failed_expectations, ', '), count(*) FROM gold.fact_sales__quarantine GROUP BY 1`,
  )
  expect(held.length).toBeGreaterThan(1)
  for (const [rules, lines] of held) expect(figures.get(`quarantined: ${rules}`), String(rules)).toBe(lines)
})

it('the reconciliation finds the table that does not add up, and by how much', async () => {
  const [[lost] = []] = await rows(
    `SELECT CAST(sum(net_revenue) AS VARCHAR) FROM gold.fact_sales WHERE customer_segment = 'Budget' OR customer_segment IS NULL`,
  )
  expect(await rows(`SELECT dataset, CAST(difference AS VARCHAR) FROM ${TABLE} WHERE status <> 'pass'`)).toEqual([
    ['gold.gold_product_weekly_engagement', `-${lost}`],
  ])
  expect(report.datasets.find(({ name }) => name === TABLE)?.expectations).toEqual([
    { name: 'everything_agrees', action: 'warn', passed: 15, failed: 1 },
  ])
})
