import { Skeleton } from '@mantine/core'
import { Tag, type Tone } from '@/components/tag'
import { formatInstant } from '@/domain/format/dates'
import { formatDuration, formatRelativeTime } from '@/domain/format/units'
import { dataAge, endOfDay, type Freshness } from '@/domain/freshness/freshness'
import type { FreshnessRow } from '@/store/runs/freshness'
import classes from './freshness-cells.module.css'

const tones: Record<Freshness, Tone> = { fresh: 'ok', stale: 'error', unknown: 'neutral' }

/** Fresh, stale or unknown, as soon as it is known which. */
export function FreshnessTag({ judgement }: { judgement: FreshnessRow['judgement'] }) {
  if (judgement === null) return <Skeleton height={18} width={48} />
  return <Tag tone={tones[judgement.status]}>{judgement.status}</Tag>
}

export function Promised({ row: { sla } }: { row: FreshnessRow }) {
  return (
    <span className="num">
      {sla.freshnessMs !== null && formatSpan(sla.freshnessMs)}
      {sla.refreshMs !== null && <div className="muted">refresh {formatSpan(sla.refreshMs)}</div>}
      {sla.unreadable.map((property) => (
        <div key={property}>{property} cannot be read</div>
      ))}
    </span>
  )
}

export function Refreshed({ row: { check, judgement, version }, now }: { row: FreshnessRow; now: number }) {
  if (version === null) return <span className="muted">not built yet</span>
  if (check === null || check.refreshedAt === null) return <span className="muted">no update in the log</span>
  return (
    <span className="num">
      <Moment at={check.refreshedAt} now={now} late={judgement?.refresh === 'stale'} />
      {check.lastFailed && <div className={classes.late}>the last update failed</div>}
    </span>
  )
}

export function Committed({ row: { times, version }, now }: { row: FreshnessRow; now: number }) {
  if (times === null) return null
  if (times.status === 'loading') return <Skeleton height={18} />
  if (times.status === 'error') return <span className="muted">could not be read: {times.error.message}</span>
  return (
    <span className="num">
      {times.value.committedAt !== null && <Moment at={times.value.committedAt} now={now} late={false} />}
      <div className="muted">version {version}</div>
    </span>
  )
}

export function DataTime({ row: { times, columns, check, judgement } }: { row: FreshnessRow }) {
  if (times === null) return null
  if (times.status === 'loading') return <Skeleton height={18} />
  if (times.status === 'error') return null
  if (columns === null) return <span className="muted">it has no dates</span>
  const { data } = times.value
  if (data === null) return <span className="muted">{columns.names.join(', ')} without a value</span>
  const asOf = check?.asOf ?? null
  const age = asOf === null ? null : dataAge({ changedAt: data.at, asOfEnd: endOfDay(asOf) })
  const isDay = columns.tells === 'period' && data.at % 86_400_000 === 0
  return (
    <span className="num">
      <span className="mono">{data.column}</span> to{' '}
      {isDay ? formatInstant(data.at).slice(0, 10) : formatInstant(data.at)}
      {columns.tells === 'change' && age !== null && (
        <div className={judgement?.data === 'stale' ? classes.late : 'muted'}>
          {formatSpan(age)} old at the end of {asOf}
        </div>
      )}
    </span>
  )
}

function Moment({ at, now, late }: { at: number; now: number; late: boolean }) {
  return (
    <span className={late ? classes.late : undefined} title={`${formatInstant(at)} UTC`}>
      {formatRelativeTime(at, now)}
    </span>
  )
}

/** A length of time in a unit in which SLAs are written: "24 h", "90 min", "14.9 days". */
function formatSpan(ms: number): string {
  if (ms > 48 * 3_600_000) return `${(ms / 86_400_000).toFixed(1)} days`
  return ms >= 3_600_000 && ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : formatDuration(ms)
}
