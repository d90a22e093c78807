import type { QueryOptions } from '@/domain/automation'

export type Dialect = NonNullable<QueryOptions['dialect']>

/** A query that is being written, in a dialect. */
export interface SqlTab {
  id: string
  text: string
  dialect: Dialect
}

/** A query of this or an earlier visit that ended, or whose tab was closed before it ran. */
export interface PastQuery {
  sql: string
  dialect: Dialect
  /** Milliseconds since the epoch. */
  at: number
  /** Null when it failed or never ran. */
  rows: number | null
  /** Null when it never ran. */
  durationMs: number | null
}

/** A query that the user keeps under a name. */
export interface SavedQuery {
  name: string
  sql: string
  dialect: Dialect
}

interface Memory {
  get(key: string): string | null
  set(key: string, value: string | null): void
}

const tabsKey = 'goldsmith.sql.tabs'
const pastKey = 'goldsmith.sql.past'
const savedKey = 'goldsmith.sql.saved'
export const pastLimit = 30

/** What an earlier visit (or an earlier version) left; anything unreadable is dropped. There is always a tab. */
export function rememberedTabs(memory: Pick<Memory, 'get'>): { tabs: SqlTab[]; active: string } {
  const kept = readJson(memory.get(tabsKey))
  const tabs = isRecord(kept) && Array.isArray(kept.tabs) ? kept.tabs.filter(isTab) : []
  const [first = { id: '1', text: '', dialect: 'databricks' as const }] = tabs
  const active = tabs.find(({ id }) => isRecord(kept) && kept.active === id) ?? first
  return { tabs: tabs.length === 0 ? [first] : tabs, active: active.id }
}

export function rememberTabs(memory: Pick<Memory, 'set'>, { tabs, active }: { tabs: SqlTab[]; active: string }): void {
  const isUntouched = tabs.every(({ text, dialect }) => text === '' && dialect === 'databricks')
  memory.set(tabsKey, isUntouched ? null : JSON.stringify({ active, tabs }))
}

export function rememberedPast(memory: Pick<Memory, 'get'>): PastQuery[] {
  const kept = readJson(memory.get(pastKey))
  return Array.isArray(kept) ? kept.filter(isPastQuery).slice(0, pastLimit) : []
}

export function rememberPast(memory: Pick<Memory, 'set'>, past: PastQuery[]): void {
  memory.set(pastKey, past.length === 0 ? null : JSON.stringify(past))
}

export function rememberedSaved(memory: Pick<Memory, 'get'>): SavedQuery[] {
  const kept = readJson(memory.get(savedKey))
  return Array.isArray(kept) ? kept.filter(isSavedQuery) : []
}

export function rememberSaved(memory: Pick<Memory, 'set'>, saved: SavedQuery[]): void {
  memory.set(savedKey, saved.length === 0 ? null : JSON.stringify(saved))
}

function readJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isDialect(value: unknown): value is Dialect {
  return value === 'databricks' || value === 'duckdb'
}

function isTab(value: unknown): value is SqlTab {
  return isRecord(value) && typeof value.id === 'string' && typeof value.text === 'string' && isDialect(value.dialect)
}

function isSavedQuery(value: unknown): value is SavedQuery {
  return isRecord(value) && typeof value.name === 'string' && typeof value.sql === 'string' && isDialect(value.dialect)
}

function isPastQuery(value: unknown): value is PastQuery {
  return (
    isRecord(value) &&
    typeof value.sql === 'string' &&
    isDialect(value.dialect) &&
    typeof value.at === 'number' &&
    (value.durationMs === null || typeof value.durationMs === 'number') &&
    (value.rows === null || typeof value.rows === 'number')
  )
}
