import { afterEach, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const AS_OF = '2025-12-31'
const opened: TestEngine[] = []

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close()
})

async function open(parts: Parameters<typeof openTestEngine>[0] = {}): Promise<TestEngine> {
  const engine = await openTestEngine(parts)
  opened.push(engine)
  return engine
}

async function rows({ api }: TestEngine, sql: string): Promise<unknown[][]> {
  const { id } = await api.query({ sql })
  const found = await api.fetchRows({ id, offset: 0, limit: 1000 })
  await api.closeResult({ id })
  return found
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

describe('pipeline.event_log', () => {
  it('says of each flow what the report says: status, rows, dropped records, expectations', async () => {
    const engine = await open()
    await engine.api.loadSample({ lines: 2000 })
    const report = await engine.api.run({ asOf: AS_OF })
    const flows = await rows(
      engine,
      `SELECT origin.dataset_name, details.flow_progress.metrics.num_output_rows,
         details.flow_progress.data_quality.dropped_records, details.flow_progress.data_quality.expectations
       FROM pipeline.event_log WHERE details.flow_progress.status = 'COMPLETED' ORDER BY origin.dataset_name`,
    )
    expect(flows).toEqual(
      report.datasets.toSorted(byName).map(({ name, rowsWritten, rowsDropped, expectations }) => [
        name,
        BigInt(rowsWritten),
        BigInt(rowsDropped),
        expectations.map((expectation) => ({
          name: expectation.name,
          dataset: name,
          passed_records: BigInt(expectation.passed),
          failed_records: BigInt(expectation.failed),
        })),
      ]),
    )
  })

  it('tells an update from its creation to its end, in order', async () => {
    const engine = await open()
    await engine.api.loadSample({ lines: 2000 })
    const { updateId } = await engine.api.run({ asOf: AS_OF, select: ['+gold_common.dim_date'] })
    const log = await rows(
      engine,
      `SELECT event_type, coalesce(details.flow_progress.status, details.update_progress.state, details.planning_information.plan)
       FROM pipeline.event_log WHERE origin.update_id = '${updateId}' AND (origin.dataset_name IS NULL OR origin.dataset_name = 'gold_common.dim_date')
       ORDER BY sequence`,
    )
    expect(log).toEqual([
      ['create_update', null],
      ['update_progress', 'RUNNING'],
      ['flow_definition', null],
      ['planning_information', 'full'],
      ['flow_progress', 'QUEUED'],
      ['flow_progress', 'RUNNING'],
      ['flow_progress', 'COMPLETED'],
      ['update_progress', 'COMPLETED'],
    ])
  })

  it('is kept across sessions, and every update appends to it', async () => {
    const files = new MemoryFileStore()
    const first = await open({ files })
    await first.api.loadSample({ lines: 500 })
    await first.api.run({ asOf: AS_OF, select: ['+gold.fact_sales'] })
    const second = await open({ files })
    await second.api.loadSample({ lines: 500 })
    await second.api.run({ asOf: AS_OF, select: ['+gold.fact_sales'] })
    const updates = `SELECT count(DISTINCT origin.update_id) FROM pipeline.event_log`
    expect(await rows(second, updates)).toEqual([[2n]])
    const history = await second.api.history({ table: 'pipeline.event_log' })
    expect(history.map(({ operationParameters }) => operationParameters.mode)).toEqual(['Append', undefined])
  })

  it('holds the error of a dataset that failed, whatever characters it has', async () => {
    const pipeline = retailFiles().map((file) =>
      file.path === 'transformations/gold/customer_ltv_gold.sql'
        ? {
            ...file,
            text: file.text.replace(
              'PRIMARY KEY (customer_id)',
              'PRIMARY KEY (customer_id),\n  CONSTRAINT `it\'s "rich"` EXPECT (total_revenue > 1000000000) ON VIOLATION FAIL UPDATE',
            ),
          }
        : file,
    )
    const engine = await open({ pipeline })
    await engine.api.loadSample({ lines: 2000 })
    const report = await engine.api.run({ asOf: AS_OF, select: ['+gold.customer_ltv_gold'] })
    const failed = report.datasets.find(({ name }) => name === 'gold.customer_ltv_gold')
    expect(failed?.error?.message).toContain(`it's "rich"`)
    const log = await rows(
      engine,
      `SELECT level, error.code, error.message, error.file FROM pipeline.event_log
       WHERE details.flow_progress.status = 'FAILED'`,
    )
    expect(log).toEqual([['ERROR', failed?.error?.code, failed?.error?.message, failed?.error?.file]])
  })

  it('says in a further plan why a dataset was not built after all', async () => {
    const files = {
      'spark-pipeline.yml': 'name: shop\nschema: gold\n',
      'sources/orders.sql': 'CREATE TABLE silver.orders (id BIGINT, price INT);',
      'transformations/paid.sql': `CREATE MATERIALIZED VIEW gold.paid (
        CONSTRAINT paid EXPECT (price > 0) ON VIOLATION FAIL UPDATE) AS SELECT id, price FROM silver.orders`,
      'transformations/total.sql': 'CREATE MATERIALIZED VIEW gold.total AS SELECT sum(price) AS total FROM gold.paid',
    }
    const engine = await open({ pipeline: Object.entries(files).map(([path, text]) => ({ path, text })) })
    const orders = await parquetBytes('SELECT 1::BIGINT AS id, 0::INTEGER AS price')
    await engine.api.load({ files: [dropped('orders.parquet', orders)] })
    await engine.api.run({ asOf: AS_OF })
    const plans = await rows(
      engine,
      `SELECT details.planning_information.plan, details.planning_information.reason FROM pipeline.event_log
       WHERE event_type = 'planning_information' AND origin.dataset_name = 'gold.total' ORDER BY sequence`,
    )
    expect(plans).toEqual([
      ['full', 'first build'],
      ['full', 'gold.paid was not built in this update'],
    ])
  })

  it('stays a few files however many updates there were', async () => {
    const engine = await open()
    await engine.api.loadSample({ lines: 200 })
    for (let update = 1; update <= 42; update += 1)
      await engine.api.run({ asOf: AS_OF, select: ['gold_common.dim_date'] })
    const table = (await engine.api.tables()).find(({ name }) => name === 'pipeline.event_log')
    expect(table).toMatchObject({ layer: 'pipeline' })
    expect(table?.files).toBeLessThan(40)
    expect(await rows(engine, 'SELECT count(DISTINCT origin.update_id) FROM pipeline.event_log')).toEqual([[42n]])
  })

  it('knows nothing of a dry run', async () => {
    const engine = await open()
    await engine.api.loadSample({ lines: 200 })
    await engine.api.run({ asOf: AS_OF, dryRun: true })
    expect((await engine.api.tables()).filter(({ layer }) => layer === 'pipeline')).toEqual([])
  })
})
