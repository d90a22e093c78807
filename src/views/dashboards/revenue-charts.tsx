import { useMediaQuery, useViewportSize } from '@mantine/hooks'
import { useMemo } from 'react'
import type { DashboardFilter, FilterName } from '@/store/dashboards/filter'
import { type RevenueRow, revenueTable } from '@/store/revenue-model'
import { dailyQuery } from '@/store/revenue-queries'
import { revenueByCategory, revenuePerDay, revenueSource } from '@/store/revenue-tiles'
import { ChartTileView } from './chart-tile'
import classes from './dashboards.module.css'

interface RevenueChartsProps {
  /** Unfiltered. */
  rows: RevenueRow[]
  asOf: string
  filter: DashboardFilter
  currency: string | null
  onFilter: (filter: DashboardFilter) => void
}

const filters: FilterName[] = ['segment', 'category']

/** px that the page takes above and below the charts when they stand side by side. */
const around = 360
const heights = { compact: 220, least: 300, most: 540 }

export function RevenueCharts({ rows, asOf, filter, currency, onFilter }: RevenueChartsProps) {
  const compact = useMediaQuery('(max-width: 600px)') ?? false
  const stacked = useMediaQuery('(max-width: 1150px)') ?? false
  const viewport = useViewportSize()
  const height = compact
    ? heights.compact
    : stacked
      ? heights.least
      : Math.min(heights.most, Math.max(heights.least, viewport.height - around))
  const table = useMemo(() => revenueTable(rows), [rows])
  const shared = {
    source: revenueSource,
    table,
    ranking: revenuePerDay.measures[0],
    query: dailyQuery(asOf),
    filters,
    filter,
    currency,
    onFilter,
  }
  const perDay = useMemo(
    () => ({ ...revenuePerDay, note: `${currency ?? 'amounts as in the data'}, ${revenuePerDay.note}` }),
    [currency],
  )
  return (
    <div className={classes.charts}>
      <ChartTileView tile={perDay} {...shared} fileName={`revenue_per_day_${asOf}`} height={height} />
      <ChartTileView
        tile={revenueByCategory}
        {...shared}
        fileName={`revenue_by_category_${asOf}`}
        height={Math.max(heights.least, height)}
      />
    </div>
  )
}
