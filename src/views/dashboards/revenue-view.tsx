import { Button, Skeleton } from '@mantine/core'
import { IconCalendarOff, IconChartAreaLine } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import { Tag } from '@/components/tag'
import type { TableInfo } from '@/domain/automation'
import { type DashboardFilter, noFilter } from '@/store/dashboards/filter'
import { valueOr } from '@/store/loadable'
import type { RevenueData } from '@/store/revenue'
import { dimensionValues, filterRevenue, totalRevenue } from '@/store/revenue-model'
import { revenueWindow } from '@/store/revenue-queries'
import { hrefOf } from '@/store/route'
import { Reading } from '@/views/reading'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useAsOf } from '@/views/use-as-of'
import classes from './dashboards.module.css'
import { FilterBar } from './filter-bar'
import { RevenueCharts } from './revenue-charts'
import { RevenueTiles } from './revenue-tiles'

const none: never[] = []

/** What the dashboard's queries read. */
const readTables = ['gold.gold_finance_daily_revenue', 'gold.fact_sales', 'gold.fact_sales__quarantine']

/** Recognised revenue over the last 90 days: how much, by whom, of what, and what quality rules hold back. */
export function RevenueView() {
  const asOf = useAsOf()
  const data = useGoldsmith((state) => state.revenue.data)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const loaded = useGoldsmith((state) => valueOr(state.sources.sources, none).some(({ status }) => status !== 'absent'))
  const sourcesKnown = useGoldsmith((state) => state.sources.sources.status !== 'loading')
  const revision = useGoldsmith((state) => state.catalog.revision)
  const { loadRevenue } = useActions()
  const built = valueOr(tables, []).some(({ name }) => name === 'gold.gold_finance_daily_revenue')

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog has other rows
  useEffect(() => {
    if (built && sourcesKnown) void loadRevenue(asOf.date)
  }, [built, sourcesKnown, asOf.date, revision, loadRevenue])

  if (tables.status === 'ready' && !built) {
    return (
      <EmptyState
        icon={<IconChartAreaLine size={24} stroke={1.5} />}
        title="No Gold yet"
        text="The revenue dashboard reads gold.fact_sales and gold.gold_finance_daily_revenue. Load data and run the pipeline to build them."
      >
        {/* The next step is the one that stands out. */}
        <Button component="a" variant={loaded ? 'default' : 'filled'} href={hrefOf({ view: 'sources' })}>
          {loaded ? 'Sources' : 'Load data'}
        </Button>
        <Button
          component="a"
          variant={loaded ? 'filled' : 'default'}
          href={hrefOf({ view: 'pipeline', dataset: null })}
        >
          Open pipeline
        </Button>
      </EmptyState>
    )
  }
  const error = tables.status === 'error' ? tables.error : data.status === 'error' ? data.error : null
  if (error) {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={error}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => void loadRevenue(asOf.date)}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  if (data.status !== 'ready') return <RevenueSkeleton tables={valueOr(tables, none)} />
  return <RevenueDashboard data={data.value} />
}

function RevenueDashboard({ data }: { data: RevenueData }) {
  const filter = useGoldsmith((state) => (state.route.view === 'dashboards' ? state.route.filter : noFilter))
  const revision = useGoldsmith((state) => state.catalog.revision)
  const { loadRevenueFigures, navigate, chooseAsOf } = useActions()
  const rows = useMemo(() => filterRevenue(data.rows, filter), [data, filter])
  const totals = useMemo(() => totalRevenue(rows), [rows])
  const currency = data.currencies.length === 1 ? (data.currencies[0] ?? null) : null
  const window = revenueWindow(data.asOf)
  const choices = useMemo(
    () => [
      { name: 'segment' as const, keys: dimensionValues(data.rows, (row) => row.segment) },
      { name: 'category' as const, keys: dimensionValues(data.rows, (row) => row.category) },
    ],
    [data],
  )
  const onFilter = (next: DashboardFilter) => navigate({ view: 'dashboards', name: 'revenue', filter: next }, 'replace')

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog has other rows
  useEffect(() => void loadRevenueFigures(data.asOf, filter), [data.asOf, filter, revision, loadRevenueFigures])

  if (data.rows.length === 0) {
    const { lastDate } = data
    return (
      <EmptyState
        icon={<IconCalendarOff size={24} stroke={1.5} />}
        title={`No recognised revenue from ${window.first} to ${window.last}`}
        text={
          lastDate === null
            ? 'gold.gold_finance_daily_revenue has no rows: no shipped or delivered order passed the quality rules.'
            : `The last day with revenue is ${lastDate}. As of that date the dashboard shows the 90 days before it.`
        }
      >
        {lastDate !== null && <Button onClick={() => chooseAsOf(lastDate)}>Show as of {lastDate}</Button>}
      </EmptyState>
    )
  }
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <h1>Revenue</h1>
        {data.lastDate !== null && <Tag>last day with revenue {data.lastDate}</Tag>}
        {data.currencies.length > 1 && (
          <Tag tone="warning">several currencies: {data.currencies.join(', ')}; amounts are added as they are</Tag>
        )}
        <FilterBar dates={window} choices={choices} filter={filter} onChange={onFilter} />
      </div>
      <RevenueTiles totals={totals} asOf={data.asOf} filter={filter} currency={currency} />
      {rows.length === 0 ? (
        <div className="card">
          <EmptyState
            icon={<IconCalendarOff size={24} stroke={1.5} />}
            title="No revenue matches these filters"
            text="The window has revenue, but none in this selection."
          >
            <Button variant="default" onClick={() => onFilter(noFilter)}>
              Clear the filters
            </Button>
          </EmptyState>
        </div>
      ) : (
        <RevenueCharts rows={data.rows} asOf={data.asOf} filter={filter} currency={currency} onFilter={onFilter} />
      )}
    </div>
  )
}

/** The dashboard's shape, and what is being read for it. */
function RevenueSkeleton({ tables }: { tables: TableInfo[] }) {
  const read = tables.filter(({ name }) => readTables.includes(name))
  return (
    <div className={classes.view} aria-busy>
      <div className={classes.bar}>
        <h1>Revenue</h1>
        <output className="muted num">{read.length === 0 ? 'Starting the engine…' : <Reading tables={read} />}</output>
      </div>
      <div className={classes.tiles}>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <Skeleton key={key} height={92} radius="lg" />
        ))}
      </div>
      <div className={classes.charts}>
        <Skeleton height={348} radius="lg" />
        <Skeleton height={348} radius="lg" />
      </div>
    </div>
  )
}
