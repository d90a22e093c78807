import { Button, Skeleton } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import { Tag } from '@/components/tag'
import { type DeclaredName, definitions } from '@/store/dashboards/dashboards'
import type { ChartTile, DashboardDefinition, Measure } from '@/store/dashboards/definition'
import type { DashboardFilter } from '@/store/dashboards/filter'
import type { DashboardData } from '@/store/dashboards/slice'
import { dimensionKeys, dimensionNames } from '@/store/dashboards/tile-model'
import { queryAsOf } from '@/store/dashboards/tile-sql'
import { waitingFor } from '@/store/dashboards/waiting'
import { valueOr } from '@/store/loadable'
import { Reading } from '@/views/reading'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useAsOf } from '@/views/use-as-of'
import { ChartTileView } from './chart-tile'
import classes from './dashboards.module.css'
import { Figures } from './figures'
import { type Choice, FilterBar } from './filter-bar'
import { RowsTileView } from './rows-tile'
import { WaitingNotice } from './waiting-notice'

const none: never[] = []

interface DeclaredDashboardProps {
  name: DeclaredName
  filter: DashboardFilter
}

/** A dashboard by its declaration: reads its rows, or says what it waits for. */
export function DeclaredDashboard({ name, filter }: DeclaredDashboardProps) {
  const definition: DashboardDefinition = definitions[name]
  const asOf = useAsOf()
  const shown = useGoldsmith((state) => state.dashboards)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const project = useGoldsmith((state) => state.project.project)
  const sources = useGoldsmith((state) => state.sources.sources)
  const revision = useGoldsmith((state) => state.catalog.revision)
  const { loadDashboard } = useActions()
  const known = tables.status === 'ready' && project.status === 'ready' && sources.status !== 'loading'
  const waiting = useMemo(
    () =>
      known
        ? waitingFor(
            definition.reads,
            valueOr(tables, []),
            valueOr(project, null)?.datasets ?? [],
            valueOr(sources, []),
          )
        : null,
    [known, definition, tables, project, sources],
  )
  const readable = known && waiting === null

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog has other rows
  useEffect(() => {
    if (readable) void loadDashboard(name, asOf.date)
  }, [readable, name, asOf.date, revision, loadDashboard])

  if (waiting) return <WaitingNotice title={definition.title} waiting={waiting} />
  const data = shown.name === name ? shown.data : { status: 'loading' as const }
  const failed = [tables, project, data].find((part) => part.status === 'error')
  if (failed?.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={failed.error}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => void loadDashboard(name, asOf.date)}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  if (data.status !== 'ready') return <DashboardSkeleton definition={definition} />
  return <DashboardBody definition={definition} data={data.value} filter={filter} />
}

interface DashboardBodyProps {
  definition: DashboardDefinition
  data: DashboardData
  filter: DashboardFilter
}

function DashboardBody({ definition, data, filter }: DashboardBodyProps) {
  const { name, asOf, tables, currencies } = data
  const project = useGoldsmith((state) => state.project.project)
  const { navigate } = useActions()
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null
  const queries = useMemo(
    () =>
      new Map(valueOr(project, null)?.dashboards.map((dashboard) => [dashboard.name, queryAsOf(dashboard.sql, asOf)])),
    [project, asOf],
  )
  const choices = useMemo(() => choicesOf(definition, data), [definition, data])
  const dates = useMemo(() => datesOf(definition, data), [definition, data])
  const onFilter = (next: DashboardFilter) => navigate({ view: 'dashboards', name, filter: next }, 'replace')

  if (Object.values(tables).every(({ rowCount }) => rowCount === 0)) {
    return (
      <EmptyState
        icon={<IconCalendarOff size={24} stroke={1.5} />}
        title={`Nothing to show as of ${asOf}`}
        text={`${definition.reads.join(' and ')} ${definition.reads.length === 1 ? 'has' : 'have'} no rows for this business date. The date is in the header; another one may have some.`}
      />
    )
  }
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <h1>{definition.title}</h1>
        <Tag>as of {asOf}</Tag>
        {currencies.length > 1 && (
          <Tag tone="warning">several currencies: {currencies.join(', ')}; amounts are added as they are</Tag>
        )}
        <FilterBar dates={dates} choices={choices} filter={filter} onChange={onFilter} />
      </div>
      <Figures definition={definition} data={data} queries={queries} filter={filter} currency={currency} />
      <div className={classes.grid}>
        {definition.tiles.map((tile) => {
          const source = definition.sources[tile.source]
          const table = tables[tile.source]
          if (!source || !table) return null
          const shared = {
            source,
            table,
            query: queries.get(source.query) ?? '',
            filter,
            fileName: `${name} ${tile.title.toLowerCase()} ${asOf}`.replaceAll(/[^a-z0-9-]+/g, '_'),
          }
          return 'mark' in tile ? (
            <ChartTileView
              key={tile.title}
              tile={tile}
              {...shared}
              ranking={rankingOf(definition, tile)}
              filters={definition.filters}
              currency={currency}
              onFilter={onFilter}
            />
          ) : (
            <RowsTileView key={tile.title} tile={tile} {...shared} />
          )
        })}
      </div>
    </div>
  )
}

/** The first figure about the same rows. */
function rankingOf({ figures }: DashboardDefinition, tile: ChartTile): Measure {
  return figures.find(({ source }) => source === tile.source)?.measure ?? tile.measures[0]
}

/** All that the dashboard's rows can be filtered by, in the order of the declaration. */
function choicesOf({ filters, sources }: DashboardDefinition, { tables }: DashboardData): Choice[] {
  return filters.flatMap((name) => {
    const entry = Object.entries(sources).find(([, { columns }]) => columns[name] !== undefined)
    const table = entry ? tables[entry[0]] : undefined
    if (!entry || !table) return []
    const [, source] = entry
    return [{ name, keys: dimensionKeys(table, source, name), names: dimensionNames(table, source, name) }]
  })
}

/** First and last date of the rows that have some. */
function datesOf({ sources }: DashboardDefinition, { tables }: DashboardData): { first: string; last: string } | null {
  const days = Object.entries(sources).flatMap(([id, source]) => {
    const table = tables[id]
    return source.date && table ? dimensionKeys(table, source, source.date).filter((day) => day !== null) : []
  })
  const sorted = days.sort()
  const [first] = sorted
  const last = sorted.at(-1)
  return first === undefined || last === undefined || first === last ? null : { first, last }
}

/** The dashboard's shape, and what is being read for it. */
function DashboardSkeleton({ definition }: { definition: DashboardDefinition }) {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const read = valueOr(tables, none).filter(({ name }) => definition.reads.includes(name))
  return (
    <div className={classes.view} aria-busy>
      <div className={classes.bar}>
        <h1>{definition.title}</h1>
        <output className="muted num">{read.length === 0 ? 'Starting the engine…' : <Reading tables={read} />}</output>
      </div>
      <div className={classes.tiles} data-count={definition.figures.length}>
        {definition.figures.map(({ title }) => (
          <Skeleton key={title} height={92} radius="lg" />
        ))}
      </div>
      <div className={classes.grid}>
        {definition.tiles.slice(0, 4).map(({ title, wide }) => (
          <Skeleton key={title} height={320} radius="lg" className={wide ? classes.wide : undefined} />
        ))}
      </div>
    </div>
  )
}
