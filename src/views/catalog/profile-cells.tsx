import { Skeleton } from '@mantine/core'
import { HistogramBars } from '@/components/column-profile/histogram-bars'
import { distinctText, nullShare, valueText } from '@/components/column-profile/profile-text'
import { formatCount, formatQuantity } from '@/domain/format/number'
import type { ColumnProfile } from '@/domain/result/profile'
import classes from './catalog.module.css'
import type { TableColumn } from './table-columns'

export interface ProfileCellProps {
  column: TableColumn
  /** Null while it is not known. */
  profile: ColumnProfile | null
  /** Whether no value may be shown. */
  masked: boolean
  /** Whether the profile is on its way. */
  waiting: boolean
}

/** How many values are NULL. */
export function Share({ profile, waiting }: ProfileCellProps) {
  if (profile === null) return <Waiting waiting={waiting} />
  return (
    <span title={`${formatCount(profile.nulls)} of ${formatQuantity(profile.rows, 'row')}`}>{nullShare(profile)}</span>
  )
}

export function Distinct({ profile, waiting }: ProfileCellProps) {
  if (profile === null) return <Waiting waiting={waiting} />
  return <span title={profile.distinct.exact ? undefined : 'Estimated'}>{distinctText(profile.distinct)}</span>
}

/** The least or the greatest value. */
export function ValueBound({ column, profile, masked, waiting, bound }: ProfileCellProps & { bound: 'min' | 'max' }) {
  if (profile === null) return <Waiting waiting={waiting} />
  if (masked) return <span className="muted">•••</span>
  const text = valueText(profile[bound], column.type)
  return (
    <span className="mono" title={text}>
      {text}
    </span>
  )
}

/** A histogram, or the shares of the most frequent values. */
export function Distribution({ column, profile, masked, waiting }: ProfileCellProps) {
  if (profile === null) return <Waiting waiting={waiting} />
  if (masked) return <span className="muted">masked</span>
  if (profile.histogram) {
    return <HistogramBars name={column.name} type={column.type} histogram={profile.histogram} height={20} />
  }
  if (!profile.top || profile.top.length === 0) return null
  const values = profile.rows - profile.nulls
  const counted = profile.top.reduce((sum, { count }) => sum + count, 0)
  return (
    <div className={classes.shares} role="img" aria-label={`Most frequent values of ${column.name}`}>
      {profile.top.map(({ value, count }) => {
        const text = valueText(value, column.type)
        return (
          <div key={text} style={{ flexGrow: count }} title={`${text}: ${formatCount(count)}`}>
            {text}
          </div>
        )
      })}
      {counted < values && (
        <div style={{ flexGrow: values - counted }} title={`Other values: ${formatCount(values - counted)}`} />
      )}
    </div>
  )
}

function Waiting({ waiting }: { waiting: boolean }) {
  return waiting ? <Skeleton height={10} width="70%" style={{ display: 'inline-block' }} /> : null
}
