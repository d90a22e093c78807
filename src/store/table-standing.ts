import type { DatasetReport, UpdateReport } from '@/domain/automation'
import type { StoredTable } from '@/rpc/contract'

export const tableFilters = ['pii', 'stale', 'failing'] as const
export type TableFilter = (typeof tableFilters)[number]

/** What updates tell of tables. */
export interface Updates {
  report: UpdateReport | null
  /** What the rules of each dataset last counted. */
  measured: Record<string, DatasetReport['expectations']>
}

const HOUR_MS = 3_600_000

/**
 * What a reader may look for among tables. `pii`: it has columns of personal data. `stale`: it was last found to be up to date,
 * or made so, longer ago than its property `sla_freshness_hours` allows. `failing`: its last update failed, or rows break one
 * of its rules.
 */
export function standingOf(table: StoredTable, { report, measured }: Updates, now: number): Set<TableFilter> {
  const standing = new Set<TableFilter>()
  if (table.columns.some(({ pii }) => pii)) standing.add('pii')
  const dataset = report?.datasets.find(({ name }) => name === table.name)
  if (dataset?.status === 'failed') standing.add('failing')
  if (measured[table.name]?.some(({ failed }) => failed > 0)) standing.add('failing')
  const refreshed = refreshedAt(table, report, dataset)
  const hours = Number(table.properties.sla_freshness_hours ?? Number.NaN)
  if (refreshed !== null && now - refreshed > hours * HOUR_MS) standing.add('stale')
  return standing
}

/** When a table was last known to have what its inputs had; null where nobody knows. */
function refreshedAt(
  table: StoredTable,
  report: UpdateReport | null,
  dataset: DatasetReport | undefined,
): number | null {
  const committed = table.committedAt ?? null
  const isCurrent = dataset?.status === 'completed' || dataset?.status === 'skipped'
  if (report === null || !isCurrent) return committed
  return Math.max(committed ?? 0, Date.parse(report.startedAt))
}
