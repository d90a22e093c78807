import { Skeleton } from '@mantine/core'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { valueKind } from '@/domain/format/value'
import type { ColumnProfile } from '@/domain/result/profile'
import classes from './column-profile.module.css'
import { HistogramBars } from './histogram-bars'
import { distinctText, nullShare, valueText } from './profile-text'
import { TopValues } from './top-values'

interface ColumnStatisticsProps {
  name: string
  type: string
  /** Null while it is being made. */
  profile: ColumnProfile | null
  onPick?: (value: unknown) => void
}

/** What the values of one column are like: how many, how far apart, and which are frequent. */
export function ColumnStatistics({ name, type, profile, onPick }: ColumnStatisticsProps) {
  if (profile === null) {
    return (
      <output className={classes.statistics} aria-label={`Reading ${name}`}>
        {[88, 60, 74].map((width) => (
          <Skeleton key={width} height={12} width={`${width}%`} />
        ))}
        <Skeleton height={64} />
      </output>
    )
  }
  const values = profile.rows - profile.nulls
  const facts: [string, string][] = [
    ['Rows', formatCount(profile.rows)],
    ['NULL', profile.nulls === 0 ? '0' : `${formatCount(profile.nulls)} (${nullShare(profile)})`],
    ['Different', distinctText(profile.distinct)],
    ['Least', valueText(profile.min, type)],
    ['Greatest', valueText(profile.max, type)],
  ]
  const isNumber = valueKind(type) === 'number'
  // Of numbers of which nearly every one is another, none is frequent.
  const top = profile.top?.some(({ count }) => count > 1) || (profile.top?.length ?? 0) <= 1 ? profile.top : null
  return (
    <div className={classes.statistics}>
      <dl className={classes.facts}>
        {facts
          .filter(([, text]) => text !== '')
          .map(([label, text]) => (
            <div key={label} className={classes.fact}>
              <dt>{label}</dt>
              <dd className={isNumber || label !== 'Least' ? 'num' : undefined}>{text}</dd>
            </div>
          ))}
      </dl>
      {profile.histogram && <HistogramBars name={name} type={type} histogram={profile.histogram} height={64} />}
      {top && top.length > 0 && <TopValues type={type} top={top} values={values} {...(onPick ? { onPick } : {})} />}
      {values > 0 && profile.top && !top && (
        <p className="muted">No value comes twice among {formatQuantity(values, 'value')}.</p>
      )}
    </div>
  )
}
