/** Where in the Runs view the page is, and how that is written in the address. */
export const runsTabs = ['updates', 'events', 'quality', 'freshness', 'quarantine', 'reconciliation'] as const
export type RunsTab = (typeof runsTabs)[number]

export type RunsPlace =
  | { tab: 'updates'; update: string | null }
  | { tab: 'events'; filter: EventFilter }
  | { tab: 'quality' }
  | { tab: 'freshness' }
  | { tab: 'quarantine'; table: string | null; rule: string | null }
  | { tab: 'reconciliation' }

/** Which events of the log are shown; null means all. */
export interface EventFilter {
  update: string | null
  level: string | null
  type: string | null
  dataset: string | null
  /** A part of the message, in any case. */
  text: string | null
}

export const allEvents: EventFilter = { update: null, level: null, type: null, dataset: null, text: null }

const filterNames = ['update', 'level', 'type', 'dataset', 'text'] as const

/** The place of a tab when nothing more is chosen in it. */
export function placeOfTab(tab: RunsTab): RunsPlace {
  switch (tab) {
    case 'updates':
      return { tab, update: null }
    case 'events':
      return { tab, filter: allEvents }
    case 'quarantine':
      return { tab, table: null, rule: null }
    case 'quality':
    case 'freshness':
    case 'reconciliation':
      return { tab }
  }
}

/** Reads what follows `/runs` in an address; anything unknown is the list of updates. */
export function parseRunsPlace(tab: string | null, item: string | null, parameters: URLSearchParams): RunsPlace {
  switch (tab) {
    case 'events': {
      const filter = { ...allEvents }
      for (const name of filterNames) filter[name] = parameters.get(name) || null
      return { tab, filter }
    }
    case 'quarantine':
      return { tab, table: item, rule: parameters.get('rule') }
    case 'quality':
    case 'freshness':
    case 'reconciliation':
      return { tab }
    default:
      return { tab: 'updates', update: tab === 'updates' ? item : null }
  }
}

/** The address of a place, from `/runs` on. */
export function formatRunsPlace(place: RunsPlace): string {
  const base = `/runs/${place.tab}`
  switch (place.tab) {
    case 'updates':
      return place.update === null ? base : `${base}/${encodeURIComponent(place.update)}`
    case 'events': {
      const parameters = new URLSearchParams()
      for (const name of filterNames) {
        const value = place.filter[name]
        if (value !== null && value !== '') parameters.set(name, value)
      }
      return withSearch(base, parameters)
    }
    case 'quarantine': {
      if (place.table === null) return base
      const parameters = new URLSearchParams()
      if (place.rule !== null) parameters.set('rule', place.rule)
      return withSearch(`${base}/${encodeURIComponent(place.table)}`, parameters)
    }
    case 'quality':
    case 'freshness':
    case 'reconciliation':
      return base
  }
}

function withSearch(path: string, parameters: URLSearchParams): string {
  const search = parameters.toString()
  return search === '' ? path : `${path}?${search}`
}
