import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { formatQuantity } from '@/domain/format/number'
import { noFilter } from '@/store/dashboards/filter'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './sources.module.css'

/** After a reload: the Gold that an earlier visit stored is there, its Silver files are not, and why. */
export function KeptGold() {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const asOf = useGoldsmith((state) => state.run.report?.asOf ?? null)
  const stored = valueOr(tables, []).filter(
    ({ layer, kind, version }) => layer === 'gold' && kind !== 'quarantine' && version !== null,
  )
  if (stored.length === 0) return null
  const hasRevenue = stored.some(({ name }) => name === 'gold.gold_finance_daily_revenue')
  return (
    <section className={`card ${classes.next}`} aria-label="Stored Gold">
      <div>
        <b>{formatQuantity(stored.length, 'Gold table')} from your last visit</b>
        {asOf !== null && (
          <>
            , as of <span className="num">{asOf}</span>,
          </>
        )}{' '}
        {stored.length === 1 ? 'is' : 'are'} kept in this browser and can be queried and exported. Silver files are read
        from where you keep them, not stored: a page may not open them again by itself, so drop them again to run the
        pipeline.
      </div>
      <Button component="a" variant="default" href={hrefOf({ view: 'catalog', table: null, tab: 'columns' })}>
        Open catalog
      </Button>
      {hasRevenue && (
        <Button
          component="a"
          href={hrefOf({ view: 'dashboards', name: 'revenue', filter: noFilter })}
          rightSection={<IconArrowRight size={14} />}
        >
          Open dashboard
        </Button>
      )}
    </section>
  )
}
