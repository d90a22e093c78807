import type { Goldsmith } from '@/domain/automation'
import type { EngineApi } from '@/rpc/contract'
import { readAll } from './read-all'
import type { GoldsmithStore } from './store'

/**
 * The console's and scripts' access to the page. Loads and runs go through the store's actions, so that the page
 * shows them, and its Cancel buttons stop them, like its own.
 */
export function createAutomation(api: EngineApi, store: GoldsmithStore): Goldsmith {
  const ready = api.info().then(() => undefined)
  // Whoever awaits `ready` sees the rejection; nobody has to.
  ready.catch(() => undefined)
  const { actions } = store
  return {
    ready,
    load(files, options = {}) {
      const inputs = Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }))
      return actions.loadFiles(inputs, options)
    },
    loadSample: (options) => actions.loadSample(options),
    run: (options = {}) => actions.run(options),
    tables: () => api.tables(),
    query: (sql, { dialect, signal } = {}) => readAll(api, dialect === undefined ? { sql } : { sql, dialect }, signal),
    queryArrow: (sql, { dialect, signal } = {}) =>
      api.queryArrow(dialect === undefined ? { sql } : { sql, dialect }, signal ? { signal } : {}),
    history: (table) => api.history({ table }),
    exportGold: ({ signal, ...request } = {}) => api.exportGold(request, signal ? { signal } : {}),
    reset: () => actions.reset(),
  }
}
