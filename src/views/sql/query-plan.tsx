import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { formatQuantity } from '@/domain/format/number'
import { singleLine } from '@/domain/format/value'
import type { PlanNode } from '@/store/contract'
import { type Loadable, loading, settle } from '@/store/loadable'
import type { Dialect } from '@/store/sql-memory'
import { useActions } from '@/views/store-context'
import classes from './sql.module.css'

/** How the engine runs a query: each step above those whose rows it takes. */
export function QueryPlan({ sql, dialect }: { sql: string; dialect: Dialect }) {
  const { planQuery } = useActions()
  const [plan, setPlan] = useState<Loadable<PlanNode[]>>(loading)
  useEffect(() => {
    const controller = new AbortController()
    setPlan(loading)
    void settle(planQuery(sql, dialect, controller.signal)).then((answer) => {
      if (!controller.signal.aborted) setPlan(answer)
    })
    return () => controller.abort()
  }, [sql, dialect, planQuery])
  if (plan.status === 'loading') return <Loader size="sm" m={16} aria-label="Planning" />
  if (plan.status === 'error') {
    return (
      <div style={{ padding: 12 }}>
        <ErrorNotice error={plan.error} />
      </div>
    )
  }
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={classes.plan} aria-label="Plan of the query" tabIndex={0}>
      <Steps steps={plan.value} />
    </section>
  )
}

function Steps({ steps }: { steps: PlanNode[] }) {
  return (
    <ul>
      {steps.map((step, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name of their own and never move
        <li key={place}>
          <div className={classes.step}>
            <b>{step.name}</b>
            {step.estimatedRows !== null && (
              <span className="muted num"> about {formatQuantity(step.estimatedRows, 'row')}</span>
            )}
            {step.details.map(([name, texts]) => (
              <div key={name} className={classes.stepDetail}>
                <span className="muted">{name}</span> <span className="mono">{singleLine(texts.join(', '), 400)}</span>
              </div>
            ))}
          </div>
          {step.children.length > 0 && <Steps steps={step.children} />}
        </li>
      ))}
    </ul>
  )
}
