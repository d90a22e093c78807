import { Button, Loader } from '@mantine/core'
import { IconDatabaseImport } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
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
  const privateTables = useGoldsmith((state) => state.catalog.privateTables)
  const { update, report, showReport, current, error } = useGoldsmith((state) => state.run)
  const selected = useGoldsmith((state) => (state.route.view === 'pipeline' ? state.route.dataset : null))
  const { navigate, dismissReport, refreshProject } = useActions()

  const stored = useMemo(() => [...valueOr(tables, none), ...privateTables], [tables, privateTables])
  const nodes = useMemo(
    () => (project.status === 'ready' ? graphNodes(project.value, valueOr(sources, none), stored, update, report) : []),
    [project, sources, stored, update, report],
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
  const unusable = valueOr(sources, none).filter(({ status }) => status === 'invalid')
  const problems: ErrorData[] = project.value.problems
  const summary = showReport && report && update.status === 'idle' ? report : null
  const unknown = selected !== null && !dataset && !source ? selected : null
  const hasNotices = problems.length > 0 || error || summary || nothingLoaded || unusable.length > 0 || unknown !== null

  return (
    <div className={classes.view}>
      <h1 className="visually-hidden">Pipeline {project.value.name}</h1>
      <div className={classes.stage}>
        {hasNotices && (
          <div className={classes.notices}>
            {unknown !== null && (
              <Notice
                text={`There is no dataset or source ${unknown} in this pipeline.`}
                link={{ href: hrefOf({ view: 'pipeline', dataset: null }), label: 'Show the pipeline' }}
              />
            )}
            {nothingLoaded && (
              <Notice
                text={
                  valueOr(tables, none).some(({ layer, version }) => layer === 'gold' && version !== null)
                    ? 'No Silver files are loaded: this is the Gold that is stored.'
                    : 'Nothing is loaded yet: this is the pipeline as it will run.'
                }
                link={{
                  href: hrefOf({ view: 'sources' }),
                  label: 'Load data',
                  variant: 'filled',
                  icon: <IconDatabaseImport size={14} />,
                }}
              />
            )}
            {unusable.map(({ table, problems: [why] }) => (
              <ErrorNotice
                key={table}
                subject={table}
                error={{
                  ...(why ?? { code: 'source.invalid' }),
                  message: `${table} cannot be used${why ? `: ${why.message}` : '.'}`,
                }}
              >
                <a href={hrefOf({ view: 'sources' })}>Sources</a>
              </ErrorNotice>
            ))}
            {error && <ErrorNotice error={error} onDismiss={dismissReport} />}
            {problems.map((problem) => (
              <ErrorNotice key={JSON.stringify(problem)} error={problem} />
            ))}
            {summary && (
              <UpdateSummary
                report={summary}
                brief={selected !== null}
                datasets={project.value.datasets}
                tables={stored}
                sources={current ? valueOr(sources, none) : null}
                onDismiss={dismissReport}
              />
            )}
          </div>
        )}
        <div className={classes.graph}>
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
        </div>
        <div className={classes.legend} aria-hidden>
          {schemas.map((schema) => (
            <span key={schema}>
              <span className={classes.swatch} style={{ background: domainColor(schema) }} />
              {schema === 'silver' ? 'Silver' : schema}
            </span>
          ))}
        </div>
      </div>
      {(dataset || source) && <DatasetPanel key={selected} dataset={dataset ?? null} source={source ?? null} />}
    </div>
  )
}

interface NoticeProps {
  text: string
  link: { href: string; label: string; icon?: ReactNode; variant?: 'filled' | 'default' }
}

/** Something to know about the graph that is no error, and where to go from it. */
function Notice({ text, link }: NoticeProps) {
  return (
    <div className={`card ${classes.notice}`}>
      {text}
      <Button
        component="a"
        size="compact-sm"
        variant={link.variant ?? 'default'}
        href={link.href}
        leftSection={link.icon}
      >
        {link.label}
      </Button>
    </div>
  )
}
