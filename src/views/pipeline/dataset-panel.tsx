import { ActionIcon, Tabs, Tooltip } from '@mantine/core'
import { IconBooks, IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { LazyCodeEditor } from '@/components/code-editor/lazy-code-editor'
import { ErrorNotice } from '@/components/error-notice'
import { ExpectationBar } from '@/components/expectation-bar'
import { kindLabel } from '@/components/kind-icon'
import { PlainTable } from '@/components/plain-table'
import { Tag, type Tone } from '@/components/tag'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { DatasetView, SourceView } from '@/store/contract'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { quarantineOf } from '@/store/runs/quarantine'
import { useActions, useGoldsmith } from '@/views/store-context'
import { VersionHistory } from '@/views/version-history'
import { inputsByName } from './blocked'
import { type DatasetState, datasetState, describeState, expectationCounts } from './graph-model'
import classes from './pipeline.module.css'
import { SourcePanel } from './source-panel'
import { brokenRule } from './summary-model'

const none: never[] = []

interface DatasetPanelProps {
  dataset: DatasetView | null
  source: SourceView | null
}

/** One node of the graph in full. */
export function DatasetPanel({ dataset, source }: DatasetPanelProps) {
  const { navigate } = useActions()
  const close = (
    <ActionIcon size="sm" aria-label="Close the panel" onClick={() => navigate({ view: 'pipeline', dataset: null })}>
      <IconX size={15} />
    </ActionIcon>
  )
  if (dataset) return <BuiltPanel dataset={dataset} close={close} />
  return source && <SourcePanel source={source} close={close} />
}

function BuiltPanel({ dataset, close }: { dataset: DatasetView; close: React.ReactNode }) {
  const update = useGoldsmith((state) => state.run.update)
  const last = useGoldsmith((state) => state.run.report)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const privateTables = useGoldsmith((state) => state.catalog.privateTables)
  const project = useGoldsmith(({ project }) => project.project)
  const inputs = useMemo(() => inputsByName(valueOr(project, null)?.datasets ?? none), [project])
  const state = useMemo(() => datasetState(dataset.name, update, last, inputs), [dataset.name, update, last, inputs])
  const [tab, setTab] = useState<string | null>(firstTab(dataset, state))
  const table = valueOr(tables, []).find(({ name }) => name === dataset.name)
  const stored = table ?? privateTables.find(({ name }) => name === dataset.name)
  const { tone, word, cause } = describeState(state, stored?.version != null)
  const version = stored?.version ?? null
  return (
    <aside className={classes.panel} aria-label={dataset.name}>
      <div className={classes.panelHead}>
        <div className={classes.panelTitle}>
          <h2>{dataset.name}</h2>
          <Tag tone={tagTone(tone)}>{word}</Tag>
          <div className={classes.end}>
            {version !== null && <span>version {version}</span>}
            {table && (
              <Tooltip label="Open in the catalog">
                <ActionIcon
                  component="a"
                  size="sm"
                  href={hrefOf({ view: 'catalog', table: dataset.name, tab: 'columns' })}
                  aria-label="Open in the catalog"
                >
                  <IconBooks size={15} />
                </ActionIcon>
              </Tooltip>
            )}
            {close}
          </div>
        </div>
        {cause !== null && (
          <p className={classes.cause}>
            {cause}
            {stored?.version == null ? '.' : ', so the version that is stored is older than its inputs.'}
          </p>
        )}
        <p className="muted">{dataset.comment ?? kindLabel(dataset.kind)}</p>
      </div>
      <Tabs value={tab} onChange={setTab} style={{ display: 'contents' }}>
        <Tabs.List px={8} className={classes.tabs ?? ''}>
          <Tabs.Tab value="sql">SQL</Tabs.Tab>
          <Tabs.Tab value="columns">Columns</Tabs.Tab>
          <Tabs.Tab value="expectations">Expectations</Tabs.Tab>
          <Tabs.Tab value="plan">Plan</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <div className={classes.panelBody}>
          <Tabs.Panel value="sql" className={classes.code ?? ''}>
            <div className={`${classes.path} mono muted truncate`} title={dataset.file}>
              {dataset.file}
            </div>
            <div className={classes.editor}>
              <LazyCodeEditor label={`SQL of ${dataset.name}`} value={dataset.sql} readOnly />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="columns">
            <DeclaredColumns dataset={dataset} />
          </Tabs.Panel>
          <Tabs.Panel value="expectations">
            <Expectations dataset={dataset} state={state} />
          </Tabs.Panel>
          <Tabs.Panel value="plan">
            <Plan dataset={dataset} state={state} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            {stored?.version == null ? (
              <p className={`${classes.pad} muted`}>
                {dataset.kind === 'view' ? 'A view has no versions: it is computed when it is read.' : 'Not built yet.'}
              </p>
            ) : (
              <VersionHistory table={dataset.name} />
            )}
          </Tabs.Panel>
        </div>
      </Tabs>
    </aside>
  )
}

/** What a reader most likely came for: why it failed, else its rules. */
function firstTab(dataset: DatasetView, { report }: DatasetState): string {
  if (report?.error !== undefined && report.error.code !== 'canceled') return 'plan'
  return dataset.expectations.length > 0 ? 'expectations' : 'sql'
}

function DeclaredColumns({ dataset }: { dataset: DatasetView }) {
  if (dataset.columns.length === 0) return <p className={`${classes.pad} muted`}>The statement declares no columns.</p>
  return (
    <PlainTable
      label={`Columns of ${dataset.name}`}
      rows={dataset.columns}
      rowKey={(column) => column.name}
      columns={[
        { id: 'name', title: 'Column', whole: true, cell: (column) => <span className="mono">{column.name}</span> },
        { id: 'type', title: 'Type', whole: true, cell: (column) => <span className="mono muted">{column.type}</span> },
        { id: 'comment', title: 'Meaning', cell: (column) => <span className="muted">{column.comment}</span> },
      ]}
    />
  )
}

function Expectations({ dataset, state }: { dataset: DatasetView; state: DatasetState }) {
  const measured = useGoldsmith(({ run }) => run.measured[dataset.name])
  const tables = useGoldsmith(({ catalog }) => catalog.tables)
  // An update that failed by a rule says what it counted; any other word is on the version that is stored.
  const own = state.report?.expectations ?? none
  const counts = own.length > 0 ? own : (measured ?? none)
  const rules = useMemo(() => expectationCounts(dataset, counts), [dataset, counts])
  if (rules.length === 0) return <p className={`${classes.pad} muted`}>This dataset has no quality rules.</p>
  const quarantine = quarantineOf(dataset.name)
  const held = valueOr(tables, none).find(({ name }) => name === quarantine)?.rows ?? 0
  return (
    <>
      <ul className={classes.rules}>
        {rules.map(({ name, expression, action, counts }) => (
          <ExpectationBar
            key={name}
            name={name}
            expression={expression}
            action={action}
            counts={counts}
            failedLink={
              action === 'drop' && dataset.kind !== 'view' && counts && counts.failed > 0 ? (
                <a href={hrefOf({ view: 'runs', tab: 'quarantine', table: quarantine, rule: name })}>
                  {formatCount(counts.failed)} {counts.failed === 1 ? 'row' : 'rows'} ›
                </a>
              ) : undefined
            }
          />
        ))}
      </ul>
      {held > 0 && (
        <div className={classes.held}>
          <b>{formatQuantity(held, 'row')} held back</b>
          <p>
            Kept in <span className="mono">{quarantine}</span>, with the names of the rules that each row failed.{' '}
            <a href={hrefOf({ view: 'runs', tab: 'quarantine', table: quarantine, rule: null })}>Look at them ›</a>
          </p>
        </div>
      )}
    </>
  )
}

function Plan({ dataset, state: { report, blockedBy } }: { dataset: DatasetView; state: DatasetState }) {
  if (!report) return <p className={`${classes.pad} muted`}>No update has planned this dataset yet.</p>
  return (
    <div className={classes.pad} style={{ display: 'grid', gap: 12 }}>
      <p>
        {blockedBy === null && <Tag tone="gold">{report.plan}</Tag>} {report.reason}
      </p>
      {report.error && (
        <ErrorNotice error={report.error} subject={dataset.file} rule={brokenRule(report.error.message, dataset)} />
      )}
      <PlainTable
        label="Figures of the last update"
        rows={[
          ['Rows written', formatCount(report.rowsWritten)],
          ['Rows upserted', formatCount(report.rowsUpserted)],
          ['Rows deleted', formatCount(report.rowsDeleted)],
          ['Rows held back', formatCount(report.rowsDropped)],
          ['Time', formatDuration(report.durationMs)],
          ['Reads', dataset.inputs.join(', ') || '–'],
          ['Partitioned by', dataset.partitionedBy.join(', ') || '–'],
        ]}
        rowKey={([label]) => label ?? ''}
        columns={[
          { id: 'label', title: 'Last update', cell: ([label]) => label },
          { id: 'value', title: 'Value', right: true, cell: ([, value]) => value },
        ]}
      />
    </div>
  )
}

function tagTone(tone: ReturnType<typeof describeState>['tone']): Tone {
  switch (tone) {
    case 'ok':
      return 'ok'
    case 'error':
      return 'error'
    case 'warning':
      return 'warning'
    case 'active':
      return 'gold'
    case 'idle':
    case 'none':
      return 'neutral'
  }
}
