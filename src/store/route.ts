import { type DashboardName, dashboardTabs } from './dashboards/dashboards'
import { type DashboardFilter, formatFilter, parseFilter } from './dashboards/filter'
import { formatRunsPlace, parseRunsPlace, type RunsPlace } from './runs/place'

/** Where the page is. Every place has an address, so that back, reload and a shared link work. */
export type Route =
  | { view: 'sources' }
  | { view: 'pipeline'; dataset: string | null }
  | { view: 'catalog'; table: string | null; tab: CatalogTab }
  | { view: 'sql'; query: string | null }
  | { view: 'dashboards'; name: DashboardName; filter: DashboardFilter }
  | ({ view: 'runs' } & RunsPlace)
  | { view: 'export' }

export type ViewName = Route['view']

export const catalogTabs = ['overview', 'columns', 'data', 'quality', 'history', 'sql'] as const
export type CatalogTab = (typeof catalogTabs)[number]

/** Reads an address such as `/catalog/gold.fact_sales/data`; an unknown one is the first screen. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = splitOnce(hash, '?')
  const [view, first = null, second = null] = path.split('/').filter(Boolean).map(decode)
  const parameters = new URLSearchParams(search)
  switch (view) {
    case 'pipeline':
      return { view, dataset: first }
    case 'catalog':
      return { view, table: first, tab: catalogTabs.find((tab) => tab === second) ?? 'columns' }
    case 'sql':
      return { view, query: parameters.get('query') }
    case 'dashboards':
      return {
        view,
        name: dashboardTabs.find(({ name }) => name === first)?.name ?? 'revenue',
        filter: parseFilter(search),
      }
    case 'runs':
      return { view, ...parseRunsPlace(first, second, parameters) }
    case 'export':
      return { view }
    default:
      return { view: 'sources' }
  }
}

/** The address of a place, without `#`. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'sources':
    case 'export':
      return `/${route.view}`
    case 'pipeline':
      return route.dataset === null ? '/pipeline' : `/pipeline/${encodeURIComponent(route.dataset)}`
    case 'catalog':
      if (route.table === null) return '/catalog'
      return `/catalog/${encodeURIComponent(route.table)}/${route.tab}`
    case 'runs':
      return formatRunsPlace(route)
    case 'sql':
      return route.query === null ? '/sql' : `/sql?${new URLSearchParams({ query: route.query })}`
    case 'dashboards': {
      const search = formatFilter(route.filter)
      return `/dashboards/${route.name}${search === '' ? '' : `?${search}`}`
    }
  }
}

/** The address as an `href`. */
export function hrefOf(route: Route): string {
  return `#${formatRoute(route)}`
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
