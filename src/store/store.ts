import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EngineApi, EngineEvent } from '@/rpc/contract'
import { type CatalogActions, createCatalogActions, initialCatalog, withPlace } from './catalog'
import { createDashboardsActions, type DashboardsActions, initialDashboards } from './dashboards/slice'
import { createEngineActions, type EngineActions, initialEngine } from './engine'
import { browserEnvironment, type Environment } from './environment'
import { createExportActions, type ExportActions, initialExport } from './export'
import { createProjectActions, initialProject, type ProjectActions } from './project'
import { createRevenueActions, initialRevenue, type RevenueActions } from './revenue'
import { formatRoute, parseRoute, type Route } from './route'
import { createRunActions, initialRun, isShown, type RunActions, reduceUpdate, rememberedAsOf, withReport } from './run'
import { createRunsActions, initialRuns, type RunsActions } from './runs/slice'
import { createSourcesActions, initialSources, type SourcesActions, withProgress } from './sources'
import { createSqlActions, initialSql, type SqlActions } from './sql'
import { type GoldsmithState, patchSlice, type SliceContext } from './state'

interface ShellActions {
  /** Goes to a place; `replace` keeps the back button's history short (filters). */
  navigate(route: Route, mode?: 'push' | 'replace'): void
  /** Reads everything the first screen needs. */
  refreshAll(): Promise<void>
  /** Forgets everything that this origin stores, and what the page would write again from memory. */
  reset(): Promise<void>
}

export type GoldsmithActions = ShellActions &
  EngineActions &
  SourcesActions &
  ProjectActions &
  RunActions &
  CatalogActions &
  SqlActions &
  RevenueActions &
  DashboardsActions &
  RunsActions &
  ExportActions

export interface GoldsmithStore {
  state: StoreApi<GoldsmithState>
  actions: GoldsmithActions
  /** Milliseconds since the epoch, from the store's own clock. */
  now(): number
  dispose(): void
}

/** Builds the page's state over an engine: events of the engine drive it, whoever caused them. */
export function createGoldsmithStore(api: EngineApi, environment: Environment = browserEnvironment()): GoldsmithStore {
  const store = createStore<GoldsmithState>(() => ({
    route: parseRoute(environment.address.get()),
    engine: initialEngine,
    sources: initialSources,
    project: initialProject,
    run: initialRun(rememberedAsOf(environment.memory)),
    catalog: withPlace(initialCatalog, parseRoute(environment.address.get())),
    sql: initialSql(environment.memory),
    revenue: initialRevenue,
    dashboards: initialDashboards,
    runs: initialRuns,
    export: initialExport,
  }))
  const context: SliceContext = { api, environment, store }
  const shell: ShellActions = {
    navigate: (route, mode = 'push') => environment.address.set(formatRoute(route), mode),
    async refreshAll() {
      await Promise.all([
        actions.refreshInfo(),
        actions.refreshProject(),
        actions.refreshSources(),
        actions.refreshTables(),
        actions.refreshLastUpdate(),
      ])
    },
    async reset() {
      // The engine's reset waits for queries that run.
      actions.cancelQueries()
      await api.reset()
      actions.forgetSql()
      actions.forgetUpdates()
      actions.forgetRuns()
      environment.memory.clear()
      store.setState({ revenue: initialRevenue, dashboards: initialDashboards })
      await actions.refreshAll()
    },
  }
  const actions: GoldsmithActions = {
    ...shell,
    ...createEngineActions(context),
    ...createSourcesActions(context),
    ...createProjectActions(context),
    ...createRunActions(context),
    ...createCatalogActions(context),
    ...createSqlActions(context),
    ...createRevenueActions(context),
    ...createDashboardsActions(context),
    ...createRunsActions(context),
    ...createExportActions(context),
  }
  const unsubscribes = [
    environment.address.subscribe(() => applyRoute(parseRoute(environment.address.get()), context)),
    api.subscribe((event) => applyEvent(event, context, actions)),
  ]
  return {
    state: store,
    actions,
    now: () => environment.now(),
    dispose() {
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
  }
}

function applyRoute(route: Route, { store }: SliceContext): void {
  const { catalog, run } = store.getState()
  store.setState({
    route,
    catalog: withPlace(catalog, route),
    run: isShown({ route }) && run.unseen ? { ...run, unseen: false } : run,
  })
}

function applyEvent(event: EngineEvent, { environment, store }: SliceContext, actions: GoldsmithActions): void {
  const state = store.getState()
  switch (event.type) {
    case 'load.progress': {
      const { activity } = state.sources
      if (activity) patchSlice(store, 'sources', { activity: withProgress(activity, event) })
      return
    }
    case 'sources.changed':
      patchSlice(store, 'run', { current: false })
      void actions.refreshSources()
      void actions.refreshTables()
      return
    case 'catalog.changed':
      void actions.refreshTables()
      return
    case 'update.started':
    case 'update.dataset':
      patchSlice(store, 'run', { update: reduceUpdate(state.run.update, event, environment.now()) })
      return
    case 'update.finished':
      patchSlice(store, 'run', {
        update: reduceUpdate(state.run.update, event, environment.now()),
        ...withReport(state.run, event.report),
        showReport: true,
        unseen: !isShown(state),
        current: true,
      })
      void actions.refreshTables()
      return
    case 'export.progress': {
      const { activity } = state.export
      if (activity.status === 'running') patchSlice(store, 'export', { activity: { ...activity, progress: event } })
      return
    }
    case 'engine.resources':
      patchSlice(store, 'engine', { resources: event })
      return
    case 'engine.failed':
      actions.reportFailure(event.error)
      return
    case 'engine.restarted':
      patchSlice(store, 'run', { update: reduceUpdate(state.run.update, event, environment.now()) })
      actions.reportRestart(event.error)
      void actions.refreshAll()
      void actions.readSourcesAgain()
      return
  }
}
