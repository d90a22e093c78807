import { toIsoDate } from '@/domain/format/dates'
import type { SourceView } from '@/rpc/contract'

export interface AsOf {
  /** YYYY-MM-DD */
  date: string
  origin: 'chosen' | 'data' | 'update' | 'today'
}

/**
 * The business date that runs and dashboards use: the user's, else the last date of the loaded orders, else that of the
 * update which built the stored Gold, else today in UTC.
 */
export function effectiveAsOf(
  chosen: string | null,
  sources: SourceView[],
  lastUpdate: string | null,
  now: number,
): AsOf {
  if (chosen !== null) return { date: chosen, origin: 'chosen' }
  const last = sources.find((source) => source.table === 'silver.orders')?.dateRange?.max
  if (last !== undefined) return { date: last.slice(0, 10), origin: 'data' }
  if (lastUpdate !== null) return { date: lastUpdate, origin: 'update' }
  return { date: toIsoDate(now), origin: 'today' }
}
