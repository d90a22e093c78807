import { useEffect } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { Facts } from '@/components/facts'
import { PlainTable } from '@/components/plain-table'
import { type DotTone, StatusDot } from '@/components/status-dot'
import { Tag } from '@/components/tag'
import { formatInstant } from '@/domain/format/dates'
import { formatCount } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import { hrefOf } from '@/store/route'
import { allEvents } from '@/store/runs/place'
import { quarantineOf } from '@/store/runs/quarantine'
import { describeUpdate, type FlowOutcome, type PastFlow, type PastUpdate } from '@/store/runs/updates'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useVersions } from '@/views/use-versions'
import { Loaded } from './loaded'
import classes from './runs.module.css'

interface UpdateDetailProps {
  id: string
  /** Null for one that is not among those that are listed. */
  update: PastUpdate | null
}

/** One update: what became of each dataset, and why. */
export function UpdateDetail({ id, update }: UpdateDetailProps) {
  const { updateId, flows } = useGoldsmith((state) => state.runs.detail)
  const versions = useVersions('pipeline.event_log')
  const { loadFlows } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the log may know the update
  useEffect(() => void loadFlows(id), [loadFlows, id, versions])

  return (
    <>
      <div className={classes.detailHead}>
        <div className={classes.bar}>
          <a href={hrefOf({ view: 'runs', tab: 'updates', update: null })}>‹ All updates</a>
          <h2 className={classes.grow}>
            Update <span className="mono">{id}</span>
          </h2>
          <a href={hrefOf({ view: 'runs', tab: 'events', filter: { ...allEvents, update: id } })}>Its events ›</a>
        </div>
        {update && <UpdateFacts update={update} />}
        {update?.error && <ErrorNotice error={update.error} />}
      </div>
      <Loaded
        value={updateId === id ? flows : { status: 'loading' }}
        subject="pipeline.event_log"
        onRetry={() => void loadFlows(id)}
      >
        {(known) =>
          known.length > 0 ? (
            <FlowTable flows={known} />
          ) : (
            <p className={`${classes.pad} muted`}>
              {update === null ? 'The event log knows no such update.' : 'It built nothing: no dataset was planned.'}
            </p>
          )
        }
      </Loaded>
    </>
  )
}

function UpdateFacts({ update }: { update: PastUpdate }) {
  const { status, startedAt, durationMs, asOf, asked, rowsChanged, dropped } = update
  return (
    <Facts
      facts={[
        {
          label: 'Ended',
          value: <Tag tone={status === 'completed' ? 'ok' : status === 'failed' ? 'error' : 'warning'}>{status}</Tag>,
        },
        { label: 'Started (UTC)', value: <span className="num">{formatInstant(startedAt)}</span> },
        { label: 'Time', value: formatDuration(durationMs) },
        { label: 'As of', value: asOf },
        { label: 'Asked for', value: asked },
        { label: 'Outcome', value: describeUpdate(update) },
        { label: 'Rows written', value: formatCount(rowsChanged) },
        { label: 'Held back', value: formatCount(dropped) },
      ]}
    />
  )
}

const outcomeTones: Record<FlowOutcome, DotTone> = {
  built: 'ok',
  'up to date': 'idle',
  'not built': 'warning',
  failed: 'error',
  waiting: 'none',
  canceled: 'warning',
}

function FlowTable({ flows }: { flows: PastFlow[] }) {
  const failed = flows.filter(({ error }) => error !== null && error.code !== 'canceled')
  return (
    <>
      {failed.length > 0 && (
        <div className={classes.errors}>
          {failed.map(({ dataset, error }) => error && <ErrorNotice key={dataset} error={error} subject={dataset} />)}
        </div>
      )}
      <PlainTable
        label="Datasets of the update"
        stacked
        rows={flows}
        rowKey={({ dataset }) => dataset}
        columns={[
          {
            id: 'dataset',
            title: 'Dataset',
            whole: true,
            cell: ({ dataset, outcome }) => (
              <span className={classes.dotted}>
                <StatusDot tone={outcomeTones[outcome]} label={outcome} />
                <a className="mono" href={hrefOf({ view: 'pipeline', dataset })}>
                  {dataset}
                </a>
              </span>
            ),
          },
          { id: 'outcome', title: 'Outcome', whole: true, cell: ({ outcome }) => outcome },
          {
            id: 'plan',
            title: 'Plan and why',
            cell: ({ plan, reason, kind, outcome }) => (
              <>
                {kind !== 'view' && outcome !== 'not built' && outcome !== 'waiting' && (
                  <Tag tone={plan === 'skip' ? 'neutral' : 'gold'}>{plan}</Tag>
                )}{' '}
                <span className="muted">{reason}</span>
              </>
            ),
          },
          {
            id: 'rows',
            title: 'Rows',
            right: true,
            cell: ({ rows, kind, plan }) => rows !== null && kind !== 'view' && <Rows rows={rows} plan={plan} />,
          },
          {
            id: 'rules',
            title: 'Rules that rows failed',
            cell: (flow) => hasFailures(flow) && <Failures flow={flow} />,
          },
          {
            id: 'time',
            title: 'Time',
            right: true,
            cell: ({ durationMs }) => (durationMs === null ? '' : formatDuration(durationMs)),
          },
        ]}
      />
    </>
  )
}

/** A refresh writes some of a table's rows only: not to be read as all that it has. */
function Rows({ rows, plan }: { rows: NonNullable<PastFlow['rows']>; plan: PastFlow['plan'] }) {
  if (plan !== 'incremental') return formatCount(rows.written)
  return (
    <>
      {formatCount(rows.upserted)} changed
      {rows.deleted > 0 && <div className="muted">{formatCount(rows.deleted)} gone</div>}
    </>
  )
}

function hasFailures({ rows, failures }: PastFlow): boolean {
  return failures.length > 0 || (rows !== null && rows.dropped > 0)
}

function Failures({ flow: { dataset, rows, failures } }: { flow: PastFlow }) {
  return (
    <span className="num">
      {failures.map(({ rule, failed }) => (
        <div key={rule}>
          {rule} <span className="muted">{formatCount(failed)}</span>
        </div>
      ))}
      {rows !== null && rows.dropped > 0 && (
        <a href={hrefOf({ view: 'runs', tab: 'quarantine', table: quarantineOf(dataset), rule: null })}>
          {formatCount(rows.dropped)} held back ›
        </a>
      )}
    </span>
  )
}
