import { afterEach, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { UpdateReport } from '@/domain/automation'
import type { PipelineFile } from '@/domain/pipeline/project'
import type { EngineApi } from '@/rpc/contract'
import { inputFile, onlineRetailFolder, openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const AS_OF = '2025-12-31'
let engine: TestEngine

afterEach(() => engine.close())

const outcome = (report: UpdateReport) => Object.fromEntries(report.datasets.map(({ name, status }) => [name, status]))
const report = (update: UpdateReport, name: string) => update.datasets.find((dataset) => dataset.name === name)

/** The retail pipeline with one file's text changed. */
function edited(path: string, change: (text: string) => string): PipelineFile[] {
  return retailFiles().map((file) => (file.path === path ? { ...file, text: change(file.text) } : file))
}

/** The pipeline without the generator of one Silver table. */
function withoutSample(table: string): PipelineFile[] {
  return retailFiles().filter(({ path }) => path !== `sample/${table}.sql`)
}

describe('an update', () => {
  it('builds in pieces what does not fit in one, stores them meanwhile, and gives the same rows', async () => {
    const files = new MemoryFileStore()
    engine = await openTestEngine({ files })
    await engine.api.loadSample({ lines: 1_000_000 })
    const update = await engine.api.run({ asOf: AS_OF, select: ['+fact_sales'] })
    const pieces = engine.database.statements.filter((sql) =>
      /^CREATE TABLE memory\.main\.staging_\d+ AS SELECT "order_id"/.test(sql),
    )
    expect(pieces.length).toBeGreaterThan(1)
    const { statements } = engine.database
    const firstRead = statements.findIndex(
      (sql) => sql.startsWith('/* storage */') && sql.includes('"fact_sales__quarantine__building"'),
    )
    const lastInsert = statements.findLastIndex((sql) => sql.startsWith('INSERT INTO "gold"."fact_sales__building"'))
    expect(firstRead).toBeGreaterThan(0)
    expect(firstRead).toBeLessThan(lastInsert)
    const { rows } = await engine.api
      .fetchRows({
        id: (
          await engine.api.query({
            sql: `WITH latest AS (SELECT order_id, order_status FROM silver.orders
                  QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _updated_at DESC, _processed_date DESC) = 1)
                SELECT count(*) FROM latest WHERE order_status IS DISTINCT FROM 'cancelled'`,
          })
        ).id,
        offset: 0,
        limit: 1,
      })
      .then((fetched) => ({ rows: Number(fetched[0]?.[0]) }))
    const fact = report(update, 'gold.fact_sales')
    expect((fact?.rowsWritten ?? 0) + (fact?.rowsDropped ?? 0)).toBe(rows)
    const sums = 'SELECT count(*), sum(hash(f)) FROM gold.fact_sales AS f'
    const summed = async (api: EngineApi) => {
      const { id } = await api.query({ sql: sums, dialect: 'duckdb' })
      return api.fetchRows({ id, offset: 0, limit: 1 })
    }
    const inMemory = await summed(engine.api)
    await engine.close()
    engine = await openTestEngine({ files })
    expect(await summed(engine.api)).toEqual(inMemory)
  }, 240_000)

  it('waits for Silver tables that are not loaded, and says which', async () => {
    engine = await openTestEngine()
    const update = await engine.api.run({ asOf: AS_OF })
    expect(update.status).toBe('completed')
    expect(new Set(update.datasets.map(({ status }) => status))).toEqual(new Set(['waiting']))
    expect(report(update, 'gold.fact_sales')?.reason).toMatch(/^waiting for silver\./)
  })

  it('keeps the version that was there, and goes on with other branches, when a FAIL expectation is violated', async () => {
    const files = new MemoryFileStore()
    engine = await openTestEngine({ files })
    await engine.api.loadSample({ lines: 2000 })
    await engine.api.run({ asOf: AS_OF })
    await engine.close()
    const pipeline = edited('transformations/gold/customer_ltv_gold.sql', (text) =>
      text.replace(
        'PRIMARY KEY (customer_id)',
        'PRIMARY KEY (customer_id),\n  CONSTRAINT rich EXPECT (total_revenue > 1000000000) ON VIOLATION FAIL UPDATE',
      ),
    )
    engine = await openTestEngine({ files, pipeline })
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF })
    expect(update.status).toBe('failed')
    expect(report(update, 'gold.customer_ltv_gold')?.error).toMatchObject({
      code: 'expectation.failed',
      file: 'transformations/gold/customer_ltv_gold.sql',
    })
    expect(outcome(update)['gold.gold_finance_daily_revenue']).toBe('skipped')
    expect(await engine.api.history({ table: 'gold.customer_ltv_gold' })).toHaveLength(1)
    const { rows } = await engine.api.query({ sql: 'SELECT * FROM gold.customer_ltv_gold' })
    expect(rows).toBeGreaterThan(0)
  })

  it('stops what depends on a dataset that failed', async () => {
    engine = await openTestEngine({
      pipeline: edited('transformations/gold/fact_sales.sql', (text) =>
        text.replace('EXPECT (order_id IS NOT NULL)', 'EXPECT (order_id < 0)'),
      ),
    })
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF })
    expect(outcome(update)).toMatchObject({
      'gold_common.dim_date': 'completed',
      'gold.fact_sales': 'failed',
      'gold.daily_revenue_base': 'skipped',
      'gold.daily_revenue_metrics': 'skipped',
    })
    expect(report(update, 'gold.daily_revenue_metrics')?.reason).toMatch(/was not built in this update/)
  })

  it('fails a dataset whose key is not unique, and lists the keys', async () => {
    engine = await openTestEngine({
      pipeline: edited('transformations/gold/customer_ltv_gold.sql', (text) =>
        text.replace('PRIMARY KEY (customer_id)', 'PRIMARY KEY (ltv_segment)'),
      ),
    })
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF })
    const { error } = report(update, 'gold.customer_ltv_gold') ?? {}
    expect(error?.code).toBe('dataset.duplicate_key')
    expect(error?.message).toContain('low_value (')
  })

  it('rebuilds a dataset whose definition changed and what depends on it, nothing else', async () => {
    const files = new MemoryFileStore()
    engine = await openTestEngine({ files })
    await engine.api.loadSample({ lines: 2000 })
    await engine.api.run({ asOf: AS_OF })
    await engine.close()
    engine = await openTestEngine({
      files,
      pipeline: edited('transformations/gold/daily_revenue_base.sql', (text) =>
        text.replace('units AS', 'units + 0 AS'),
      ),
    })
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF })
    const rebuilt = update.datasets.filter(({ plan }) => plan === 'full').map(({ name }) => name)
    expect(rebuilt).toEqual(['gold.daily_revenue_metrics', 'pipeline.reconciliation'])
    expect(report(update, 'gold.daily_revenue_metrics')).toMatchObject({ version: 1, status: 'completed' })
    expect(report(update, 'gold.fact_sales')).toMatchObject({ version: 0, status: 'skipped' })
    expect(report(update, 'gold.fact_sales')?.expectations).toHaveLength(7)
  })

  it('describes a quarantine by what is true of it', async () => {
    engine = await openTestEngine()
    await engine.api.loadSample({ lines: 2000 })
    await engine.api.run({ asOf: AS_OF })
    const tables = await engine.api.tables()
    const named = (name: string) => tables.find((table) => table.name === name)
    const [sales, held] = [named('gold.fact_sales'), named('gold.fact_sales__quarantine')]
    const added = held?.columns.filter(({ name }) => !sales?.columns.some((column) => column.name === name))
    expect(added?.map(({ name }) => name)).toEqual(['_failed_expectations', '_update_id'])
    expect(held?.columns.filter(({ comment }) => comment === null)).toEqual([])
    const {
      grain,
      public_contract,
      metric_definitions,
      consumers,
      'pipeline.key': _,
      ...kept
    } = sales?.properties ?? {}
    expect([grain, public_contract, metric_definitions, consumers]).not.toContain(undefined)
    expect(held?.properties).toEqual(kept)
    expect(held?.properties.pii_columns).toBe('customer_name')
  })

  it('stops at a cancel, commits nothing more, and runs to the end the next time', async () => {
    engine = await openTestEngine()
    await engine.api.loadSample({ lines: 20_000 })
    const controller = new AbortController()
    engine.api.subscribe((event) => {
      if (
        event.type === 'update.dataset' &&
        event.dataset.name === 'gold.fact_sales' &&
        event.dataset.status === 'building'
      )
        controller.abort()
    })
    const stopped = await engine.api.run({ asOf: AS_OF }, { signal: controller.signal })
    expect(stopped.status).toBe('canceled')
    expect(outcome(stopped)['gold.fact_sales']).toBe('canceled')
    expect((await engine.api.tables()).map(({ name }) => name)).not.toContain('gold.fact_sales')
    expect((await engine.api.run({ asOf: AS_OF })).status).toBe('completed')
  })

  it('plans without doing anything when asked for a dry run', async () => {
    engine = await openTestEngine()
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF, dryRun: true })
    expect(report(update, 'gold.fact_sales')).toMatchObject({ plan: 'full', reason: 'first build', status: 'skipped' })
    expect((await engine.api.tables()).filter(({ version }) => version !== null)).toEqual([])
  })

  it('reports every problem of its options before anything runs', async () => {
    engine = await openTestEngine()
    const update = await engine.api.run({ asOf: '2025-02-30', select: ['fact_sale'] })
    expect(update.status).toBe('failed')
    expect(update.problems.map(({ code }) => code)).toContain('run.as_of')
    const other = await engine.api.run({ select: ['fact_sale'], configuration: { tax: '1' } })
    expect(other.problems.map(({ code }) => code)).toEqual([
      'pipeline.unknown_dataset',
      'pipeline.unknown_configuration',
    ])
  })

  it.each(['0', '13', '-1', '1.5', '', 'March', '1) OR (1'])(
    'refuses a fiscal year that begins in month "%s" before anything runs',
    async (month) => {
      engine = await openTestEngine()
      await engine.api.loadSample({ lines: 100 })
      const update = await engine.api.run({ asOf: AS_OF, configuration: { fiscal_start_month: month } })
      expect(update).toMatchObject({
        status: 'failed',
        datasets: [],
        problems: [
          {
            code: 'pipeline.configuration_value',
            message: expect.stringContaining(`fiscal_start_month is '${month}'`),
            remedy: expect.stringContaining('integer from 1 to 12'),
            file: 'transformations/gold_common/dim_date.sql',
          },
        ],
      })
    },
  )

  it.each(['1', '12'])('runs with a fiscal year that begins in month %s', async (month) => {
    engine = await openTestEngine()
    await engine.api.loadSample({ lines: 100 })
    const update = await engine.api.run({ asOf: AS_OF, configuration: { fiscal_start_month: month } })
    expect(update).toMatchObject({ status: 'completed', problems: [] })
  })

  it('counts the expectations of a view where its rows go', async () => {
    engine = await openTestEngine({
      pipeline: edited('transformations/gold_common/calendar_days.sql', (text) =>
        text.replace('VIEW calendar_days', 'VIEW calendar_days (CONSTRAINT before_2025 EXPECT (year < 2025))'),
      ),
    })
    await engine.api.loadSample({ lines: 2000 })
    const update = await engine.api.run({ asOf: AS_OF })
    const expectations = report(update, 'gold_common.dim_date')?.expectations
    expect(expectations?.find(({ name }) => name === 'before_2025')).toMatchObject({ failed: 365, passed: 731 })
  })

  it('compares the calendar with silver.dates on the days that it has: on none when it is not loaded', async () => {
    engine = await openTestEngine({ pipeline: withoutSample('dates') })
    await engine.api.loadSample({ lines: 2000 })
    const judged = async () => report(await engine.api.run({ asOf: AS_OF }), 'gold_common.dim_date')?.expectations
    const expectation = { name: 'agrees_with_silver_dates', action: 'warn' }
    expect(await judged()).toEqual([{ ...expectation, passed: 0, failed: 0 }])
    const days = `SELECT strftime(d, '%Y%m%d')::INT AS date_id, d::DATE AS date, year(d)::INT AS year, quarter(d)::INT AS quarter,
      month(d)::INT AS month, dayname(d) AS day_of_week, isodow(d)::INT AS day_of_week_num, isodow(d) > 5 AS is_weekend
      FROM range(TIMESTAMP '2024-02-28', TIMESTAMP '2024-03-10', INTERVAL 1 DAY) AS t(d)`
    const dates = await parquetBytes(`SELECT * REPLACE (if(date_id = 20240229, 3, month) AS month) FROM (${days})`)
    expect((await engine.api.load({ files: [dropped('dates.parquet', dates)] })).rejected).toEqual([])
    expect(await judged()).toEqual([{ ...expectation, passed: 10, failed: 1 }])
  })
})

describe('a query', () => {
  it('finds tables that an earlier session committed, without their sources', async () => {
    const files = new MemoryFileStore()
    engine = await openTestEngine({ files })
    await engine.api.loadSample({ lines: 5000 })
    const first = await engine.api.run({ asOf: AS_OF })
    await engine.close()
    engine = await openTestEngine({ files })
    const opened = await engine.api.openTable({ table: 'gold.fact_sales' })
    expect(opened.rows).toBe(report(first, 'gold.fact_sales')?.rowsWritten)
    expect(opened.columns.map(({ name }) => name)).toContain('year')
    expect(await engine.api.lastUpdate()).toMatchObject({ updateId: first.updateId })
    const years = await engine.api.query({ sql: 'SELECT DISTINCT year FROM gold.fact_sales ORDER BY year' })
    expect(await engine.api.fetchRows({ id: years.id, offset: 0, limit: 9 })).toEqual([[2023], [2024], [2025]])
  })

  it.each([
    ['SELECT * FROM gold.fact_sale', { code: 'sql.unknown_table', line: 1, column: 15 }],
    ['-- first\nSELECT nope FROM silver.orders', { code: 'sql.unknown_column' }],
    ['SELECT 1 +', { code: 'sql.syntax', line: 1 }],
    ['DROP TABLE gold.fact_sales', { code: 'sql.not_a_query' }],
    ['SELECT * FROM gold.customer_ltv_gold', { code: 'sql.table_not_built' }],
    ['SELECT * FROM silver.campaigns', { code: 'sql.source_absent' }],
    ['', { code: 'sql.not_a_query' }],
  ])('that is wrong (%s) says what and where', async (sql, expected) => {
    engine = await openTestEngine({ pipeline: withoutSample('campaigns') })
    await engine.api.loadSample({ lines: 100 })
    const failure = engine.api.query({ sql })
    await expect(failure).rejects.toMatchObject({ cause: { ...expected, remedy: expect.stringMatching(/./) } })
  })

  it('in DuckDB’s dialect may use the name of a table that is not there as a name of its own', async () => {
    const files = new MemoryFileStore()
    engine = await openTestEngine({ files })
    await engine.api.loadSample({ lines: 500 })
    await engine.api.run({ asOf: AS_OF })
    await engine.close()
    engine = await openTestEngine({ files })
    const sql = 'SELECT count(*) AS orders FROM gold.customer_ltv_gold'
    expect(await engine.api.query({ sql, dialect: 'duckdb' })).toMatchObject({ rows: 1 })
  })

  it('reads the result in windows, also after others were opened', async () => {
    engine = await openTestEngine()
    const result = await engine.api.query({ sql: 'SELECT range AS i, NULL AS i FROM range(1000)', dialect: 'duckdb' })
    expect(result.columns.map(({ name }) => name)).toEqual(['i', 'i'])
    expect(await engine.api.fetchRows({ id: result.id, offset: 998, limit: 10 })).toEqual([
      [998n, null],
      [999n, null],
    ])
    await engine.api.closeResult({ id: result.id })
    await expect(engine.api.fetchRows({ id: result.id, offset: 0, limit: 1 })).rejects.toMatchObject({
      cause: { code: 'result.closed' },
    })
  })
})

describe('a dropped file', () => {
  it('that is named after no table is known by its columns', async () => {
    engine = await openTestEngine()
    const { sources, rejected } = await engine.api.load({
      files: [
        inputFile(`${onlineRetailFolder}/customers.parquet`, 'export (3).parquet'),
        dropped('stock_codes.parquet', await parquetBytes("SELECT 'POST' AS stock_code, true AS is_product")),
      ],
    })
    expect(sources.map(({ table, rows }) => [table, rows])).toEqual([['silver.customers', 4372]])
    expect(rejected.map(({ file, error }) => [file, error.code])).toEqual([
      ['stock_codes.parquet', 'source.unknown_table'],
    ])
  })
})
