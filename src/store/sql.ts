import type { ErrorData, QueryOptions } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { ResultInfo } from '@/rpc/contract'
import { patchSlice, type SliceContext } from './state'

export type Dialect = NonNullable<QueryOptions['dialect']>

/** A query of this or an earlier visit that ended. */
export interface PastQuery {
  sql: string
  dialect: Dialect
  /** Milliseconds since the epoch. */
  at: number
  rows: number | null
  durationMs: number
}

export type QueryState =
  | { status: 'idle' }
  | { status: 'running'; startedAt: number; previous: ResultInfo | null }
  | { status: 'done'; result: ResultInfo }
  | { status: 'failed'; error: ErrorData }
  | { status: 'canceled' }

export interface SqlState {
  text: string
  dialect: Dialect
  past: PastQuery[]
  query: QueryState
}

const textKey = 'goldsmith.sql.text'
const dialectKey = 'goldsmith.sql.dialect'
const pastKey = 'goldsmith.sql.past'
const pastLimit = 30

export function initialSql(memory: { get(key: string): string | null }): SqlState {
  return {
    text: memory.get(textKey) ?? '',
    dialect: memory.get(dialectKey) === 'duckdb' ? 'duckdb' : 'databricks',
    past: readPast(memory.get(pastKey)),
    query: { status: 'idle' },
  }
}

export interface SqlActions {
  setSql(text: string): void
  setDialect(dialect: Dialect): void
  /** Runs the text, or the selected part of it. The result stays in the engine and is read in windows. */
  runQuery(sql: string): Promise<void>
  cancelQuery(): void
  forgetQueries(): void
  /** The text and the queries of all visits: nothing that runs now is remembered either. */
  forgetSql(): void
}

export function createSqlActions({ api, environment, store }: SliceContext): SqlActions {
  let controller: AbortController | null = null

  function remember(past: PastQuery) {
    const others = store.getState().sql.past.filter(({ sql }) => sql !== past.sql)
    const kept = [past, ...others].slice(0, pastLimit)
    environment.memory.set(pastKey, JSON.stringify(kept))
    patchSlice(store, 'sql', { past: kept })
  }

  function close(result: ResultInfo | null) {
    // A result that the engine has already dropped needs no closing.
    if (result) api.closeResult({ id: result.id }).catch(() => undefined)
  }

  return {
    setSql(text) {
      // The editor reports the empty text also when it was emptied by `forgetSql`.
      environment.memory.set(textKey, text === '' ? null : text)
      patchSlice(store, 'sql', { text })
    },
    setDialect(dialect) {
      environment.memory.set(dialectKey, dialect)
      patchSlice(store, 'sql', { dialect })
    },
    async runQuery(sql) {
      if (sql.trim() === '') return
      controller?.abort()
      const own = new AbortController()
      controller = own
      const startedAt = environment.now()
      const { query, dialect } = store.getState().sql
      const previous = query.status === 'done' ? query.result : query.status === 'running' ? query.previous : null
      patchSlice(store, 'sql', { query: { status: 'running', startedAt, previous } })
      try {
        const result = await api.query({ sql, dialect }, { signal: own.signal })
        if (controller !== own) return close(result)
        patchSlice(store, 'sql', { query: { status: 'done', result } })
        remember({ sql, dialect, at: startedAt, rows: result.rows, durationMs: result.durationMs })
      } catch (thrown) {
        if (controller !== own) return
        const error = toErrorData(thrown)
        patchSlice(store, 'sql', {
          query: error.code === 'canceled' ? { status: 'canceled' } : { status: 'failed', error },
        })
        if (error.code !== 'canceled') {
          remember({ sql, dialect, at: startedAt, rows: null, durationMs: environment.now() - startedAt })
        }
      } finally {
        if (controller === own) {
          controller = null
          close(previous)
        }
      }
    },
    cancelQuery() {
      controller?.abort()
    },
    forgetQueries() {
      environment.memory.set(pastKey, null)
      patchSlice(store, 'sql', { past: [] })
    },
    forgetSql() {
      controller?.abort()
      controller = null
      for (const key of [textKey, dialectKey, pastKey]) environment.memory.set(key, null)
      const { query } = store.getState().sql
      patchSlice(store, 'sql', initialSql(environment.memory))
      close(query.status === 'done' ? query.result : query.status === 'running' ? query.previous : null)
    },
  }
}

/** What an earlier visit (or an earlier version) left; anything unreadable is dropped. */
function readPast(text: string | null): PastQuery[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isPastQuery).slice(0, pastLimit) : []
  } catch {
    return []
  }
}

function isPastQuery(value: unknown): value is PastQuery {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sql' in value &&
    typeof value.sql === 'string' &&
    'dialect' in value &&
    (value.dialect === 'databricks' || value.dialect === 'duckdb') &&
    'at' in value &&
    typeof value.at === 'number' &&
    'durationMs' in value &&
    typeof value.durationMs === 'number' &&
    'rows' in value &&
    (value.rows === null || typeof value.rows === 'number')
  )
}
