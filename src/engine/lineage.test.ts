import { beforeAll, describe, expect, it } from 'vitest'
import type { ColumnUse } from '@/domain/lineage/column-use'
import { LineageGraph, type SourceUse } from '@/domain/lineage/graph'
import type { Project } from '@/domain/pipeline/project'
import { createNodeDialect } from '@/testing/node-dialect'
import { retailFiles } from '@/testing/node-engine'
import { readTestProject } from '@/testing/read-project'

const dialect = createNodeDialect()
let retail: Project
beforeAll(async () => {
  await dialect.load()
  retail = readTestProject(Object.fromEntries(retailFiles().map(({ path, text }) => [path, text])), dialect)
})

/** `IDENTITY silver.orders.order_id`, sorted. */
const words = (uses: readonly (ColumnUse | SourceUse)[]) =>
  uses.map(({ table, column, usage }) => `${usage} ${table}.${column}`).sort()

function dataset(name: string) {
  const found = retail.lineage.find((lineage) => lineage.name === name)
  if (!found) throw new Error(`no lineage of ${name}`)
  return found
}

function inputs(table: string, column: string): string[] {
  return words(dataset(table).columns.find(({ name }) => name === column)?.inputs ?? [])
}

function made(column: string, from: string[], usage = 'IDENTITY'): [string, string[]] {
  return [column, from.map((name) => `${usage} ${name}`).sort()]
}

describe('the retail pipeline', () => {
  it('has a lineage for every dataset, and breaks no contract', () => {
    expect(retail.problems).toEqual([])
    expect(retail.lineage.map(({ name }) => name)).toEqual(retail.datasets.map(({ name }) => name))
  })

  it('makes each column of fact_sales of these columns', () => {
    const [quantity, price, discount, cost] = [
      'silver.orders.quantity',
      'silver.orders.unit_price',
      'silver.orders.discount',
      'silver.products.unit_cost',
    ]
    const computed = 'TRANSFORMATION'
    const expected = Object.fromEntries([
      made('order_id', ['silver.orders.order_id']),
      made('order_number', ['silver.orders.order_number']),
      made('order_date', ['silver.orders.order_date']),
      made('customer_id', ['silver.orders.customer_id']),
      made('customer_name', ['silver.customers.customer_name']),
      made('customer_segment', ['silver.customers.segment']),
      made('country', ['silver.customers.country']),
      made('product_id', ['silver.orders.product_id']),
      made('product_name', ['silver.products.product_name']),
      made('category', ['silver.products.category']),
      made('subcategory', ['silver.products.subcategory']),
      made('quantity', [quantity]),
      made('unit_price', [price]),
      made('gross_revenue', [quantity, price], computed),
      made('discount', [discount], computed),
      made('net_revenue', [quantity, price, discount], computed),
      made('cost_of_goods', [quantity, cost], computed),
      made('gross_profit', [quantity, price, discount, cost], computed),
      made('profit_margin', [quantity, price, discount, cost], computed),
      made('year', ['gold_common.dim_date.year']),
      made('quarter', ['gold_common.dim_date.quarter']),
      made('month', ['gold_common.dim_date.month']),
      made('day_of_week', ['gold_common.dim_date.day_name']),
      made('is_weekend', ['gold_common.dim_date.is_weekend']),
      made('customer_created_at', ['silver.customers.created_at']),
      made('currency', ['silver.orders.currency']),
      made('payment_method', ['silver.orders.payment_method']),
      made('order_status', ['silver.orders.order_status']),
      made('_updated_at', ['silver.orders._updated_at']),
      made('_updated_date', ['silver.orders._updated_at'], computed),
    ])
    const lineage = dataset('gold.fact_sales')
    expect(Object.fromEntries(lineage.columns.map(({ name, inputs: uses }) => [name, words(uses)]))).toEqual(expected)
    expect(lineage.columns.map(({ name }) => name)).toEqual(Object.keys(expected))
  })

  it('chooses the rows of fact_sales by joins, the latest versions, the status and the rules that drop', () => {
    expect(words(dataset('gold.fact_sales').rowInputs)).toEqual(
      [
        'JOIN gold_common.dim_date.date_value',
        'JOIN silver.orders.order_date',
        'JOIN silver.customers.customer_id',
        'JOIN silver.orders.customer_id',
        'JOIN silver.products.product_id',
        'JOIN silver.orders.product_id',
        'FILTER silver.orders.order_id',
        'FILTER silver.orders._updated_at',
        'FILTER silver.orders._processed_date',
        'FILTER silver.customers.customer_id',
        'FILTER silver.customers._updated_at',
        'FILTER silver.products.product_id',
        'FILTER silver.products._updated_at',
        'FILTER silver.orders.order_status',
        // positive_revenue and valid_customer
        'FILTER silver.orders.quantity',
        'FILTER silver.orders.unit_price',
        'FILTER silver.orders.discount',
        'FILTER silver.orders.customer_id',
      ].sort(),
    )
  })

  it('tells what a window sums from what it is partitioned and ordered by', () => {
    const table = 'gold.gold_finance_daily_revenue'
    const daily = 'gold.recognised_daily_sales'
    expect(inputs(table, 'revenue_30day_avg')).toEqual([
      `AGGREGATION ${daily}.net_revenue`,
      // days_since_first >= 29
      `CONDITIONAL ${daily}.order_date`,
      `WINDOW ${daily}.category`,
      `WINDOW ${daily}.customer_segment`,
      `WINDOW ${daily}.order_date`,
    ])
    expect(inputs(table, 'rank_by_segment')).toEqual([
      `WINDOW ${daily}.customer_segment`,
      `WINDOW ${daily}.net_revenue`,
    ])
    const rank = dataset(table).columns.find(({ name }) => name === 'rank_by_segment')
    expect(rank?.expression).toBe('RANK() OVER (PARTITION BY customer_segment ORDER BY net_revenue DESC)')
    expect(words(dataset(table).rowInputs)).toEqual([])
    expect(words(dataset(daily).rowInputs)).toEqual([
      'FILTER gold.fact_sales.order_status',
      'GROUP_BY gold.fact_sales.category',
      'GROUP_BY gold.fact_sales.customer_segment',
      'GROUP_BY gold.fact_sales.order_date',
    ])
  })

  it('makes daily_revenue_metrics of a view, and so of fact_sales and Silver', () => {
    const table = 'gold.daily_revenue_metrics'
    const view = 'gold.daily_revenue_base'
    const carried = ['order_date', 'customer_segment', 'daily_revenue', 'units_sold', 'transactions', 'avg_unit_price']
    for (const column of carried) expect(inputs(table, column)).toEqual([`IDENTITY ${view}.${column}`])
    const windowed = [`WINDOW ${view}.customer_segment`, `WINDOW ${view}.order_date`]
    const before = [`AGGREGATION ${view}.daily_revenue`, `CONDITIONAL ${view}.order_date`, ...windowed]
    expect(inputs(table, 'prior_day_revenue')).toEqual(before)
    expect(inputs(table, 'revenue_growth_pct')).toEqual([...before, `TRANSFORMATION ${view}.daily_revenue`].sort())
    expect(inputs(table, 'rolling_7day_avg')).toEqual(before)
    expect(words(dataset(table).rowInputs)).toEqual([`FILTER ${view}.daily_revenue`])
    expect(inputs(view, 'avg_unit_price')).toEqual([
      'TRANSFORMATION gold.daily_segment_sales.priced_lines',
      'TRANSFORMATION gold.daily_segment_sales.unit_price_sum',
    ])
    expect(inputs('gold.daily_segment_sales', 'lines')).toEqual([])
    expect(inputs('gold.daily_segment_sales', 'unit_price_sum')).toEqual(['AGGREGATION gold.fact_sales.unit_price'])

    const graph = new LineageGraph(retail.lineage)
    expect(words(graph.columnSources(table, 'daily_revenue'))).toEqual([
      'AGGREGATION silver.orders.discount',
      'AGGREGATION silver.orders.quantity',
      'AGGREGATION silver.orders.unit_price',
    ])
    expect(words(graph.columnSources(table, 'rolling_7day_avg'))).toContain('WINDOW silver.customers.segment')
    const rows = words(graph.rowSources(table))
    expect(rows).toContain('FILTER silver.orders.order_status')
    expect(rows).toContain('GROUP_BY silver.customers.segment')
    expect(rows.filter((use) => !use.includes(' silver.'))).toEqual([])
  })
})

const FILES = {
  'spark-pipeline.yml': 'name: shop\nschema: gold\nlibraries:\n  - glob:\n      include: transformations/**\n',
  'sources/orders.sql': 'CREATE TABLE silver.orders (id BIGINT, price INT, note STRING)',
  'transformations/base.sql': `CREATE MATERIALIZED VIEW base.lines (id BIGINT, price INT, secret STRING)
TBLPROPERTIES ('public_contract' = 'id, price') AS SELECT id, price, note AS secret FROM silver.orders`,
}

function problems(files: Record<string, string>) {
  return readTestProject({ ...FILES, ...files }, dialect).problems
}

describe('a contract between schemas', () => {
  it('is kept by a reader of its columns, of any Silver column, and by the schema itself', () => {
    const kept = 'CREATE MATERIALIZED VIEW sums AS SELECT id, sum(price) AS s FROM base.lines GROUP BY id'
    const own = "CREATE MATERIALIZED VIEW base.notes AS SELECT * FROM base.lines WHERE secret = 'x'"
    const silver = 'CREATE MATERIALIZED VIEW notes AS SELECT note FROM silver.orders'
    const dashboard = 'SELECT secret FROM base.lines'
    const files = { 'transformations/a.sql': kept, 'transformations/b.sql': own, 'transformations/c.sql': silver }
    expect(problems({ ...files, 'dashboards/d.sql': dashboard })).toEqual([])
  })

  it('names both ends of a breach, and where the column is used', () => {
    const text = 'CREATE MATERIALIZED VIEW sums AS\nSELECT l.id,\n  upper(l.secret) AS s FROM base.lines AS l'
    expect(problems({ 'transformations/a.sql': text })).toEqual([
      {
        code: 'contract.breach',
        message:
          "transformations/a.sql: gold.sums uses secret of base.lines, which is not in that table's public contract",
        remedy:
          'The public_contract of base.lines (transformations/base.sql) lists id, price. Use these, or have secret added to it.',
        file: 'transformations/a.sql',
        line: 3,
        column: 9,
      },
    ])
  })

  it.each([
    ['a filter', "SELECT id FROM base.lines WHERE secret = 'x'"],
    ['a join', 'SELECT o.id FROM silver.orders o JOIN base.lines l ON l.secret = o.note'],
    ['a star', 'SELECT * FROM base.lines'],
    ['a star in a subquery', 'SELECT s FROM (SELECT *, secret AS s FROM base.lines) AS l'],
    ['the order in a window', 'SELECT id, rank() OVER (ORDER BY secret) AS r FROM base.lines'],
    ['the second query of a union', 'SELECT note FROM silver.orders UNION ALL SELECT secret FROM base.lines'],
    [
      'a correlated subquery',
      'SELECT (SELECT max(secret) FROM base.lines l WHERE l.id = o.id) AS m FROM silver.orders o',
    ],
    ['a temporary view', 'SELECT s FROM passed'],
  ])('is broken by %s', (_, query) => {
    const passed = 'CREATE TEMPORARY VIEW passed AS SELECT concat(secret, 1) AS s FROM base.lines'
    const found = problems({
      'transformations/a.sql': `CREATE MATERIALIZED VIEW x AS ${query}`,
      'transformations/p.sql': passed,
    })
    expect(found.map(({ code, file }) => [code, file])).toEqual([['contract.breach', 'transformations/a.sql']])
  })

  it('with no column in it forbids every use', () => {
    const base = FILES['transformations/base.sql'].replace('id, price', '')
    const found = problems({
      'transformations/base.sql': base,
      'transformations/a.sql': 'CREATE MATERIALIZED VIEW x AS SELECT id FROM base.lines',
    })
    expect(found.map(({ remedy }) => remedy)).toEqual([expect.stringContaining('lists no column')])
  })
})

it('a dataset whose query cannot be read has no lineage, and those that read it still have theirs', () => {
  const project = readTestProject(
    {
      ...FILES,
      'transformations/a.sql': 'CREATE MATERIALIZED VIEW broken (x INT) AS SELECT FROM WHERE',
      'transformations/b.sql': 'CREATE MATERIALIZED VIEW reader AS SELECT x + 1 AS y FROM broken',
    },
    dialect,
  )
  expect(project.lineage.map(({ name }) => name)).toEqual(['base.lines', 'gold.reader'])
  expect(words(project.lineage.at(-1)?.columns[0]?.inputs ?? [])).toEqual(['TRANSFORMATION gold.broken.x'])
})
