import { useEffect } from 'react'
import { PlainTable } from '@/components/plain-table'
import { type DotTone, StatusDot } from '@/components/status-dot'
import { formatInstant } from '@/domain/format/dates'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatDuration, formatRelativeTime } from '@/domain/format/units'
import { hrefOf } from '@/store/route'
import { updateProgress } from '@/store/run'
import { mostUpdates } from '@/store/runs/queries'
import { describeUpdate, type PastUpdate } from '@/store/runs/updates'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { useVersions } from '@/views/use-versions'
import { Loaded } from './loaded'
import { NothingYet } from './nothing-yet'
import classes from './runs.module.css'
import { UpdateDetail } from './update-detail'

/** The updates that the event log knows, newest first, or one of them. */
export function Updates() {
  const updates = useGoldsmith((state) => state.runs.updates)
  const versions = useVersions('pipeline.event_log')
  const shown = useGoldsmith(({ route }) => (route.view === 'runs' && route.tab === 'updates' ? route.update : null))
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  const { loadUpdates } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the log has another update
  useEffect(() => void loadUpdates(), [loadUpdates, versions])

  return (
    <>
      <Running />
      <Loaded value={updates} subject="pipeline.event_log" onRetry={() => void loadUpdates()}>
        {(known) => {
          if (shown !== null) {
            return <UpdateDetail key={shown} id={shown} update={known.find(({ id }) => id === shown) ?? null} />
          }
          if (known.length === 0 && running) return null
          if (known.length === 0) {
            return (
              <NothingYet text="Every update is kept here with what it planned, built and held back. A dry run leaves no trace." />
            )
          }
          return <UpdateList updates={known} />
        }}
      </Loaded>
    </>
  )
}

const updateTones: Record<PastUpdate['status'], DotTone> = {
  completed: 'ok',
  failed: 'error',
  canceled: 'warning',
}

function UpdateList({ updates }: { updates: PastUpdate[] }) {
  const now = useNow(true, 30_000)
  return (
    <>
      <PlainTable
        label="Updates"
        stacked
        rows={updates}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'started',
            title: 'Started (UTC)',
            whole: true,
            cell: ({ id, status, startedAt }) => (
              <span className={classes.dotted}>
                <StatusDot tone={updateTones[status]} label={status} />
                <span className="num">
                  <a href={hrefOf({ view: 'runs', tab: 'updates', update: id })}>{formatInstant(startedAt)}</a>{' '}
                  <span className="muted">{formatRelativeTime(startedAt, now)}</span>
                </span>
              </span>
            ),
          },
          { id: 'asOf', title: 'As of', whole: true, cell: ({ asOf }) => <span className="num">{asOf ?? '–'}</span> },
          {
            id: 'what',
            title: 'What it did',
            cell: (update) => (
              <>
                {describeUpdate(update)}
                {update.asked !== '' && <span className="muted"> · {update.asked}</span>}
              </>
            ),
          },
          { id: 'rows', title: 'Rows written', right: true, cell: ({ rowsChanged }) => formatCount(rowsChanged) },
          { id: 'dropped', title: 'Held back', right: true, cell: ({ dropped }) => formatCount(dropped) },
          { id: 'time', title: 'Time', right: true, cell: ({ durationMs }) => formatDuration(durationMs) },
        ]}
      />
      {updates.length === mostUpdates && (
        <p className={`${classes.pad} muted`}>
          These are the last {formatCount(mostUpdates)} updates; pipeline.event_log has the others.
        </p>
      )}
    </>
  )
}

/** The update that goes on now: it is in the log when it has ended. */
function Running() {
  const update = useGoldsmith((state) => state.run.update)
  if (update.status === 'idle') return null
  const progress = updateProgress(update)
  return (
    <output className={classes.running}>
      <StatusDot tone="active" label="running" />
      <span className="num">
        {progress === null
          ? 'An update is being planned.'
          : `An update is running: ${progress.done} of ${formatQuantity(progress.total, 'dataset')} done.`}
      </span>
      <a href={hrefOf({ view: 'pipeline', dataset: null })}>Watch it ›</a>
    </output>
  )
}
