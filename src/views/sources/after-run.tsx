import { Button } from '@mantine/core'
import { IconArrowRight, IconPlayerPlay } from '@tabler/icons-react'
import { noFilter } from '@/store/dashboards/filter'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './sources.module.css'

/** What is loaded is built: where to look at it. */
export function AfterBuild({ asOf }: { asOf: string }) {
  const hasRevenue = useGoldsmith(({ catalog }) =>
    valueOr(catalog.tables, []).some(({ name }) => name === 'gold.gold_finance_daily_revenue'),
  )
  return (
    <div className={`card ${classes.next}`}>
      <div>
        <b>Gold is built</b> from these sources, as of <span className="num">{asOf}</span>.
      </div>
      <Button component="a" variant="default" href={hrefOf({ view: 'pipeline', dataset: null })}>
        Open pipeline
      </Button>
      <Button
        component="a"
        href={hrefOf(
          hasRevenue
            ? { view: 'dashboards', name: 'revenue', filter: noFilter }
            : { view: 'catalog', table: null, tab: 'columns' },
        )}
        rightSection={<IconArrowRight size={14} />}
      >
        {hasRevenue ? 'Open the dashboard' : 'Open the catalog'}
      </Button>
    </div>
  )
}

/** The last update of what is loaded failed: where it says why. */
export function AfterFailure() {
  const { runPipeline, navigate } = useActions()
  return (
    <div className={`card ${classes.next} ${classes.failed}`}>
      <div>
        <b>The last update failed.</b> The pipeline shows which dataset and why.
      </div>
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        onClick={() => {
          navigate({ view: 'pipeline', dataset: null })
          void runPipeline()
        }}
      >
        Run again
      </Button>
      <Button
        component="a"
        href={hrefOf({ view: 'pipeline', dataset: null })}
        rightSection={<IconArrowRight size={14} />}
      >
        See why
      </Button>
    </div>
  )
}
