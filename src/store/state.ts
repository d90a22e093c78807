import type { StoreApi } from 'zustand/vanilla'
import type { EngineApi } from '@/rpc/contract'
import type { CatalogState } from './catalog'
import type { DashboardsState } from './dashboards/slice'
import type { EngineState } from './engine'
import type { Environment } from './environment'
import type { ExportState } from './export'
import type { ProjectState } from './project'
import type { RevenueState } from './revenue'
import type { Route } from './route'
import type { RunState } from './run'
import type { RunsState } from './runs/slice'
import type { SourcesState } from './sources'
import type { SqlState } from './sql'

/** All that the page shows, one slice a feature. */
export interface GoldsmithState {
  route: Route
  engine: EngineState
  sources: SourcesState
  project: ProjectState
  run: RunState
  catalog: CatalogState
  sql: SqlState
  revenue: RevenueState
  dashboards: DashboardsState
  runs: RunsState
  export: ExportState
}

/** What a slice's actions work with. */
export interface SliceContext {
  api: EngineApi
  environment: Environment
  store: StoreApi<GoldsmithState>
}

type SliceName = Exclude<keyof GoldsmithState, 'route'>

/** Merges a change into one slice. */
export function patchSlice<K extends SliceName>(
  store: StoreApi<GoldsmithState>,
  name: K,
  change: Partial<GoldsmithState[K]>,
): void {
  const next: Partial<GoldsmithState> = { [name]: { ...store.getState()[name], ...change } }
  store.setState(next)
}
