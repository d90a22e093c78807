import { isIsoDate } from '@/domain/format/dates'

/** What a dashboard can be filtered by, as it is spelled in an address. */
export const filterNames = [
  'segment',
  'category',
  'country',
  'classification',
  'recency',
  'monetary',
  'cohort',
  'month',
  'channel',
  'campaign',
  'flag',
] as const
export type FilterName = (typeof filterNames)[number]

/** Dates are ISO and inclusive; null is open. A name without values lets everything through. */
export interface DashboardFilter {
  from: string | null
  to: string | null
  /** Wanted values by name, each list with at least one; a NULL group is the text `nullKey`. */
  values: Partial<Record<FilterName, string[]>>
}

/** How a NULL dimension value is spelled in a filter; a real value never starts with this control character. */
export const nullKey = '\u0000null'

/** How a NULL group is spelled in an address. */
const nullSpelling = '\\N'

export const noFilter: DashboardFilter = { from: null, to: null, values: {} }

export function isFiltered({ from, to, values }: DashboardFilter): boolean {
  return from !== null || to !== null || Object.keys(values).length > 0
}

/** The filter with other wanted values of one name; none stands for all. */
export function withValues(filter: DashboardFilter, name: FilterName, wanted: string[]): DashboardFilter {
  const { [name]: _before, ...others } = filter.values
  return { ...filter, values: wanted.length === 0 ? others : { ...others, [name]: wanted } }
}

/** The filter after a mark was chosen by its keys: only that mark, or all again when it was the only one already. */
export function withPick(
  filter: DashboardFilter,
  keys: readonly (readonly [name: FilterName, key: string | null])[],
): DashboardFilter {
  const isChosen = keys.every(([name, key]) => {
    const chosen = filter.values[name] ?? []
    return chosen.length === 1 && chosen[0] === (key ?? nullKey)
  })
  return keys.reduce((next, [name, key]) => withValues(next, name, isChosen ? [] : [key ?? nullKey]), filter)
}

/** What is left of a filter on a dashboard that knows only these names, and other dates. */
export function carriedFilter(filter: DashboardFilter, names: readonly FilterName[]): DashboardFilter {
  const kept = names.flatMap((name) => {
    const values = filter.values[name]
    return values ? [[name, values] as const] : []
  })
  return { ...noFilter, values: Object.fromEntries(kept) }
}

/** Reads the part of an address after `?`. What is no filter is ignored. */
export function parseFilter(search: string): DashboardFilter {
  const parameters = new URLSearchParams(search)
  const values = filterNames.flatMap((name) => {
    const given = parameters.getAll(name)
    return given.length === 0 ? [] : [[name, given.map(readKey)] as const]
  })
  return {
    from: dateOrNull(parameters.get('from')),
    to: dateOrNull(parameters.get('to')),
    values: Object.fromEntries(values),
  }
}

/** The part of an address after `?`; empty without a filter. */
export function formatFilter({ from, to, values }: DashboardFilter): string {
  const parameters = new URLSearchParams()
  if (from !== null) parameters.set('from', from)
  if (to !== null) parameters.set('to', to)
  for (const name of filterNames) {
    for (const value of values[name] ?? []) parameters.append(name, value === nullKey ? nullSpelling : value)
  }
  return parameters.toString()
}

function readKey(value: string): string {
  return value === nullSpelling ? nullKey : value.replaceAll('\u0000', '')
}

function dateOrNull(text: string | null): string | null {
  return text !== null && isIsoDate(text) ? text : null
}
