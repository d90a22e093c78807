import type { ReactNode } from 'react'
import { formatCount } from '@/domain/format/number'
import classes from './expectation-bar.module.css'
import { Tag } from './tag'

interface ExpectationBarProps {
  name: string
  expression: string
  action: 'warn' | 'drop' | 'fail'
  /** Null before the first run. */
  counts: { passed: number; failed: number } | null
  /** What stands in place of the number of failed rows, for example a link to them. */
  failedLink?: ReactNode
}

const actionLabels = { warn: 'warn', drop: 'drop row', fail: 'fail update' }

/** One quality rule: what it asks, and how many rows passed and failed it. */
export function ExpectationBar({ name, expression, action, counts, failedLink }: ExpectationBarProps) {
  const total = counts ? counts.passed + counts.failed : 0
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <span className={classes.name}>
          {name}
          <Tag tone={action === 'drop' ? 'warning' : action === 'fail' ? 'error' : 'neutral'}>
            {actionLabels[action]}
          </Tag>
        </span>
      </div>
      <div className={classes.expression}>{expression}</div>
      {counts ? (
        <>
          <div className={classes.bar} aria-hidden>
            {total > 0 && (
              <>
                <div className={classes.passed} style={{ flexGrow: counts.passed, flexBasis: 0 }} />
                {counts.failed > 0 && (
                  <div
                    className={action === 'fail' ? classes.fatal : classes.failed}
                    style={{ flexGrow: counts.failed, flexBasis: 0 }}
                  />
                )}
              </>
            )}
          </div>
          <div className={classes.counts}>
            <span>{formatCount(counts.passed)} pass</span>
            {failedLink ?? <span>{formatCount(counts.failed)} fail</span>}
          </div>
        </>
      ) : (
        <div className={classes.counts}>Not measured: no update of this visit has built the dataset</div>
      )}
    </li>
  )
}
