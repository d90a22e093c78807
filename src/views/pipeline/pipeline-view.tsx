import { Button, Loader } from '@mantine/core'
import { IconDatabaseImport } from '@tabler/icons-react'
import { lazy, Suspense, useMemo } from 'react'
import { domainColor, splitName } from '@/components/domain-color'
import { ErrorNotice } from '@/components/error-notice'
import type { ErrorData } from '@/domain/automation'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useActions, useGoldsmith } from '@/views/store-context'
import { DatasetPanel } from './dataset-panel'
import { graphEdges, graphNodes } from './graph-model'
import classes from './pipeline.module.css'
import { UpdateSummary } from './update-summary'

const GraphCanvas = lazy(() => import('@/components/graph/graph-canvas'))

const none: never[] = []

/** The pipeline as a graph, live while it runs, with one dataset's details beside it. */
export default function PipelineView() {
  const project = useGoldsmith((state) => state.project.project)
  const sources = useGoldsmith((state) => state.sources.sources)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const { update, report, showReport, error } = useGoldsmith((state) => state.run)
  const selected = useGoldsmith((state) => (state.route.view === 'pipeline' ? state.route.dataset : null))
  const { navigate, dismissReport, refreshProject } = useActions()

  const nodes = useMemo(
    () =>
      project.status === 'ready'
        ? graphNodes(project.value, valueOr(sources, none), valueOr(tables, none), update, report)
        : [],
    [project, sources, tables, update, report],
  )
  const edges = useMemo(() => (project.status === 'ready' ? graphEdges(project.value, nodes) : []), [project, nodes])
  const schemas = useMemo(() => [...new Set(nodes.map((node) => splitName(node.name)[0]))], [nodes])

  if (project.status === 'loading' || sources.status === 'loading') {
    return <Loader size="sm" className={classes.pending ?? ''} aria-label="Reading the pipeline" />
  }
  if (project.status === 'error') {
    return (
      <div className={classes.pad}>
        <ErrorNotice error={project.error}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => void refreshProject()}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }

  const dataset = project.value.datasets.find(({ name }) => name === selected)
  const source = valueOr(sources, none).find(({ table }) => table === selected)
  const nothingLoaded = valueOr(sources, none).every(({ status }) => status === 'absent')
  const problems: ErrorData[] = project.value.problems

  return (
    <div className={classes.view}>
      <h1 className="visually-hidden">Pipeline {project.value.name}</h1>
      <div className={classes.stage}>
        {(problems.length > 0 || error || (showReport && report)) && (
          <div className={classes.notices}>
            {error && <ErrorNotice error={error} onDismiss={dismissReport} />}
            {problems.map((problem) => (
              <ErrorNotice key={JSON.stringify(problem)} error={problem} />
            ))}
            {showReport && report && update.status === 'idle' && (
              <UpdateSummary report={report} brief={selected !== null} onDismiss={dismissReport} />
            )}
          </div>
        )}
        <div className={classes.graph}>
          {nothingLoaded && (
            <div style={{ position: 'absolute', top: 14, left: 14, right: 14, zIndex: 6 }}>
              <div
                className="card"
                style={{ display: 'flex', gap: 12, alignItems: 'center', padding: '8px 12px', width: 'fit-content' }}
              >
                {valueOr(tables, none).some(({ layer, version }) => layer === 'gold' && version !== null)
                  ? 'No Silver files are loaded: this is the Gold that is stored.'
                  : 'Nothing is loaded yet: this is the pipeline as it will run.'}
                <Button
                  component="a"
                  size="compact-sm"
                  style={{ flex: 'none' }}
                  href={hrefOf({ view: 'sources' })}
                  leftSection={<IconDatabaseImport size={14} />}
                >
                  Load data
                </Button>
              </div>
            </div>
          )}
          <Suspense fallback={<Loader size="sm" className={classes.pending ?? ''} aria-label="Loading the graph" />}>
            <GraphCanvas
              label={`Pipeline ${project.value.name}`}
              nodes={nodes}
              edges={edges}
              selected={selected}
              onSelect={(name) => {
                if (name !== selected) navigate({ view: 'pipeline', dataset: name })
              }}
            />
          </Suspense>
          <div className={classes.legend} aria-hidden>
            {schemas.map((schema) => (
              <span key={schema}>
                <span className={classes.swatch} style={{ background: domainColor(schema) }} />
                {schema === 'silver' ? 'Silver' : schema}
              </span>
            ))}
          </div>
        </div>
      </div>
      {(dataset || source) && <DatasetPanel key={selected} dataset={dataset ?? null} source={source ?? null} />}
    </div>
  )
}
