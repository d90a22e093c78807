import { AppShell, Button, Loader } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Component, lazy, type ReactNode, Suspense, useEffect } from 'react'
import { DropZone } from '@/components/drop-zone'
import type { DroppedFile } from '@/components/dropped-files'
import { ErrorNotice } from '@/components/error-notice'
import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import { valueOr } from '@/store/loadable'
import type { ViewName } from '@/store/route'
import { SourcesView } from '@/views/sources/sources-view'
import { useActions, useGoldsmith } from '@/views/store-context'
import { Header } from './header'
import { Palette } from './palette'
import { Places } from './places'
import classes from './shell.module.css'
import { StorageNote } from './storage-note'
import { viewError } from './view-error'

const importPipeline = () => import('@/views/pipeline/pipeline-view')
const PipelineView = lazy(importPipeline)
const CatalogView = lazy(() => import('@/views/catalog/catalog-view'))
const SqlView = lazy(() => import('@/views/sql/sql-view'))
const DashboardsView = lazy(() => import('@/views/dashboards/dashboards-view'))
const RunsView = lazy(() => import('@/views/runs/runs-view'))
const ExportView = lazy(() => import('@/views/export/export-view'))

const none: never[] = []

/** Rail, header and the view that the address names. */
export function Shell() {
  const narrow = useMediaQuery('(max-width: 860px)', false, { getInitialValueInEffect: false })
  const { loadFiles, navigate, reportError } = useActions()
  const loaded = useGoldsmith((state) => valueOr(state.sources.sources, none).some(({ status }) => status !== 'absent'))
  // What is loaded is run next, and a running engine leaves little time to fetch a graph.
  useEffect(() => {
    if (!loaded) return
    // A view that cannot be fetched says so when it is opened.
    Promise.all([importPipeline(), import('@/components/graph/graph-canvas')]).catch(() => undefined)
  }, [loaded])

  function onFiles(files: DroppedFile[]) {
    navigate({ view: 'sources' })
    if (files.length === 0) {
      reportError(null, {
        code: 'load.nothing',
        message: 'The drop held no files.',
        remedy: 'Drop Parquet files or a folder that holds some.',
      })
      return
    }
    // What went wrong is shown as a notice by the store.
    loadFiles(files).catch(() => undefined)
  }

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 184, breakpoint: 861, collapsed: { mobile: true } }}
      footer={{ height: 54, collapsed: !narrow }}
      transitionDuration={0}
    >
      <button type="button" className={classes.skip} onClick={focusContent}>
        To the content
      </button>
      <AppShell.Header>
        <Header />
      </AppShell.Header>
      <AppShell.Navbar component="nav" aria-label="Views">
        <div className={classes.rail}>
          {!narrow && <Places />}
          <StorageNote />
        </div>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main ?? ''}>
        <EngineBanner />
        <div className={classes.content} id="content" tabIndex={-1}>
          <CurrentView />
        </div>
      </AppShell.Main>
      {narrow && (
        <AppShell.Footer>
          <nav className={classes.bar} aria-label="Views">
            <Places />
          </nav>
        </AppShell.Footer>
      )}
      <Palette />
      <DropZone onFiles={onFiles} onError={(reason) => reportError(null, toErrorData(reason))} />
    </AppShell>
  )
}

function focusContent() {
  document.getElementById('content')?.focus()
}

function CurrentView() {
  const view = useGoldsmith((state) => state.route.view)
  return (
    <ViewBoundary key={view}>
      <Suspense fallback={<ViewLoader />}>{renderView(view)}</Suspense>
    </ViewBoundary>
  )
}

function renderView(view: ViewName) {
  switch (view) {
    case 'sources':
      return <SourcesView />
    case 'pipeline':
      return <PipelineView />
    case 'catalog':
      return <CatalogView />
    case 'sql':
      return <SqlView />
    case 'dashboards':
      return <DashboardsView />
    case 'runs':
      return <RunsView />
    case 'export':
      return <ExportView />
  }
}

function ViewLoader() {
  return (
    <div style={{ display: 'grid', placeItems: 'center', height: '100%', minHeight: 200 }}>
      <Loader size="sm" aria-label="Loading the view" />
    </div>
  )
}

/** The engine could not start: nothing works until the page is loaded again. Or it broke, and another took its place. */
function EngineBanner() {
  const { info, failure, restart } = useGoldsmith((state) => state.engine)
  const { dismissRestart } = useActions()
  const error = failure ?? (info.status === 'error' ? info.error : null)
  if (!error) return restart && <RestartBanner error={restart} onDismiss={dismissRestart} />
  const remedy = error.remedy ?? 'Reload the page; stored Gold tables are kept.'
  return (
    <div className={classes.banner}>
      <ErrorNotice error={{ ...error, remedy }} />
    </div>
  )
}

function RestartBanner({ error, onDismiss }: { error: ErrorData; onDismiss: () => void }) {
  const remedy = `Another one was started. Gold tables are kept as they were committed, and the Silver files of this visit are read again. ${error.remedy ?? ''}`
  return (
    <div className={classes.banner}>
      <ErrorNotice error={{ ...error, remedy: remedy.trim() }} onDismiss={onDismiss} />
    </div>
  )
}

/** A view that fails to draw (or to load) leaves the rest of the page working. */
class ViewBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={viewError(this.state.error)}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => location.reload()}>
            Reload
          </Button>
        </ErrorNotice>
      </div>
    )
  }
}
