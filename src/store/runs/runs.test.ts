import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpdateReport } from '@/domain/automation'
import type { Environment } from '@/store/environment'
import { valueOr } from '@/store/loadable'
import { readAll } from '@/store/read-all'
import { createGoldsmithStore, type GoldsmithStore } from '@/store/store'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'
import { freshnessRows } from './freshness'
import { allEvents, type EventFilter } from './place'
import { eventsQuery, heldRowsQuery } from './queries'
import { qualityOf } from './trends'
import { describeUpdate } from './updates'

const hostile = `it's "rich" \\ % _`
const pipeline = {
  'spark-pipeline.yml': 'name: shop\nschema: gold\n',
  'sources/orders.sql': 'CREATE TABLE silver.orders (id BIGINT, day DATE, price INT, _updated_at TIMESTAMP);',
  'transformations/paid.sql': `CREATE MATERIALIZED VIEW gold.paid (
      CONSTRAINT \`${hostile}\` EXPECT (price > 0) ON VIOLATION DROP ROW,
      CONSTRAINT known_day EXPECT (day IS NOT NULL) ON VIOLATION DROP ROW,
      CONSTRAINT sane EXPECT (price < 500)
    )
    TBLPROPERTIES ('sla_freshness_hours' = '24', 'quality.row_count_min' = '2', 'quality.price.max' = '5')
    AS SELECT id, day, price, _updated_at FROM silver.orders`,
  'transformations/total.sql': `CREATE MATERIALIZED VIEW gold.total (
      CONSTRAINT small EXPECT (total < 100) ON VIOLATION FAIL UPDATE
    ) AS SELECT sum(price) AS total FROM gold.paid`,
  'transformations/shown.sql': 'CREATE VIEW gold.shown AS SELECT total FROM gold.total',
  'transformations/doubled.sql': `CREATE MATERIALIZED VIEW gold.doubled TBLPROPERTIES ('sla_freshness_hours' = '1')
    AS SELECT 2 * total AS total FROM gold.shown`,
}
const orders = (...prices: number[]) =>
  parquetBytes(
    `SELECT * FROM (VALUES ${prices
      .map(
        (price, id) =>
          `(${id}::BIGINT, ${id === 2 ? 'NULL' : `DATE '2024-01-0${id + 1}'`}, ${price}::INTEGER, TIMESTAMP '2024-01-0${id + 1} 12:00:00')`,
      )
      .join(', ')}) AS t(id, day, price, _updated_at)`,
  )

const environment: Environment = {
  memory: { get: () => null, set: () => undefined, clear: () => undefined },
  address: { get: () => '', set: () => undefined, subscribe: () => () => undefined },
  now: () => Date.now(),
  fetch: async () => new Response(null, { status: 404 }),
  sha256: async () => '',
}

let engine: TestEngine
let store: GoldsmithStore
let reports: UpdateReport[]

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: Object.entries(pipeline).map(([path, text]) => ({ path, text })) })
  store = createGoldsmithStore(engine.api, environment)
  await store.actions.refreshAll()
  await store.actions.loadUpdates()
  expect(store.state.getState().runs.updates).toEqual({ status: 'ready', value: [] })
  const run = async (...prices: number[]) => {
    await engine.api.load({ files: [dropped('orders.parquet', await orders(...prices))] })
    return engine.api.run({ asOf: '2024-01-03' })
  }
  // Built; nothing to do; a total that is too large, so that what reads it is not built either.
  reports = [await run(5, 0, -1), await engine.api.run({ asOf: '2024-01-03' }), await run(900, 0, 7)]
  expect(reports.map(({ status }) => status)).toEqual(['completed', 'completed', 'failed'])
  await store.actions.refreshAll()
}, 60_000)
afterAll(() => engine.close())

const runs = () => store.state.getState().runs

describe('past updates', () => {
  it('are those of the reports, newest first, with what became of their datasets', async () => {
    await store.actions.loadUpdates()
    const updates = valueOr(runs().updates, [])
    expect(updates.map(({ id, status, asOf }) => ({ id, status, asOf }))).toEqual(
      reports.toReversed().map(({ updateId, status, asOf }) => ({ id: updateId, status, asOf })),
    )
    expect(updates.map(describeUpdate)).toEqual([
      '1 dataset failed, 2 not built because of that, 1 table built',
      '3 up to date',
      '3 tables built',
    ])
    expect(updates.map(({ rowsChanged, dropped }) => [rowsChanged, dropped])).toEqual([
      [1, 2],
      [0, 0],
      [3, 2],
    ])
    for (const [index, { startedAt, durationMs }] of updates.entries()) {
      const report = reports.toReversed()[index]!
      expect(Math.abs(startedAt - Date.parse(report.startedAt))).toBeLessThan(1000)
      expect(durationMs).toBeGreaterThanOrEqual(report.datasets.reduce((sum, dataset) => sum + dataset.durationMs, 0))
    }
  })

  it('say of each dataset why it was built or not, and with which error', async () => {
    await store.actions.loadFlows(reports[2]!.updateId)
    const flows = valueOr(runs().detail.flows, [])
    expect(flows.map(({ dataset, outcome, plan }) => [dataset, outcome, plan])).toEqual([
      ['gold.paid', 'built', 'full'],
      ['gold.total', 'failed', 'full'],
      ['gold.shown', 'not built', 'skip'],
      ['gold.doubled', 'not built', 'full'],
    ])
    expect(flows[0]?.rows).toEqual({ written: 1, upserted: 0, deleted: 0, dropped: 2 })
    expect(flows[0]?.failures).toEqual([
      { rule: hostile, failed: 1 },
      { rule: 'known_day', failed: 1 },
      { rule: 'sane', failed: 1 },
    ])
    const { error } = reports[2]!.datasets.find(({ name }) => name === 'gold.total')!
    expect(flows[1]?.error).toMatchObject({ code: error?.code, message: error?.message })
    expect(flows[3]?.reason).toBe('gold.shown was not built in this update')
  })

  it('whose identifier nobody knows have no datasets', async () => {
    await store.actions.loadFlows(`x' OR 1=1 --`)
    expect(runs().detail).toEqual({ updateId: `x' OR 1=1 --`, flows: { status: 'ready', value: [] } })
  })
})

describe('the event log', () => {
  const count = async (filter: Partial<EventFilter>) =>
    (await readAll(engine.api, { sql: eventsQuery({ ...allEvents, ...filter }), dialect: 'duckdb' })).rows.length

  it('is narrowed by each filter and by all together', async () => {
    const all = await count({})
    const [update] = reports
    const ofUpdates = await Promise.all(reports.map(({ updateId }) => count({ update: updateId })))
    expect(ofUpdates.reduce((sum, events) => sum + events, 0)).toBe(all)
    expect(await count({ type: 'create_update' })).toBe(3)
    expect(await count({ level: 'ERROR' })).toBe(2)
    expect(await count({ level: 'ERROR', dataset: 'gold.total' })).toBe(1)
    expect(await count({ update: update!.updateId, level: 'ERROR' })).toBe(0)
    expect(await count({ text: 'TOTAL READS' })).toBe(3)
  })

  it('takes a text as it is written, whatever characters it has', async () => {
    for (const text of [hostile, '%', "';--", 'a\0b']) expect(await count({ text }), text).toBe(0)
  })
})

describe('quality over the updates', () => {
  it('is what the expectations of each build counted, and the rules found, oldest first', async () => {
    await store.actions.loadQuality()
    const history = valueOr(runs().quality, null)!
    const declared = valueOr(store.state.getState().project.project, null)!.datasets.find(
      ({ name }) => name === 'gold.paid',
    )!
    const { expectations, rules, status } = qualityOf('gold.paid', declared.expectations, history)
    const counts = (index: number) => expectations[index]!.measurements.map(({ passed, failed }) => [passed, failed])
    expect(expectations.map(({ rule }) => rule)).toEqual([hostile, 'known_day', 'sane'])
    expect(counts(0)).toEqual([
      [1, 2],
      [2, 1],
    ])
    expect(counts(2)).toEqual([
      [3, 0],
      [2, 1],
    ])
    const found = rules.map(({ rule, results }) => [rule, ...results.map((result) => result.status)])
    expect(found).toEqual([
      ['price.max', 'pass', 'fail'],
      ['row_count_min', 'fail', 'fail'],
    ])
    expect(status).toBe('fail')
  })

  it('is unknown for a rule that nothing measured, and kept for one that is not declared any more', async () => {
    const history = valueOr(runs().quality, null)!
    const rule = { name: 'new', expression: 'true', action: 'warn' as const }
    const quality = qualityOf('gold.total', [rule], history)
    expect(quality.expectations.map(({ rule: name, declared }) => [name, declared !== null])).toEqual([
      ['new', true],
      ['small', false],
    ])
    expect(quality.status).toBe('unknown')
  })
})

it('a quarantine says how many rows failed which rules, and gives the rows of one of them', async () => {
  const table = 'gold.paid__quarantine'
  await store.actions.loadReasons(table)
  expect(valueOr(runs().reasons[table]!, null)).toEqual([
    { rules: [hostile], rows: 1 },
    { rules: ['known_day'], rows: 1 },
  ])
  const held = await readAll(engine.api, { sql: heldRowsQuery(table, hostile), dialect: 'duckdb' })
  expect(held.rows.map(([id]) => id)).toEqual([1n])
})

it('freshness tells refresh, commit and data apart, and knows nothing of a table whose builds only failed or never began', async () => {
  const tables = await engine.api.tables()
  await store.actions.loadFreshness(tables)
  const datasets = valueOr(store.state.getState().project.project, null)!.datasets
  const checks = valueOr(runs().checks, new Map())
  const rows = freshnessRows(datasets, tables, checks, runs().times, Date.now())
  expect(rows.map(({ table, judgement }) => [table, judgement?.status])).toEqual([
    ['gold.paid', 'stale'],
    ['gold.doubled', 'fresh'],
  ])
  const [paid, doubled] = rows
  expect(paid?.judgement).toEqual({ refresh: 'fresh', data: 'stale', status: 'stale' })
  expect(paid?.columns).toEqual({ names: ['_updated_at'], tells: 'change' })
  expect(valueOr(paid!.times!, null)?.data).toEqual({ column: '_updated_at', at: Date.UTC(2024, 0, 1, 12) })
  // It was up to date in the second update; the third did not get to it, and committed nothing.
  const second = Date.parse(reports[1]!.startedAt)
  expect(doubled?.check?.refreshedAt).toBeGreaterThanOrEqual(second)
  expect(valueOr(doubled!.times!, null)?.committedAt).toBeLessThan(second)
  expect(freshnessRows(datasets, [], new Map(), {}, Date.now()).map(({ judgement }) => judgement?.status)).toEqual([
    'unknown',
    'unknown',
  ])
})

it('there is nothing to reconcile where the pipeline has no such table', async () => {
  await store.actions.loadReconciliation()
  expect(runs().reconciliation).toEqual({ status: 'ready', value: null })
})
