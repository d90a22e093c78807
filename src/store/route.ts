import { isIsoDate } from '@/domain/format/dates'

/** Where the page is. Every place has an address, so that back, reload and a shared link work. */
export type Route =
  | { view: 'sources' }
  | { view: 'pipeline'; dataset: string | null }
  | { view: 'catalog'; table: string | null; tab: CatalogTab }
  | { view: 'sql'; query: string | null }
  | { view: 'dashboards'; name: 'revenue'; filter: DashboardFilter }
  | { view: 'export' }

export type ViewName = Route['view']

export const catalogTabs = ['overview', 'columns', 'data', 'history', 'sql'] as const
export type CatalogTab = (typeof catalogTabs)[number]

/** Empty lists mean "all"; a NULL group is the text `nullKey`. Dates are ISO and inclusive. */
export interface DashboardFilter {
  from: string | null
  to: string | null
  segments: string[]
  categories: string[]
}

/** How a NULL dimension value is spelled in a filter; a real value never starts with this control character. */
export const nullKey = '\u0000null'

export const noFilter: DashboardFilter = { from: null, to: null, segments: [], categories: [] }

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
        name: 'revenue',
        filter: {
          from: dateOrNull(parameters.get('from')),
          to: dateOrNull(parameters.get('to')),
          segments: readKeys(parameters.getAll('segment')),
          categories: readKeys(parameters.getAll('category')),
        },
      }
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
    case 'sql':
      return route.query === null ? '/sql' : `/sql?${new URLSearchParams({ query: route.query })}`
    case 'dashboards': {
      const parameters = new URLSearchParams()
      if (route.filter.from !== null) parameters.set('from', route.filter.from)
      if (route.filter.to !== null) parameters.set('to', route.filter.to)
      for (const value of route.filter.segments) parameters.append('segment', value === nullKey ? nullSpelling : value)
      for (const value of route.filter.categories)
        parameters.append('category', value === nullKey ? nullSpelling : value)
      const search = parameters.toString()
      return `/dashboards/${route.name}${search === '' ? '' : `?${search}`}`
    }
  }
}

/** How a NULL group is spelled in an address. */
const nullSpelling = '\\N'

function readKeys(values: string[]): string[] {
  return values.map((value) => (value === nullSpelling ? nullKey : value.replaceAll('\u0000', '')))
}

function dateOrNull(text: string | null): string | null {
  return text !== null && isIsoDate(text) ? text : null
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
