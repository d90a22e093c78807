import { formatCount } from '@/domain/format/number'
import { plainText } from '@/domain/format/value'
import type { ColumnProfile } from '@/domain/result/profile'
import classes from './column-profile.module.css'
import { valueText } from './profile-text'

interface TopValuesProps {
  type: string
  top: NonNullable<ColumnProfile['top']>
  /** Rows that have a value. */
  values: number
  /** Shows the rows of a value only. */
  onPick?: (value: unknown) => void
}

/** The most frequent values, each with its share of all values. */
export function TopValues({ type, top, values, onPick }: TopValuesProps) {
  return (
    <ol className={classes.top} aria-label="Most frequent values">
      {top.map(({ value, count }) => {
        const text = valueText(value, type)
        const content = (
          <>
            <span className={classes.share} style={{ width: `${(count / Math.max(1, values)) * 100}%` }} aria-hidden />
            <span className={`${classes.topValue} truncate ${value === '' ? 'muted' : ''}`}>{text}</span>
            <span className="num muted">{formatCount(count)}</span>
          </>
        )
        return (
          <li key={plainText(value)} title={`${text}: ${formatCount(count)}`}>
            {onPick ? (
              <button type="button" onClick={() => onPick(value)}>
                {content}
              </button>
            ) : (
              <div>{content}</div>
            )}
          </li>
        )
      })}
    </ol>
  )
}
