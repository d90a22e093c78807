import type { Goldsmith, QueryOptions } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { EngineApi, QueryRequest } from '@/rpc/contract'
import {
  abortSignal,
  checkArgument,
  checkOptions,
  flag,
  inputFiles,
  number,
  oneOf,
  record,
  text,
  texts,
  textsOrAll,
} from './arguments'
import { published } from './catalog'
import { readAll } from './read-all'
import type { GoldsmithStore } from './store'

const queryOptions = { dialect: oneOf('databricks', 'duckdb'), signal: abortSignal }
const runOptions = {
  asOf: text,
  refresh: texts,
  fullRefresh: textsOrAll,
  select: texts,
  dryRun: flag,
  configuration: record,
  signal: abortSignal,
}
const exportOptions = { tables: texts, format: oneOf('delta', 'parquet', 'csv'), signal: abortSignal }

/**
 * The console's and scripts' access to the page. Loads and runs go through the store's actions, so that the page
 * shows them, and its Cancel buttons stop them, like its own.
 */
export function createAutomation(api: EngineApi, store: GoldsmithStore): Goldsmith {
  const ready = rejecting(() => api.info().then(() => undefined))
  // Whoever awaits `ready` sees the rejection; nobody has to.
  ready.catch(() => undefined)
  const { actions } = store
  return {
    ready,
    load: (files, options = {}) =>
      rejecting(() => {
        checkOptions('load', options, { as: text, signal: abortSignal })
        return actions.loadFiles(inputFiles(files), options)
      }),
    loadSample: (options) =>
      rejecting(() => {
        checkOptions('loadSample', options, { seed: number })
        checkArgument('loadSample: lines', options.lines, number)
        return actions.loadSample(options)
      }),
    run: (options = {}) =>
      rejecting(() => {
        checkOptions('run', options, runOptions)
        return actions.run(options)
      }),
    tables: () => rejecting(async () => published(await api.tables()).map(({ committedAt: _, ...table }) => table)),
    query: (sql, options = {}) => rejecting(() => readAll(api, queryRequest('query', sql, options), options.signal)),
    queryArrow: (sql, options = {}) =>
      rejecting(() => api.queryArrow(queryRequest('queryArrow', sql, options), callOptions(options))),
    history: (table) =>
      rejecting(() => {
        checkArgument('history: table', table, text)
        return api.history({ table })
      }),
    exportGold: (options = {}) =>
      rejecting(() => {
        checkOptions('exportGold', options, exportOptions)
        const { signal: _, ...request } = options
        return api.exportGold(request, callOptions(options))
      }),
    reset: () => rejecting(() => actions.reset()),
  }
}

/** Whatever goes wrong, also with the arguments, is a rejection with error data. */
async function rejecting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw thrown instanceof GoldsmithError ? thrown : new GoldsmithError(toErrorData(thrown))
  }
}

function queryRequest(method: string, sql: string, options: QueryOptions): QueryRequest {
  checkArgument(`${method}: sql`, sql, text)
  checkOptions(method, options, queryOptions)
  return options.dialect === undefined ? { sql } : { sql, dialect: options.dialect }
}

function callOptions({ signal }: { signal?: AbortSignal }): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
