import {
  IconBooks,
  IconBox,
  IconChartHistogram,
  IconDatabaseImport,
  IconHierarchy3,
  IconHistory,
  IconTerminal2,
} from '@tabler/icons-react'
import { useMemo } from 'react'
import { formatCount } from '@/domain/format/number'
import { shownDashboards } from '@/store/dashboards/dashboards'
import { noFilter } from '@/store/dashboards/filter'
import { valueOr } from '@/store/loadable'
import { hrefOf, type Route } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './shell.module.css'

interface Place {
  label: string
  icon: typeof IconBox
  route: Route
  count: number | null
}

/** The links to the page's views, with how many things each holds. */
export function Places() {
  const view = useGoldsmith((state) => state.route.view)
  const places = usePlaces()
  return places.map(({ label, icon: Icon, route, count }) => (
    <a
      key={label}
      className={classes.place}
      href={hrefOf(route)}
      aria-current={route.view === view ? 'page' : undefined}
    >
      <Icon size={18} stroke={1.6} aria-hidden />
      <span>{label}</span>
      {count !== null && <span className={`${classes.count} ${classes.optional}`}>{formatCount(count)}</span>}
    </a>
  ))
}

/** The views in their order. */
export function usePlaces(): Place[] {
  const sources = useGoldsmith((state) => state.sources.sources)
  const project = useGoldsmith((state) => state.project.project)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const lastTable = useGoldsmith((state) => state.catalog.place)
  const inCatalog = useGoldsmith((state) => state.route.view === 'catalog')
  return useMemo(() => {
    const loaded = valueOr(sources, []).filter((source) => source.status !== 'absent').length
    const datasets = project.status === 'ready' ? project.value.datasets.length : null
    // Those that have a view, as far as the pipeline has their queries.
    const dashboards = project.status === 'ready' ? shownDashboards(project.value).length : null
    const stored = tables.status === 'ready' ? tables.value.length : null
    return [
      { label: 'Sources', icon: IconDatabaseImport, route: { view: 'sources' }, count: loaded },
      { label: 'Pipeline', icon: IconHierarchy3, route: { view: 'pipeline', dataset: null }, count: datasets },
      {
        label: 'Catalog',
        icon: IconBooks,
        // Back to the table that was looked at; from there, to the list of all.
        route: inCatalog ? { view: 'catalog', table: null, tab: 'columns' } : { view: 'catalog', ...lastTable },
        count: stored,
      },
      { label: 'SQL', icon: IconTerminal2, route: { view: 'sql', query: null }, count: null },
      {
        label: 'Dashboards',
        icon: IconChartHistogram,
        route: { view: 'dashboards', name: 'revenue', filter: noFilter },
        count: dashboards,
      },
      { label: 'Runs', icon: IconHistory, route: { view: 'runs', tab: 'updates', update: null }, count: null },
      { label: 'Export', icon: IconBox, route: { view: 'export' }, count: null },
    ]
  }, [sources, project, tables, lastTable, inCatalog])
}
