import { useMediaQuery, useViewportSize } from '@mantine/hooks'
import { useMemo } from 'react'
import { LazyChart } from '@/components/chart/lazy-chart'
import { horizontalBars, stackedAreas } from '@/components/chart/options'
import { noSlot, paletteSlots } from '@/components/chart/palette'
import { useChartColors } from '@/components/chart/use-chart-colors'
import { daysBetween } from '@/domain/format/dates'
import { type Decimal, decimalToNumber, decimalToString, sumDecimals } from '@/domain/format/decimal'
import { formatCompact, formatMoney, formatPercent } from '@/domain/format/number'
import { dimensionValues, groupRevenue, type RevenueRow } from '@/store/revenue-model'
import { type DashboardFilter, nullKey } from '@/store/route'
import { useActions } from '@/views/store-context'
import classes from './revenue.module.css'
import { nameOf } from './revenue-filters'

interface RevenueChartsProps {
  rows: RevenueRow[]
  /** Filtered by everything but the category: the bars that are not chosen stay, to be chosen. */
  categoryRows: RevenueRow[]
  /** Unfiltered: a segment keeps its colour whatever is filtered. */
  allRows: RevenueRow[]
  window: { first: string; last: string }
  filter: DashboardFilter
  currency: string | null
  /** Last day with revenue in the whole table: what comes after it is unknown, not zero. */
  lastDate: string | null
}

const barLimit = 12

/** px that the page takes above and below the charts when they stand side by side. */
const around = 320
const heights = { compact: 220, least: 300, most: 540 }

export function RevenueCharts({ rows, categoryRows, allRows, window, filter, currency, lastDate }: RevenueChartsProps) {
  const colors = useChartColors()
  const compact = useMediaQuery('(max-width: 600px)') ?? false
  const stacked = useMediaQuery('(max-width: 1150px)') ?? false
  const viewport = useViewportSize()
  const height = compact
    ? heights.compact
    : stacked
      ? heights.least
      : Math.min(heights.most, Math.max(heights.least, viewport.height - around))
  const { navigate } = useActions()
  const first = filter.from ?? window.first
  const last = filter.to ?? window.last

  const daily = useMemo(() => {
    if (!colors) return null
    const days = daysBetween(first, last)
    const isKnown = (day: string) => lastDate !== null && day <= lastDate
    const lastKnown = days.findLastIndex(isKnown)
    const palette = paletteSlots(dimensionValues(allRows, (row) => row.segment))
    const money = (amount: Decimal) => formatMoney(amount, currency)
    const byDay = new Map(groupRevenue(rows, (row) => row.date).map(({ key, totals }) => [key, totals.revenue]))
    // The largest segment lies at the bottom, where its shape is read best.
    const series = groupRevenue(rows, (row) => row.segment).map(({ key }) => {
      const members = rows.filter((row) => row.segment === key)
      const amounts = new Map(
        groupRevenue(members, (row) => row.date).map((group) => [group.key, group.totals.revenue]),
      )
      return {
        name: nameOf(key),
        color: palette.get(key) ?? noSlot,
        points: days.map((day) => {
          const amount = amounts.get(day)
          if (amount) return { value: decimalToNumber(amount), text: money(amount) }
          return { value: isKnown(day) ? 0 : null, text: null }
        }),
      }
    })
    const totals = days.map((day) => {
      const amount = byDay.get(day)
      return amount ? money(amount) : isKnown(day) ? 'no revenue' : 'no data yet'
    })
    let top = 0
    const ends = series.map(({ points }) => {
      top += points[lastKnown]?.value ?? 0
      return top
    })
    return { option: stackedAreas(days, series, totals, colors, compact), ends }
  }, [rows, allRows, first, last, lastDate, currency, colors, compact])

  const groups = useMemo(() => groupRevenue(categoryRows, (row) => row.category), [categoryRows])
  const categories = useMemo(() => {
    if (!colors) return null
    const items = groups.slice(0, barLimit).map(({ key, totals }) => ({
      name: nameOf(key),
      value: decimalToNumber(totals.revenue),
      text: `${formatMoney(totals.revenue, currency)} · margin ${totals.margin ? formatPercent(totals.margin) : '–'}`,
      label: [
        formatCompact(decimalToNumber(totals.revenue)),
        ...(totals.margin ? [formatPercent(totals.margin, 0)] : []),
      ].join(' · '),
    }))
    return horizontalBars(items, filter.categories.map(nameOf), colors)
  }, [groups, currency, colors, filter.categories])

  const rest = groups.slice(barLimit)
  const restRevenue = sumDecimals(rest.map(({ totals }) => decimalToString(totals.revenue)))

  function pickCategory(name: string) {
    const key = groups.find((group) => nameOf(group.key) === name)?.key
    if (key === undefined) return
    const value = key ?? nullKey
    const chosen = filter.categories.includes(value) && filter.categories.length === 1 ? [] : [value]
    navigate({ view: 'dashboards', name: 'revenue', filter: { ...filter, categories: chosen } }, 'replace')
  }

  return (
    <div className={classes.charts}>
      <section className={`card ${classes.chart}`} aria-label="Net revenue per day by segment">
        <div className={classes.chartHead}>
          <h2>Net revenue per day by segment</h2>
          <span className="muted">{currency ?? 'amounts as in the data'}, shipped and delivered</span>
        </div>
        {daily && (
          <LazyChart
            label={`Net revenue per day from ${first} to ${last}, stacked by customer segment. The rows are in gold.gold_finance_daily_revenue.`}
            option={daily.option}
            ends={daily.ends}
            height={height}
          />
        )}
      </section>
      <section className={`card ${classes.chart}`} aria-label="Net revenue by category">
        <div className={classes.chartHead}>
          <h2>By category</h2>
          <span className="muted">net revenue · gross margin</span>
        </div>
        {categories && (
          <LazyChart
            label={`Net revenue by category: ${groups
              .slice(0, barLimit)
              .map(({ key, totals }) => `${nameOf(key)} ${formatMoney(totals.revenue, currency)}`)
              .join(', ')}`}
            option={categories}
            height={Math.max(heights.least, height) - (rest.length > 0 ? 20 : 0)}
            onPick={pickCategory}
          />
        )}
        {rest.length > 0 && (
          <p className="muted num">
            and {rest.length} more with {formatMoney(restRevenue, currency)}
          </p>
        )}
      </section>
    </div>
  )
}
