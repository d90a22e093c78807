import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { PlanNode, ResultFile, ResultFormat, ResultInfo } from '@/rpc/contract'
import {
  type Dialect,
  type PastQuery,
  pastLimit,
  rememberedPast,
  rememberedSaved,
  rememberedTabs,
  rememberPast,
  rememberSaved,
  rememberTabs,
  type SavedQuery,
  type SqlTab,
} from './sql-memory'
import { patchSlice, type SliceContext } from './state'

export type QueryState =
  | { status: 'idle' }
  | { status: 'running'; startedAt: number; previous: ResultInfo | null }
  | { status: 'done'; result: ResultInfo; sql: string; dialect: Dialect }
  /** The error's place is one in the tab's text. */
  | { status: 'failed'; error: ErrorData }
  | { status: 'canceled' }

export interface SqlState {
  /** Never empty. */
  tabs: SqlTab[]
  /** The id of the tab that is shown. */
  active: string
  /** The last query of each tab that has run one. */
  queries: Record<string, QueryState>
  past: PastQuery[]
  /** What the user keeps under a name, by name. */
  saved: SavedQuery[]
}

const idle: QueryState = { status: 'idle' }
const blankTab: SqlTab = { id: '1', text: '', dialect: 'databricks' }

export function activeTab({ tabs, active }: SqlState): SqlTab {
  return tabs.find(({ id }) => id === active) ?? tabs[0] ?? blankTab
}

export function activeQuery(sql: SqlState): QueryState {
  return sql.queries[activeTab(sql).id] ?? idle
}

export function initialSql(memory: { get(key: string): string | null }): SqlState {
  return { ...rememberedTabs(memory), queries: {}, past: rememberedPast(memory), saved: rememberedSaved(memory) }
}

/** Where a statement begins in the tab's text, 1-based. */
export interface SqlPlace {
  line: number
  column: number
}

export interface SqlActions {
  /** Changes the text of the tab that is shown. */
  setSql(text: string): void
  setDialect(dialect: Dialect): void
  /** Shows the query in a tab of its own, or in the one that has it already; what is being written elsewhere stays. */
  openQuery(sql: string, dialect: Dialect): void
  newTab(): void
  selectTab(id: string): void
  /** Cancels what the tab runs and forgets its result; its text is among the past queries. */
  closeTab(id: string): void
  /** Runs text of the tab that is shown. The result stays in the engine and is read in windows. */
  runQuery(sql: string, at?: SqlPlace): Promise<void>
  /** Keeps the text of the tab that is shown under a name; another one of that name goes. */
  saveQuery(name: string): void
  removeSavedQuery(name: string): void
  /** How the engine would run a query. */
  planQuery(sql: string, dialect: Dialect, signal: AbortSignal): Promise<PlanNode[]>
  /** The rows of a result as a file. */
  exportResult(id: string, format: ResultFormat, signal: AbortSignal): Promise<ResultFile>
  cancelQuery(): void
  /** Those of all tabs. */
  cancelQueries(): void
  forgetQueries(): void
  /** All tabs and past queries of all visits: nothing that runs now is remembered either. */
  forgetSql(): void
}

export function createSqlActions({ api, environment, store }: SliceContext): SqlActions {
  const controllers = new Map<string, AbortController>()
  /** No identifier comes twice in a visit: an editor keeps a text's undo history by it. */
  let lastId = Math.max(0, ...store.getState().sql.tabs.map(({ id }) => Number(id) || 0))
  const state = () => store.getState().sql

  function setTabs(tabs: SqlTab[], active: string) {
    rememberTabs(environment.memory, { tabs, active })
    patchSlice(store, 'sql', { tabs, active })
  }

  function patchTab(change: Partial<SqlTab>) {
    const { id } = activeTab(state())
    setTabs(
      state().tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)),
      id,
    )
  }

  function addTab(text: string, dialect: Dialect) {
    lastId += 1
    const id = String(lastId)
    setTabs([...state().tabs, { id, text, dialect }], id)
  }

  function setQuery(id: string, query: QueryState) {
    patchSlice(store, 'sql', { queries: { ...state().queries, [id]: query } })
  }

  function remember(past: PastQuery) {
    const others = state().past.filter(({ sql }) => sql !== past.sql)
    const kept = [past, ...others].slice(0, pastLimit)
    rememberPast(environment.memory, kept)
    patchSlice(store, 'sql', { past: kept })
  }

  function setSaved(saved: SavedQuery[]) {
    rememberSaved(environment.memory, saved)
    patchSlice(store, 'sql', { saved })
  }

  function close(result: ResultInfo | null) {
    // A result that the engine has already dropped needs no closing.
    if (result) api.closeResult({ id: result.id }).catch(() => undefined)
  }

  function cancelQueries() {
    for (const controller of controllers.values()) controller.abort()
  }

  return {
    setSql: (text) => patchTab({ text }),
    setDialect: (dialect) => patchTab({ dialect }),
    openQuery(sql, dialect) {
      const { tabs } = state()
      const same = tabs.find((tab) => tab.text === sql && tab.dialect === dialect)
      if (same) setTabs(tabs, same.id)
      else if (activeTab(state()).text.trim() === '') patchTab({ text: sql, dialect })
      else addTab(sql, dialect)
    },
    newTab: () => addTab('', activeTab(state()).dialect),
    selectTab: (id) => setTabs(state().tabs, id),
    closeTab(id) {
      const { tabs, active, queries, past } = state()
      const index = tabs.findIndex((tab) => tab.id === id)
      const closed = tabs[index]
      if (!closed) return
      controllers.get(id)?.abort()
      controllers.delete(id)
      const { [id]: query = idle, ...others } = queries
      close(shownResult(query))
      patchSlice(store, 'sql', { queries: others })
      if (closed.text.trim() !== '' && !past.some(({ sql }) => sql === closed.text)) {
        remember({ sql: closed.text, dialect: closed.dialect, at: environment.now(), rows: null, durationMs: null })
      }
      if (tabs.length === 1) addTab('', closed.dialect)
      const left = state().tabs.filter((tab) => tab.id !== id)
      const neighbour = left[Math.min(index, left.length - 1)]
      setTabs(left, active === id && neighbour ? neighbour.id : active)
    },
    async runQuery(sql, at = { line: 1, column: 1 }) {
      if (sql.trim() === '') return
      const { id, dialect } = activeTab(state())
      controllers.get(id)?.abort()
      const own = new AbortController()
      controllers.set(id, own)
      const isCurrent = () => controllers.get(id) === own
      const startedAt = environment.now()
      const previous = shownResult(activeQuery(state()))
      setQuery(id, { status: 'running', startedAt, previous })
      try {
        const result = await api.query({ sql, dialect }, { signal: own.signal })
        if (!isCurrent()) return close(result)
        setQuery(id, { status: 'done', result, sql, dialect })
        remember({ sql, dialect, at: startedAt, rows: result.rows, durationMs: result.durationMs })
      } catch (thrown) {
        if (!isCurrent()) return
        const error = toErrorData(thrown)
        setQuery(id, error.code === 'canceled' ? { status: 'canceled' } : { status: 'failed', error: moved(error, at) })
        if (error.code !== 'canceled') {
          remember({ sql, dialect, at: startedAt, rows: null, durationMs: environment.now() - startedAt })
        }
      } finally {
        if (isCurrent()) {
          controllers.delete(id)
          close(previous)
        }
      }
    },
    saveQuery(name) {
      const { text, dialect } = activeTab(state())
      const others = state().saved.filter((saved) => saved.name !== name)
      setSaved([...others, { name, sql: text, dialect }].toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    },
    removeSavedQuery: (name) => setSaved(state().saved.filter((saved) => saved.name !== name)),
    planQuery: (sql, dialect, signal) => api.plan({ sql, dialect }, { signal }),
    exportResult: (id, format, signal) => api.exportResult({ id, format }, { signal }),
    cancelQuery() {
      controllers.get(activeTab(state()).id)?.abort()
    },
    cancelQueries,
    forgetQueries() {
      rememberPast(environment.memory, [])
      patchSlice(store, 'sql', { past: [] })
    },
    forgetSql() {
      cancelQueries()
      controllers.clear()
      for (const query of Object.values(state().queries)) close(shownResult(query))
      lastId += 1
      const blank: SqlTab = { ...blankTab, id: String(lastId) }
      patchSlice(store, 'sql', { queries: {}, past: [] })
      setSaved([])
      rememberPast(environment.memory, [])
      setTabs([blank], blank.id)
    },
  }
}

function shownResult(query: QueryState): ResultInfo | null {
  return query.status === 'done' ? query.result : query.status === 'running' ? query.previous : null
}

/** The error with its place in the text that the statement is a part of. */
function moved(error: ErrorData, at: SqlPlace): ErrorData {
  const { line, column } = error
  if (line === undefined) return error
  const inFirstLine = line === 1 && column !== undefined
  return {
    ...error,
    line: line + at.line - 1,
    ...(inFirstLine ? { column: column + at.column - 1 } : {}),
  }
}
