import { ActionIcon, Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { StatusDot } from '@/components/status-dot'
import type { UpdateReport } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import { hrefOf } from '@/store/route'
import { describeState, summarize } from './graph-model'
import classes from './pipeline.module.css'

interface UpdateSummaryProps {
  report: UpdateReport
  /** One line only, until the user asks for more: beside it a dataset is shown in full. */
  brief: boolean
  onDismiss: () => void
}

/** What an update did, dataset by dataset, in words. */
export function UpdateSummary({ report, brief, onDismiss }: UpdateSummaryProps) {
  const [chosen, setChosen] = useState<boolean | null>(null)
  const open = chosen ?? !brief
  const list = useId()
  const { tone, title } = summarize(report)
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
          <ActionIcon aria-label="Dismiss" size="sm" onClick={onDismiss}>
            <IconX size={15} />
          </ActionIcon>
        </div>
        <ul id={list} className={classes.reasons} hidden={!open}>
          {report.datasets.map((dataset) => {
            const state = describeState({ report: dataset, live: false }, true)
            return (
              <li key={dataset.name}>
                <StatusDot tone={state.tone} label={state.word} />
                <a className="mono truncate" href={hrefOf({ view: 'pipeline', dataset: dataset.name })}>
                  {dataset.name}
                </a>
                <span className="muted">
                  {dataset.plan === 'skip' ? '' : `${dataset.plan}: `}
                  {dataset.reason}
                </span>
                <span className="muted num">
                  {dataset.status === 'completed' &&
                    dataset.kind !== 'view' &&
                    `${formatQuantity(dataset.rowsWritten, 'row')} · `}
                  {dataset.status === 'completed' || dataset.status === 'failed'
                    ? formatDuration(dataset.durationMs)
                    : state.word}
                </span>
              </li>
            )
          })}
        </ul>
      </section>
      {report.problems.map((problem) => (
        <ErrorNotice key={JSON.stringify(problem)} error={problem} />
      ))}
      {failed.map(
        (dataset) => dataset.error && <ErrorNotice key={dataset.name} error={dataset.error} subject={dataset.name} />,
      )}
    </>
  )
}
