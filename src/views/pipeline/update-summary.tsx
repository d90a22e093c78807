import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { StatusDot } from '@/components/status-dot'
import type { DatasetReport, TableInfo, UpdateReport } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { DatasetView, SourceView } from '@/store/contract'
import { hrefOf } from '@/store/route'
import { quarantineOf } from '@/store/runs/quarantine'
import { byName, failedUpstream, inputsByName } from './blocked'
import { describeState } from './graph-model'
import classes from './pipeline.module.css'
import { brokenRule, leftOut, summarize } from './summary-model'

interface UpdateSummaryProps {
  report: UpdateReport
  /** One line only, until the user asks for more: beside it a dataset is shown in full. */
  brief: boolean
  datasets: DatasetView[]
  tables: TableInfo[]
  /** The sources that the update read; null when others are loaded now. */
  sources: SourceView[] | null
  onDismiss: () => void
}

const none: never[] = []

/** What an update did, dataset by dataset, in words. */
export function UpdateSummary({ report, brief, datasets, tables, sources, onDismiss }: UpdateSummaryProps) {
  const [chosen, setChosen] = useState<boolean | null>(null)
  const open = chosen ?? !brief
  const list = useId()
  const inputs = useMemo(() => inputsByName(datasets), [datasets])
  const reports = useMemo(() => byName(report.datasets), [report])
  const known = useMemo(() => byName(datasets), [datasets])
  const stored = useMemo(() => byName(tables), [tables])
  const { tone, title } = summarize(report, inputs)
  const failed = report.datasets.filter(({ error }) => error !== undefined && error.code !== 'canceled')
  return (
    <>
      <section className={`card ${classes.summary}`} aria-label="Last update" aria-live="polite">
        <div className={classes.summaryHead}>
          {tone === 'ok' ? (
            <IconCircleCheck size={18} color="var(--ok)" aria-hidden />
          ) : (
            <IconAlertTriangle size={18} color={`var(--${tone})`} aria-hidden />
          )}
          <span>
            {title} <span className="muted num">As of {report.asOf}.</span>
          </span>
          {report.datasets.length > 0 && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              aria-expanded={open}
              aria-controls={list}
              onClick={() => setChosen(!open)}
            >
              {open ? 'Hide details' : 'Details'}
            </Button>
          )}
          <Button
            component="a"
            variant="subtle"
            color="gray"
            size="compact-sm"
            href={hrefOf({ view: 'runs', tab: 'updates', update: null })}
          >
            All updates
          </Button>
          <ActionIcon aria-label="Dismiss" size="sm" onClick={onDismiss}>
            <IconX size={15} />
          </ActionIcon>
        </div>
        <ul id={list} className={classes.reasons} hidden={!open}>
          {report.datasets.map((dataset) => {
            const blockedBy = failedUpstream(dataset.name, reports, inputs)
            const state = describeState({ report: dataset, live: false, blockedBy }, dataset.version !== null)
            const read = inputs.get(dataset.name) ?? none
            const unused = leftOut(
              dataset,
              keyOf(stored.get(dataset.name)),
              sources?.filter(({ table }) => read.includes(table)) ?? none,
            )
            return (
              <li key={dataset.name}>
                <StatusDot tone={state.tone} label={state.word} />
                <a className="mono truncate" href={hrefOf({ view: 'pipeline', dataset: dataset.name })}>
                  {dataset.name}
                </a>
                <span className="muted">
                  {dataset.plan === 'skip' || blockedBy !== null ? '' : `${dataset.plan}: `}
                  {state.cause ?? dataset.reason}
                  {unused &&
                    `; ${formatQuantity(unused.rows, 'row')} of ${unused.source} left out by the query (its WHERE, or older versions)`}
                </span>
                <span className="muted num">{isFigured(dataset) ? <Figures dataset={dataset} /> : state.word}</span>
              </li>
            )
          })}
        </ul>
      </section>
      {report.problems.map((problem) => (
        <ErrorNotice key={JSON.stringify(problem)} error={problem} />
      ))}
      {/* Beside a dataset that is shown in full there is room for one line only. */}
      {failed.map(
        (dataset) =>
          open &&
          dataset.error && (
            <ErrorNotice
              key={dataset.name}
              error={dataset.error}
              subject={dataset.name}
              rule={brokenRule(dataset.error.message, known.get(dataset.name))}
            />
          ),
      )}
    </>
  )
}

/** Whether a dataset was built or tried, so that there is something to count. */
function isFigured({ status }: DatasetReport): boolean {
  return status === 'failed' || status === 'completed'
}

/** Rows and time of a dataset that was built or tried. */
function Figures({ dataset }: { dataset: DatasetReport }) {
  const { name, kind, status, rowsDropped, durationMs } = dataset
  const rows = kind === 'view' || status === 'failed' ? [] : changedRows(dataset)
  const held = status === 'completed' && rowsDropped > 0
  return (
    <>
      {rows.map((text) => `${text} · `)}
      {held && (
        <>
          <a href={hrefOf({ view: 'runs', tab: 'quarantine', table: quarantineOf(name), rule: null })}>
            {formatQuantity(rowsDropped, 'row')} held back
          </a>
          {' · '}
        </>
      )}
      {formatDuration(durationMs)}
    </>
  )
}

/** A refresh writes some of a table's rows only: not to be read as all that it has. */
function changedRows({ plan, rowsWritten, rowsUpserted, rowsDeleted }: DatasetReport): string[] {
  if (plan !== 'incremental') return [formatQuantity(rowsWritten, 'row')]
  const gone = rowsDeleted > 0 ? [`${formatQuantity(rowsDeleted, 'row')} gone`] : []
  return [`${formatQuantity(rowsUpserted, 'row')} new or changed`, ...gone]
}

function keyOf(table: TableInfo | undefined): string[] {
  const key = table?.properties['pipeline.key'] ?? ''
  return key === '' ? none : key.split(',').map((column) => column.trim())
}
