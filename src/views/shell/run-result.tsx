import { IconAlertTriangle, IconChevronRight, IconCircleCheck } from '@tabler/icons-react'
import { formatDuration } from '@/domain/format/units'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './shell.module.css'

/** How an update ended that nobody watched, as a way to where it is told in full. */
export function RunResult() {
  const { unseen, update, report, error } = useGoldsmith((state) => state.run)
  const shown = unseen && update.status === 'idle'
  const failed = error !== null || report?.status === 'failed'
  return (
    <output className={classes.result}>
      {shown && (
        <a
          className={`${classes.pill} ${failed ? classes.resultFailed : ''}`}
          href={hrefOf({ view: 'pipeline', dataset: null })}
        >
          {failed ? (
            <IconAlertTriangle size={15} color="var(--error)" aria-hidden />
          ) : (
            <IconCircleCheck
              size={15}
              color={report?.status === 'canceled' ? 'var(--muted)' : 'var(--ok)'}
              aria-hidden
            />
          )}
          <b>{failed ? 'Update failed' : report?.status === 'canceled' ? 'Canceled' : 'Gold is built'}</b>
          {!failed && report && <span className={classes.optional}>{formatDuration(report.durationMs)}</span>}
          <IconChevronRight size={14} aria-hidden />
        </a>
      )}
    </output>
  )
}
