import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { TableInfo, UpdateReport } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import { decimalToString } from '@/domain/format/decimal'
import type { EngineApi, EngineEvent, SourceView } from '@/rpc/contract'
import { createAutomation } from './automation'
import { goldBytes } from './catalog'
import { noFilter, nullKey } from './dashboards/filter'
import type { Environment } from './environment'
import { valueOr } from './loadable'
import { filterRevenue, groupRevenue, readRevenue, totalRevenue } from './revenue-model'
import { distinctQuery } from './revenue-queries'
import { formatRoute, parseRoute } from './route'
import { outcomeOfRun, updateProgress, whyNotRun } from './run'
import { activeQuery, activeTab } from './sql'
import { createGoldsmithStore } from './store'

const noon = Date.UTC(2026, 0, 5, 12)

function orders(max: string): SourceView {
  return {
    table: 'silver.orders',
    comment: null,
    optional: false,
    columns: [],
    key: ['order_id'],
    status: 'ready',
    files: [],
    rows: 1,
    bytes: 1,
    delta: null,
    lastLoad: null,
    dateRange: { column: 'order_date', min: '2010-12-01', max },
    problems: [],
  }
}

const emptyReport: UpdateReport = {
  updateId: 'u1',
  status: 'completed',
  asOf: '2011-12-09',
  startedAt: '2011-12-09T00:00:00Z',
  durationMs: 1,
  datasets: [],
  problems: [],
}

/** A store over an engine that answers with little; `overrides` replace its methods. */
function setUp(overrides: Partial<EngineApi> = {}, remembered: Record<string, string> = {}) {
  const listeners = new Set<(event: EngineEvent) => void>()
  const memory = new Map(Object.entries(remembered))
  let hash = ''
  const hashListeners = new Set<() => void>()
  const environment: Environment = {
    memory: {
      get: (key) => memory.get(key) ?? null,
      set: (key, value) => {
        if (value === null) memory.delete(key)
        else memory.set(key, value)
      },
      clear: () => memory.clear(),
    },
    address: {
      get: () => hash,
      set(next) {
        hash = next
        for (const listener of hashListeners) listener()
      },
      subscribe(listener) {
        hashListeners.add(listener)
        return () => hashListeners.delete(listener)
      },
    },
    now: () => noon,
    fetch: async () => new Response(null, { status: 404 }),
    sha256: async (blob) => `sha256 of ${await blob.text()}`,
  }
  const unexpected = async () => {
    throw new Error('not expected in this test')
  }
  const api: EngineApi = {
    info: unexpected,
    load: unexpected,
    loadAgain: unexpected,
    loadSample: unexpected,
    unload: unexpected,
    project: unexpected,
    lineage: unexpected,
    openLineage: unexpected,
    sources: async () => [],
    run: unexpected,
    lastUpdate: async () => null,
    tables: async () => [],
    history: async () => [],
    query: unexpected,
    openTable: unexpected,
    fetchRows: unexpected,
    arrange: unexpected,
    profile: unexpected,
    plan: unexpected,
    exportResult: unexpected,
    closeResult: async () => undefined,
    queryArrow: unexpected,
    dashboard: unexpected,
    exportGold: unexpected,
    reset: unexpected,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...overrides,
  }
  const store = createGoldsmithStore(api, environment)
  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener(event)
  }
  return { api, store, emit, memory }
}

describe('addresses', () => {
  test('every place has an address that leads back to it, whatever the names', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0') && text !== '\\N')
    const keys = fc.array(fc.oneof(name, fc.constant(nullKey)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(name, keys, keys, (table, segment, category) => {
        for (const route of [
          { view: 'pipeline', dataset: table },
          { view: 'catalog', table, tab: 'data' },
          { view: 'sql', query: table },
          {
            view: 'dashboards',
            name: 'revenue',
            filter: { from: '2011-12-01', to: null, values: { segment, category } },
          },
          { view: 'dashboards', name: 'campaigns', filter: { from: null, to: null, values: { channel: segment } } },
        ] as const) {
          expect(parseRoute(formatRoute({ ...route }))).toEqual(route)
        }
      }),
    )
  })

  test('an unknown or broken address is the first screen, and a date that is none is no filter', () => {
    expect(parseRoute('/nowhere')).toEqual({ view: 'sources' })
    expect(parseRoute('/catalog/%E0%A4%A')).toMatchObject({ view: 'catalog', table: '%E0%A4%A' })
    expect(parseRoute('/dashboards/revenue?from=2011-02-31')).toMatchObject({ filter: noFilter })
  })
})

describe('the business date', () => {
  test('is passed to a run from the last order date, unless the user chose one', async () => {
    const run = vi.fn(async () => emptyReport)
    const { store, memory } = setUp({ run, sources: async () => [orders('2011-12-09')] })
    await store.actions.refreshSources()
    await store.actions.runPipeline()
    store.actions.chooseAsOf('2011-06-30')
    await store.actions.runPipeline()
    expect(run.mock.calls.map((call: unknown[]) => call[0])).toEqual([{ asOf: '2011-12-09' }, { asOf: '2011-06-30' }])
    expect([...memory.values()]).toContain('2011-06-30')
  })

  test('is today in UTC without orders, and a remembered one survives a reload', async () => {
    const run = vi.fn(async () => emptyReport)
    const fresh = setUp({ run })
    await fresh.store.actions.runPipeline()
    const later = setUp({ run }, { 'goldsmith.asOf': '2011-06-30' })
    await later.store.actions.runPipeline()
    const broken = setUp({ run }, { 'goldsmith.asOf': 'yesterday' })
    await broken.store.actions.runPipeline()
    expect(run.mock.calls.map((call: unknown[]) => call[0])).toEqual([
      { asOf: '2026-01-05' },
      { asOf: '2011-06-30' },
      { asOf: '2026-01-05' },
    ])
  })

  test('without orders is that of the update which built the stored Gold', async () => {
    const run = vi.fn(async () => emptyReport)
    const { store } = setUp({ run, lastUpdate: async () => emptyReport })
    await store.actions.refreshLastUpdate()
    await store.actions.runPipeline()
    expect(run).toHaveBeenCalledWith({ asOf: '2011-12-09' }, expect.anything())
  })
})

describe('loading', () => {
  test('files that are refused become notices, and the others stay', async () => {
    const error = { code: 'parquet.truncated', message: 'cut off', file: 'b.parquet' }
    const { store } = setUp({
      load: async () => ({ sources: [], rejected: [{ file: 'b.parquet', error }] }),
      sources: async () => [orders('2011-12-09')],
    })
    await store.actions.loadFiles([])
    const { notices, sources, activity } = store.state.getState().sources
    expect(notices).toMatchObject([{ subject: 'b.parquet', error }])
    expect(sources).toMatchObject({ status: 'ready', value: [{ table: 'silver.orders' }] })
    expect(activity).toBeNull()
    store.actions.dismissNotice(notices[0]?.id ?? 0)
    expect(store.state.getState().sources.notices).toEqual([])
  })

  test('what was said about a file or a table is gone when the next load brings it, and only that', async () => {
    const error = { code: 'parquet.truncated', message: 'cut off' }
    const loaded = (table: string, files: string[]) => ({ table, files, rows: 1, bytes: 1, columns: [], problems: [] })
    const load = vi
      .fn<EngineApi['load']>()
      .mockResolvedValueOnce({
        sources: [],
        rejected: ['orders.parquet', 'customers.parquet', 'notes.parquet'].map((file) => ({ file, error })),
      })
      .mockResolvedValueOnce({
        sources: [loaded('silver.orders', ['orders_fixed.parquet'])],
        rejected: [{ file: 'notes.parquet', error }],
      })
    const { store } = setUp({ load, sources: async () => [orders('2011-12-09')] })
    await store.actions.refreshSources()
    store.actions.reportError(null, { code: 'load.nothing', message: 'The drop held no files.' })
    await store.actions.loadFiles([])
    const subjects = () => store.state.getState().sources.notices.map(({ subject }) => subject)
    expect(subjects()).toEqual(['orders.parquet', 'customers.parquet', 'notes.parquet'])
    await store.actions.loadFiles([])
    expect(subjects()).toEqual(['customers.parquet', 'notes.parquet'])
    store.actions.dismissNotices()
    expect(subjects()).toEqual([])
  })

  test('cancel reaches the engine and leaves no notice', async () => {
    const { store } = setUp({
      load: (_, call) =>
        new Promise((_, reject) => {
          call?.signal?.addEventListener('abort', () => {
            reject(new GoldsmithError({ code: 'canceled', message: 'Canceled.' }))
          })
        }),
    })
    const load = store.actions.loadFiles([])
    store.actions.cancelLoad()
    await expect(load).rejects.toMatchObject({ cause: { code: 'canceled' } })
    expect(store.state.getState().sources).toMatchObject({ notices: [], activity: null })
  })

  test('a table’s last files can be loaded again the other way, and what goes wrong is a notice about the table', async () => {
    const loadAgain = vi
      .fn<EngineApi['loadAgain']>()
      .mockResolvedValueOnce({ sources: [], rejected: [] })
      .mockRejectedValueOnce(new GoldsmithError({ code: 'source.nothing_to_repeat', message: 'Not known.' }))
    const { store } = setUp({ loadAgain })
    await store.actions.loadAgain('silver.orders', 'replace')
    expect(loadAgain.mock.calls[0]?.[0]).toEqual({ table: 'silver.orders', mode: 'replace' })
    expect(store.state.getState().sources.notices).toEqual([])
    await expect(store.actions.loadAgain('silver.orders', 'merge')).rejects.toThrow('Not known.')
    expect(store.state.getState().sources).toMatchObject({ activity: null, notices: [{ subject: 'silver.orders' }] })
  })

  test('sample data that is not served is a notice with a remedy', async () => {
    const { store } = setUp()
    await store.actions.loadOnlineRetail()
    expect(store.state.getState().sources.notices).toMatchObject([{ error: { code: 'sample.unavailable' } }])
  })
})

describe('an update', () => {
  test('is followed by its events, also when a script started it', async () => {
    let finish = (_: UpdateReport): void => undefined
    const { api, store, emit } = setUp({ run: () => new Promise((resolve) => (finish = resolve)) })
    const running = createAutomation({ ...api, info: async () => Promise.reject(new Error('no engine')) }, store).run()
    emit({ type: 'update.started', updateId: 'u1', datasets: ['gold.a', 'gold.b'] })
    const dataset = {
      name: 'gold.a',
      kind: 'materialized_view',
      plan: 'full',
      reason: 'first build',
      version: 0,
      rowsWritten: 1,
      rowsUpserted: 0,
      rowsDeleted: 0,
      rowsDropped: 0,
      durationMs: 1,
      expectations: [],
    } as const
    emit({ type: 'update.dataset', updateId: 'u1', dataset: { ...dataset, status: 'completed', expectations: [] } })
    emit({
      type: 'update.dataset',
      updateId: 'u1',
      dataset: { ...dataset, name: 'gold.b', status: 'building', expectations: [] },
    })
    emit({ type: 'update.dataset', updateId: 'other', dataset: { ...dataset, status: 'failed', expectations: [] } })
    expect(updateProgress(store.state.getState().run.update)).toEqual({ done: 1, total: 2, current: 'gold.b' })
    emit({ type: 'update.finished', report: emptyReport })
    finish(emptyReport)
    await running
    expect(store.state.getState().run).toMatchObject({
      update: { status: 'idle' },
      report: emptyReport,
      showReport: true,
    })
  })
})

describe('an update that ends', () => {
  const finished = { type: 'update.finished', report: emptyReport } as const

  test('while another place is shown stays unseen until the pipeline is opened', () => {
    const { store, emit } = setUp()
    const unseen = () => store.state.getState().run.unseen
    emit(finished)
    expect(unseen()).toBe(true)
    store.actions.navigate({ view: 'pipeline', dataset: null })
    expect(unseen()).toBe(false)
    emit(finished)
    expect(unseen()).toBe(false)
  })

  test('says nothing about sources that are loaded after it', async () => {
    const { store, emit } = setUp({
      project: async () => ({ name: 'retail', schemas: {}, datasets: [], dashboards: [], problems: [] }),
    })
    await store.actions.refreshProject()
    const outcome = () => outcomeOfRun(store.state.getState())
    expect(outcome()).toBeNull()
    emit(finished)
    expect(outcome()).toBe('built')
    emit({ type: 'update.finished', report: { ...emptyReport, status: 'failed' } })
    expect(outcome()).toBe('failed')
    emit({ type: 'sources.changed' })
    expect(outcome()).toBeNull()
  })
})

test('why no update may start names the tables that are missing or cannot be used', async () => {
  const customers: SourceView = { ...orders(''), table: 'silver.customers', status: 'absent' }
  const sources: SourceView[] = [{ ...orders(''), status: 'invalid' }, customers]
  const { store } = setUp({
    info: async () => ({
      threads: 1,
      crossOriginIsolated: false,
      memoryLimitBytes: 1,
      duckdbVersion: 'v1',
      persistent: true,
    }),
    project: async () => ({ name: 'retail', schemas: {}, datasets: [], dashboards: [], problems: [] }),
    sources: async () => sources,
  })
  await store.actions.refreshAll()
  const reason = () => whyNotRun(store.state.getState())
  expect(reason()).toBe('Load silver.customers first. silver.orders cannot be used: Sources says why.')
  sources.splice(0, 2, orders('2011-12-09'))
  await store.actions.refreshSources()
  expect(reason()).toBeNull()
})

describe('the catalog', () => {
  test('asks for the columns of a view once, and anew when the catalog changed', async () => {
    const query = vi.fn(async () => ({ id: 'r', columns: [{ name: 'day', type: 'DATE' }], rows: 0, durationMs: 1 }))
    const { store } = setUp({ query })
    await store.actions.loadViewColumns('gold.daily_base')
    await store.actions.loadViewColumns('gold.daily_base')
    expect(query).toHaveBeenCalledTimes(1)
    expect(store.state.getState().catalog.viewColumns).toEqual({
      'gold.daily_base': { status: 'ready', value: [{ name: 'day', type: 'DATE' }] },
    })
    await store.actions.refreshTables()
    expect(store.state.getState().catalog.viewColumns).toEqual({})
  })

  test('is left and found again at the same table', () => {
    const { store } = setUp()
    store.actions.navigate({ view: 'catalog', table: 'gold.fact_sales', tab: 'data' })
    store.actions.navigate({ view: 'export' })
    expect(store.state.getState().catalog.place).toEqual({ table: 'gold.fact_sales', tab: 'data' })
  })

  test('counts what the stored tables hold, whatever the browser estimates', async () => {
    const table = (name: string, layer: TableInfo['layer'], bytes: number | null): TableInfo => ({
      name,
      layer,
      kind: 'materialized_view',
      comment: null,
      columns: [],
      properties: {},
      rows: 1,
      version: 0,
      files: 1,
      bytes,
    })
    const { store, emit } = setUp({
      tables: async () => [
        table('gold.a', 'gold', 600),
        { ...table('gold.own', 'gold', 100), private: true },
        table('gold.v', 'gold', null),
        table('silver.b', 'silver', 9),
      ],
    })
    expect(goldBytes(store.state.getState())).toBeNull()
    emit({ type: 'engine.resources', memoryBytes: 1, storageBytes: 12, storageQuotaBytes: 99 })
    await store.actions.refreshTables()
    expect(goldBytes(store.state.getState())).toBe(700)
    const { tables, privateTables } = store.state.getState().catalog
    expect(valueOr(tables, []).map(({ name }) => name)).toEqual(['gold.a', 'gold.v', 'silver.b'])
    expect(privateTables.map(({ name }) => name)).toEqual(['gold.own'])
  })
})

describe('queries', () => {
  test('a result that a newer query superseded is closed, never shown', async () => {
    type Answer = { id: string; columns: []; rows: number; durationMs: number }
    const answers: ((answer: Answer) => void)[] = []
    const closeResult = vi.fn(async () => undefined)
    const { store } = setUp({
      closeResult,
      query: () => new Promise<Answer>((resolve) => answers.push(resolve)),
    })
    const first = store.actions.runQuery('SELECT 1')
    const second = store.actions.runQuery('SELECT 2')
    answers[1]?.({ id: 'r2', columns: [], rows: 2, durationMs: 1 })
    await second
    answers[0]?.({ id: 'r1', columns: [], rows: 1, durationMs: 1 })
    await first
    expect(activeQuery(store.state.getState().sql)).toMatchObject({ status: 'done', result: { id: 'r2' } })
    expect(closeResult).toHaveBeenCalledWith({ id: 'r1' })
    expect(store.state.getState().sql.past.map(({ sql }) => sql)).toEqual(['SELECT 2'])
  })

  test('a script reads a whole result in windows and closes it, also when reading fails', async () => {
    const closeResult = vi.fn(async () => undefined)
    const { api, store } = setUp({
      info: async () => Promise.reject(new Error('no engine')),
      closeResult,
      query: async () => ({ id: 'r', columns: [{ name: 'i', type: 'BIGINT' }], rows: 25_000, durationMs: 1 }),
      fetchRows: async ({ offset, limit }) =>
        Array.from({ length: Math.min(limit, 25_000 - offset) }, (_, i) => [BigInt(offset + i)]),
    })
    const { rows } = await createAutomation(api, store).query('SELECT i')
    expect(rows).toHaveLength(25_000)
    expect(rows[24_999]).toEqual([24_999n])
    const failing = { ...api, fetchRows: async () => Promise.reject(new Error('gone')) }
    await expect(createAutomation(failing, store).query('SELECT i')).rejects.toThrow('gone')
    expect(closeResult).toHaveBeenCalledTimes(2)
  })
})

describe('reset', () => {
  test('forgets what the page remembered of this and earlier visits, and what it would remember next', async () => {
    type Answer = { id: string; columns: []; rows: number; durationMs: number }
    let answer = (_: Answer): void => undefined
    const reset = vi.fn(async () => undefined)
    const remembered = { 'goldsmith.earlier': 'left', 'goldsmith.sql.dialect': 'duckdb' }
    const closeResult = vi.fn(async () => undefined)
    const { api, store, memory } = setUp(
      {
        reset,
        closeResult,
        info: async () => Promise.reject(new Error('no engine')),
        query: () => new Promise<Answer>((resolve) => (answer = resolve)),
      },
      remembered,
    )
    store.actions.setSql('SELECT secret')
    store.actions.chooseAsOf('2011-06-30')
    const first = store.actions.runQuery('SELECT secret')
    answer({ id: 'r1', columns: [], rows: 1, durationMs: 1 })
    await first
    const running = store.actions.runQuery('SELECT other_secret')
    await createAutomation(api, store).reset()
    answer({ id: 'r2', columns: [], rows: 1, durationMs: 1 })
    await running
    store.actions.setSql('')
    expect(reset).toHaveBeenCalled()
    expect(Object.fromEntries(memory)).toEqual({})
    const { sql } = store.state.getState()
    expect(sql).toMatchObject({ past: [], queries: {}, tabs: [{ text: '', dialect: 'databricks' }] })
    expect(store.state.getState().run).toMatchObject({ chosenAsOf: null, report: null })
    expect(
      closeResult.mock.calls
        .flat()
        .map((request) => (request as { id: string }).id)
        .sort(),
    ).toEqual(['r1', 'r2'])
  })

  test('keeps what is remembered when the engine cannot forget', async () => {
    const failed = new GoldsmithError({ code: 'storage.failed', message: 'The disk is gone.' })
    const { store, memory } = setUp({ reset: async () => Promise.reject(failed) })
    store.actions.setSql('SELECT 1')
    await expect(store.actions.reset()).rejects.toBe(failed)
    expect([...memory.values()]).toEqual([expect.stringContaining('SELECT 1')])
  })
})

describe('the tabs of queries', () => {
  const running = () => new Promise<never>(() => undefined)
  const tabsOf = (store: ReturnType<typeof setUp>['store']) => store.state.getState().sql.tabs.map(({ text }) => text)

  test('a query that is opened takes a tab of its own, and the draft outlives the visit', () => {
    const { store, memory } = setUp()
    store.actions.setSql('SELECT draft')
    store.actions.setDialect('duckdb')
    store.actions.openQuery('SELECT linked', 'databricks')
    expect(tabsOf(store)).toEqual(['SELECT draft', 'SELECT linked'])
    const { sql } = setUp({}, Object.fromEntries(memory)).store.state.getState()
    expect(sql.tabs.map(({ text, dialect }) => [text, dialect])).toEqual([
      ['SELECT draft', 'duckdb'],
      ['SELECT linked', 'databricks'],
    ])
    expect(activeTab(sql).text).toBe('SELECT linked')
  })

  test('a query that a tab has already is shown there, and an empty tab is used', () => {
    const { store } = setUp()
    store.actions.openQuery('SELECT 1', 'databricks')
    store.actions.openQuery('SELECT 2', 'databricks')
    store.actions.openQuery('SELECT 1', 'databricks')
    expect(tabsOf(store)).toEqual(['SELECT 1', 'SELECT 2'])
    expect(activeTab(store.state.getState().sql).text).toBe('SELECT 1')
  })

  test('a closed tab ends its query, its text stays among the past ones, and there is always a tab', () => {
    const signals: (AbortSignal | undefined)[] = []
    const { store } = setUp({
      query: (_, call) => {
        signals.push(call?.signal)
        return running()
      },
    })
    store.actions.setSql('SELECT 1')
    const [tab] = store.state.getState().sql.tabs
    void store.actions.runQuery('SELECT 1')
    store.actions.closeTab(tab?.id ?? '')
    expect(signals.map((signal) => signal?.aborted)).toEqual([true])
    const { sql } = store.state.getState()
    expect(sql).toMatchObject({ past: [{ sql: 'SELECT 1', durationMs: null }], queries: {}, tabs: [{ text: '' }] })
    expect(activeTab(sql).id).not.toBe(tab?.id)
  })

  test('each tab keeps its own result, and the error of a part of the text is placed in the whole', async () => {
    const failure = { code: 'sql.syntax', message: 'no', line: 1, column: 3 }
    const { store } = setUp({ query: async () => Promise.reject(new GoldsmithError(failure)) })
    store.actions.setSql('SELECT 1;\n  SELEC 2')
    await store.actions.runQuery('SELEC 2', { line: 2, column: 3 })
    expect(activeQuery(store.state.getState().sql)).toMatchObject({ error: { line: 2, column: 5 } })
    store.actions.newTab()
    expect(activeQuery(store.state.getState().sql)).toEqual({ status: 'idle' })
  })

  test('forgetting leaves one empty tab, nothing that runs, and nothing for the next visit', async () => {
    const closeResult = vi.fn(async () => undefined)
    let answer = (_: { id: string; columns: []; rows: number; durationMs: number }): void => undefined
    const { store, memory } = setUp({
      closeResult,
      query: () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    })
    store.actions.openQuery('SELECT 1', 'duckdb')
    const first = store.actions.runQuery('SELECT 1')
    answer({ id: 'r1', columns: [], rows: 1, durationMs: 1 })
    await first
    store.actions.openQuery('SELECT 2', 'duckdb')
    const second = store.actions.runQuery('SELECT 2')
    store.actions.forgetSql()
    answer({ id: 'r2', columns: [], rows: 1, durationMs: 1 })
    await second
    store.actions.setSql('')
    expect(store.state.getState().sql).toMatchObject({
      tabs: [{ text: '', dialect: 'databricks' }],
      queries: {},
      past: [],
    })
    expect([...memory.keys()]).toEqual([])
    expect(closeResult.mock.calls).toEqual([[{ id: 'r1' }], [{ id: 'r2' }]])
  })

  test('what an earlier visit left unreadable is dropped', () => {
    for (const kept of ['', '{', 'null', '{"tabs":[]}', '{"tabs":[{"id":1}],"active":"7"}']) {
      const { store } = setUp({}, { 'goldsmith.sql.tabs': kept, 'goldsmith.sql.past': kept })
      expect(store.state.getState().sql).toMatchObject({ tabs: [{ text: '' }], past: [] })
    }
  })
})

describe('an export', () => {
  test('has a receipt with the checksum of what was saved', async () => {
    const { store } = setUp({ exportGold: async () => new Blob(['zip']) })
    await store.actions.startExport([{ name: 'gold.t', rows: 3 }])
    await vi.waitFor(() =>
      expect(store.state.getState().export.activity).toMatchObject({
        receipt: { rows: 3, bytes: 3, sha256: 'sha256 of zip' },
      }),
    )
  })
})

describe('the revenue dashboard', () => {
  const columns = (names: string[]) => names.map((name) => ({ name, type: '' }))
  const rows = readRevenue(
    {
      columns: columns([
        'revenue_date',
        'customer_segment',
        'category',
        'daily_revenue',
        'daily_profit',
        'transaction_count',
      ]),
      rows: [
        ['2011-12-08', 'Premium', 'Lamps', '0.10', '0.05', 2n],
        ['2011-12-08', null, null, '0.20', null, 1n],
        ['2011-12-09', 'Premium', null, '90071992547409.93', '-1.00', 3n],
      ],
    },
    {
      columns: columns(['revenue_date', 'customer_segment', 'category', 'total_gross']),
      rows: [
        ['2011-12-08', 'Premium', 'Lamps', '0.20'],
        ['2011-12-08', null, null, '0.30'],
      ],
    },
  )

  test('money is summed exactly and a margin is a ratio of sums', () => {
    expect(decimalToString(totalRevenue(rows).revenue)).toBe('90071992547410.23')
    const { margin, lines } = totalRevenue(filterRevenue(rows, { ...noFilter, to: '2011-12-08' }))
    expect(margin && decimalToString(margin)).toBe('0.1000')
    expect(lines).toBe(3n)
  })

  test('NULL is a group that can be filtered, and groups come largest first', () => {
    const unknown = filterRevenue(rows, { ...noFilter, values: { segment: [nullKey] } })
    expect(unknown.map((row) => row.date)).toEqual(['2011-12-08'])
    expect(groupRevenue(rows, (row) => row.segment).map(({ key }) => key)).toEqual(['Premium', null])
  })

  test('a hostile name in a filter stays inside its quotes', () => {
    const sql = distinctQuery('2011-12-09', { ...noFilter, values: { segment: ["x') OR 1=1 --", nullKey] } })
    expect(sql).toContain("customer_segment IN ('x'') OR 1=1 --') OR customer_segment IS NULL")
  })
})

describe('after the engine broke and was started again', () => {
  const ready = (...tables: string[]) => ({
    sources: tables.map((table) => ({
      table: `silver.${table}`,
      files: [`${table}.parquet`],
      columns: [],
      rows: 1,
      bytes: 1,
      problems: [],
    })),
    rejected: [],
  })
  const broken = { code: 'engine.broken', message: 'It broke.' }
  const restart = { type: 'engine.restarted', error: broken } as const
  const file = (name: string) => [{ path: `${name}.parquet`, file: new Blob() }] as never

  test('the files of this visit are read again, but not what was replaced or taken away', async () => {
    const load = vi.fn(async ({ files }: { files: { path: string }[] }) =>
      ready(...files.map(({ path }) => path.replace('.parquet', ''))),
    )
    const { store, emit } = setUp({ load: load as never, unload: async () => undefined })
    for (const name of ['orders', 'customers', 'products', 'orders']) await store.actions.loadFiles(file(name))
    await store.actions.unload('silver.products')
    load.mockClear()
    emit(restart)
    await store.actions.readSourcesAgain()
    expect(load.mock.calls.map(([{ files }]) => files[0]?.path)).toEqual(['customers.parquet', 'orders.parquet'])
    expect(store.state.getState().engine.restart).toEqual(broken)
  })

  test('a load that breaks it each time is given up, and the others are read', async () => {
    let breaks = false
    const loaded: string[] = []
    const { store, emit } = setUp({
      load: (async ({ files: [one] }: { files: { path: string }[] }) => {
        if (breaks && one?.path === 'orders.parquet') {
          emit(restart)
          throw new GoldsmithError({ code: 'engine.restarted', message: 'It broke.' })
        }
        loaded.push(one?.path ?? '')
        return ready((one?.path ?? '').replace('.parquet', ''))
      }) as never,
    })
    for (const name of ['orders', 'customers']) await store.actions.loadFiles(file(name))
    breaks = true
    loaded.length = 0
    emit(restart)
    await store.actions.readSourcesAgain()
    expect(loaded).toEqual(['customers.parquet'])
    expect(store.state.getState().sources.notices.map(({ subject }) => subject)).toEqual(['orders.parquet'])
  })
})

describe('a declared dashboard', () => {
  const columns = ['summary_month', 'total_revenue'].map((name) => ({ name, type: '' }))
  const rowsFor = (asOf: string) => ({ columns, rows: [[asOf, '1.00']] })
  const noSales = async () => {
    throw new GoldsmithError({ code: 'sql.unknown_table', message: 'gold.fact_sales is not there.' })
  }

  test('of two business dates shows the one that was asked for last, whichever comes first', async () => {
    const gates = new Map<string, () => void>()
    const { store } = setUp({
      query: noSales,
      dashboard: ({ asOf }) => new Promise((resolve) => gates.set(asOf, () => resolve(rowsFor(asOf)))),
    })
    const first = store.actions.loadDashboard('executive', '2011-11-30')
    const second = store.actions.loadDashboard('executive', '2011-12-09')
    gates.get('2011-12-09')?.()
    await second
    gates.get('2011-11-30')?.()
    await first
    const { data } = store.state.getState().dashboards
    expect(data.status === 'ready' && [data.value.asOf, data.value.tables.months?.rowCount]).toEqual(['2011-12-09', 1])
  })

  test('is there without sales, whose currency is then unknown, and another error is shown', async () => {
    const { store } = setUp({ query: noSales, dashboard: async ({ asOf }) => rowsFor(asOf) })
    await store.actions.loadDashboard('executive', '2011-12-09')
    expect(store.state.getState().dashboards.data).toMatchObject({ status: 'ready', value: { currencies: [] } })
    const broken = setUp({ dashboard: noSales })
    await broken.store.actions.loadDashboard('executive', '2011-12-09')
    expect(broken.store.state.getState().dashboards.data).toMatchObject({ status: 'error' })
  })
})
