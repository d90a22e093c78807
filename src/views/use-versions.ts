import { valueOr } from '@/store/loadable'
import type { GoldsmithState } from '@/store/state'
import { useGoldsmith } from './store-context'

const none: never[] = []

/**
 * A text that changes whenever the rows of the tables may have: what was read of them before is then old. A run commits many tables;
 * what reads others need not be read again for each.
 */
export function useVersions(...tables: string[]): string {
  return useGoldsmith((state) => versionsOf(state, tables))
}

function versionsOf({ catalog, engine }: GoldsmithState, tables: string[]): string {
  const known = [...valueOr(catalog.tables, none), ...catalog.privateTables]
  const versions = tables.map((name) => {
    const table = known.find((each) => each.name === name)
    if (table === undefined) return 'none'
    // What has no versions (a Silver table, a view) may change whenever the catalog does.
    return table.version === null ? `revision ${catalog.revision}` : `version ${table.version}`
  })
  // Results that the engine held are lost with it.
  return JSON.stringify([...versions, engine.restarts])
}
