import { describe, expect, test } from 'vitest'
import type { Goldsmith } from '@/domain/automation'
import type { EngineApi } from '@/rpc/contract'
import { connectEngine } from '@/rpc/proxy'
import { serveEngine } from '@/rpc/serve'
import { createAutomation } from './automation'
import { createGoldsmithStore } from './store'

const result = { id: 'r', columns: [], rows: 20_000, durationMs: 1 }

/** The page over an engine at the other end of a channel that copies what passes, as a worker's does. */
function setUp(overrides: Partial<EngineApi> = {}): Goldsmith {
  const { port1, port2 } = new MessageChannel()
  const answers: Partial<EngineApi> = {
    load: async () => ({ sources: [], rejected: [] }),
    sources: async () => [],
    query: async () => result,
    closeResult: async () => undefined,
    subscribe: () => () => undefined,
    ...overrides,
  }
  serveEngine(port2, Promise.resolve(answers as EngineApi), new Promise(() => undefined))
  const { api } = connectEngine(port1)
  for (const port of [port1, port2]) port.start()
  const store = createGoldsmithStore(api, {
    memory: { get: () => null, set: () => undefined, clear: () => undefined },
    address: { get: () => '', set: () => undefined, subscribe: () => () => undefined },
    now: () => 0,
    sha256: async () => '',
    fetch: async () => new Response(null, { status: 404 }),
  })
  return createAutomation(api, store)
}

/** A call as a script makes it, which no compiler has read. */
function call(goldsmith: Goldsmith, method: keyof Goldsmith, ...parameters: unknown[]): Promise<unknown> {
  const called: unknown = Reflect.apply(goldsmith[method] as () => unknown, undefined, parameters)
  expect(called).toBeInstanceOf(Promise)
  return called as Promise<unknown>
}

describe('a script', () => {
  const wrong: [keyof Goldsmith, string, unknown[]][] = [
    ['load', 'load: files must be an array of File objects', []],
    ['load', 'load: files', [null]],
    ['load', "not 'orders.parquet'", ['orders.parquet']],
    ['load', 'not a File', [new File([], 'a.parquet')]],
    ['load', 'load: files[1] must be a File', [[new File([], 'a.parquet'), 'b.parquet']]],
    ['load', 'load: as must be a string, not 1', [[], { as: 1 }]],
    ['load', 'load: options must be an object, not null', [[], null]],
    ['loadSample', 'loadSample: options must be an object, not undefined', []],
    ['loadSample', "loadSample: lines must be a number, not '10'", [{ lines: '10' }]],
    ['run', 'run: options must be an object', ['2011-12-09']],
    ['run', 'run: select must be an array of strings', [{ select: 'fact_sales' }]],
    ['run', 'run: configuration must be an object of strings', [{ configuration: { rate: () => 1 } }]],
    ['run', 'run: signal must be an AbortSignal', [{ signal: {} }]],
    ['query', 'query: sql must be a string, not undefined', []],
    ['query', 'query: options must be an object, not null', ['SELECT 1', null]],
    ['query', "query: dialect must be 'databricks' or 'duckdb', not 'postgres'", ['SELECT 1', { dialect: 'postgres' }]],
    ['queryArrow', 'queryArrow: sql must be a string, not 1', [1]],
    ['history', 'history: table must be a string, not undefined', []],
    ['exportGold', "exportGold: format must be 'delta' or 'parquet' or 'csv', not 'xlsx'", [{ format: 'xlsx' }]],
    ['exportGold', 'exportGold: tables must be an array of strings', [{ tables: 'gold.a' }]],
  ]

  test.each(wrong)(
    'that calls %s with a wrong argument is told by a rejection: %s',
    async (method, message, parameters) => {
      await expect(call(setUp(), method, ...parameters)).rejects.toMatchObject({
        name: 'GoldsmithError',
        cause: {
          code: 'argument.invalid',
          message: expect.stringContaining(message),
          remedy: expect.stringMatching(/./),
        },
      })
    },
  )

  test('may give files as anything that can be iterated', async () => {
    const files = new Set([new File([], 'a.parquet')])
    expect(await call(setUp(), 'load', files)).toEqual({ sources: [], rejected: [] })
  })

  test('that cancels between two parts of a result is told so by error data', async () => {
    const controller = new AbortController()
    const goldsmith = setUp({
      fetchRows: async () => {
        controller.abort()
        return [[1]]
      },
    })
    const failure = goldsmith.query('SELECT i', { signal: controller.signal })
    await expect(failure).rejects.toMatchObject({ name: 'GoldsmithError', cause: { code: 'canceled' } })
  })

  test('sees the tables that are published, not those that the pipeline keeps for itself', async () => {
    const table = {
      layer: 'gold' as const,
      kind: 'materialized_view' as const,
      comment: null,
      columns: [],
      properties: {},
      rows: 1,
      version: 0,
      files: 1,
      bytes: 1,
    }
    const tables = async () => [
      { ...table, name: 'gold.a' },
      { ...table, name: 'gold.own', private: true as const },
    ]
    expect((await setUp({ tables }).tables()).map(({ name }) => name)).toEqual(['gold.a'])
  })

  test('gets error data also for what nobody foresaw', async () => {
    const failure = setUp({ tables: () => Promise.reject(new TypeError('x is undefined')) }).tables()
    await expect(failure).rejects.toMatchObject({ cause: { code: 'internal.unexpected', message: 'x is undefined' } })
  })
})

test('a call whose arguments cannot be copied to the engine is rejected, not left waiting', async () => {
  const { port1 } = new MessageChannel()
  const { api } = connectEngine(port1)
  const request = { sql: 'SELECT 1', dialect: (() => 'duckdb') as unknown as 'duckdb' }
  await expect(api.query(request)).rejects.toMatchObject({
    cause: { code: 'argument.not_transferable', message: expect.stringContaining('query'), remedy: expect.any(String) },
  })
  port1.close()
})
