import type { TableInfo, TableVersion } from '@/domain/automation'
import {
  type DataTimeColumns,
  dataTimeColumns,
  endOfDay,
  type Freshness,
  type FreshnessJudgement,
  judgeFreshness,
  type Sla,
  slaOf,
} from '@/domain/freshness/freshness'
import type { DatasetView, QueryRows } from '@/rpc/contract'
import type { Loadable } from '@/store/loadable'
import { instantOf, rowsOf } from './cells'

/** What the event log says of a dataset's refreshes. */
export interface Check {
  /** When an update last built it or found it up to date, ms since the epoch. */
  refreshedAt: number | null
  /** Business date of that update. */
  asOf: string | null
  lastFailed: boolean
}

/** Times that a table itself tells, ms since the epoch. */
export interface TableTimes {
  committedAt: number | null
  /** The latest value of the columns that tell a data time; null when they hold none. */
  data: { column: string; at: number } | null
}

export interface FreshnessRow {
  table: string
  sla: Sla
  version: number | null
  check: Check | null
  columns: DataTimeColumns | null
  /** Null for a table that is not built. */
  times: Loadable<TableTimes> | null
  /** Null until the times are read. */
  judgement: FreshnessJudgement | null
}

type Described = Pick<TableInfo, 'name' | 'columns' | 'properties' | 'version'>

export function readChecks(result: QueryRows | null): Map<string, Check> {
  const rows = result === null ? [] : rowsOf(result)
  return new Map(
    rows.map((row) => [
      row.text('dataset'),
      {
        refreshedAt: row.instant('refreshed_at'),
        asOf: row.textOrNull('as_of'),
        lastFailed: row.text('last_outcome') === 'failed',
      },
    ]),
  )
}

/** The times of a table from its versions (newest first) and from the latest value of each of its columns. */
export function readTimes(
  versions: readonly Pick<TableVersion, 'timestamp'>[],
  columns: DataTimeColumns | null,
  latest: readonly unknown[],
): TableTimes {
  const known = (columns?.names ?? []).flatMap((column, index) => {
    const at = instantOf(latest[index])
    return at === null ? [] : [{ column, at }]
  })
  const [data = null] = known.toSorted((a, b) => b.at - a.at)
  return { committedAt: instantOf(versions[0]?.timestamp), data }
}

/** Where a table's data time is read from. */
export function timeColumnsOf({
  columns,
  properties,
}: Pick<Described, 'columns' | 'properties'>): DataTimeColumns | null {
  const key = (properties['pipeline.key'] ?? '').split(',').map((name) => name.trim())
  return dataTimeColumns(columns, key)
}

/** Every table with an SLA, also one that is not built yet: stale first, then unknown, by name. */
export function freshnessRows(
  datasets: readonly Pick<DatasetView, 'name' | 'kind' | 'properties'>[],
  tables: readonly Described[],
  checks: ReadonlyMap<string, Check>,
  times: Readonly<Record<string, { value: Loadable<TableTimes> }>>,
  now: number,
): FreshnessRow[] {
  const stored = new Map(tables.map((table) => [table.name, table]))
  // What the pipeline promises now, not what it promised when the version was committed; beside it, tables of other pipelines.
  const declared = new Set(datasets.map(({ name }) => name))
  const others = tables.filter(({ name, version }) => version !== null && !declared.has(name) && !isQuarantine(name))
  // A view is as fresh as what it reads.
  return [...datasets.filter(({ kind }) => kind !== 'view'), ...others]
    .flatMap(({ name, properties }) => {
      const sla = slaOf(properties)
      return sla === null ? [] : [freshnessRow(name, sla, stored.get(name), checks.get(name) ?? null, times[name], now)]
    })
    .toSorted((a, b) => rank(a) - rank(b) || (a.table < b.table ? -1 : 1))
}

/** Whether a table has rows whose time can be read: its Gold version, not a view. */
export function hasTimes(table: Pick<TableInfo, 'name' | 'version' | 'layer'>): boolean {
  return table.version !== null && table.layer !== 'silver' && !isQuarantine(table.name)
}

function freshnessRow(
  table: string,
  sla: Sla,
  stored: Described | undefined,
  check: Check | null,
  times: { value: Loadable<TableTimes> } | undefined,
  now: number,
): FreshnessRow {
  const version = stored?.version ?? null
  const columns = stored === undefined ? null : timeColumnsOf(stored)
  const row = { table, sla, version, check, columns }
  // Without rows there is no refresh either, whatever an update found: it may have been forgotten since.
  if (version === null) {
    return { ...row, times: null, judgement: judgeFreshness(sla, { now, refreshedAt: null, data: null }) }
  }
  const value: Loadable<TableTimes> = times?.value ?? { status: 'loading' }
  if (value.status === 'loading') return { ...row, times: value, judgement: null }
  const changedAt = value.status === 'ready' ? (value.value.data?.at ?? null) : null
  const asOfEnd = check?.asOf == null ? null : endOfDay(check.asOf)
  const data = columns?.tells === 'change' ? { changedAt, asOfEnd } : null
  const judgement = judgeFreshness(sla, { now, refreshedAt: check?.refreshedAt ?? null, data })
  return { ...row, times: value, judgement }
}

function isQuarantine(name: string): boolean {
  return name.endsWith('__quarantine')
}

const order: Record<Freshness, number> = { stale: 0, unknown: 1, fresh: 2 }

function rank({ judgement }: FreshnessRow): number {
  return judgement === null ? 3 : order[judgement.status]
}
