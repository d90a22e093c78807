import { Skeleton } from '@mantine/core'
import { type Decimal, divideDecimals } from '@/domain/format/decimal'
import { formatCount, formatMoney, formatPercent, formatQuantity } from '@/domain/format/number'
import type { DashboardFilter } from '@/store/dashboards/filter'
import type { RevenueTotals } from '@/store/revenue-model'
import { heldBackRowsQuery } from '@/store/revenue-queries'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './dashboards.module.css'
import { FigureCard, FigureText } from './figure-card'

interface RevenueTilesProps {
  totals: RevenueTotals
  asOf: string
  filter: DashboardFilter
  currency: string | null
}

/** The dashboard's figures, exact to the cent. */
export function RevenueTiles({ totals, asOf, filter, currency }: RevenueTilesProps) {
  const figures = useGoldsmith((state) => state.revenue.figures)
  const orders = figures.status === 'ready' ? { units: figures.value.orders, scale: 0 } : null
  const perOrder = orders && divideDecimals(totals.revenue, orders, 2)
  const pending =
    figures.status === 'error' ? (
      <span title={figures.error.message}>–</span>
    ) : (
      <Skeleton height={22} width={90} my={4} />
    )
  return (
    <div className={classes.tiles}>
      <FigureCard
        label="Net revenue"
        value={<Money amount={totals.revenue} currency={currency} />}
        note="shipped and delivered"
      />
      <FigureCard
        label="Gross margin"
        value={totals.margin ? formatPercent(totals.margin) : '–'}
        note={
          <>
            profit <Money amount={totals.profit} currency={currency} plain />
          </>
        }
        hint="Profit over gross revenue, as a ratio of sums. Lines without a known cost have no profit."
      />
      <FigureCard
        label="Orders"
        value={figures.status === 'ready' ? formatCount(figures.value.orders) : pending}
        note={
          <>
            {formatQuantity(totals.lines, 'line')}
            {perOrder && (
              <>
                {' '}
                · <Money amount={perOrder} currency={currency} plain /> each
              </>
            )}
          </>
        }
      />
      <FigureCard
        label="Customers"
        value={figures.status === 'ready' ? formatCount(figures.value.customers) : pending}
        note="distinct in this selection"
        hint="Counted anew for each selection: distinct customers of days or segments do not add up."
      />
      <FigureCard
        held
        label="Held back by quality rules"
        value={
          figures.status === 'ready' ? <Money amount={figures.value.heldBack.revenue} currency={currency} /> : pending
        }
        note={
          figures.status === 'ready' && (
            <HeldRows
              {...figures.value.heldBack}
              href={hrefOf({ view: 'sql', query: heldBackRowsQuery(asOf, filter) })}
            />
          )
        }
        hint="Positive net revenue of shipped and delivered lines in quarantine: not part of the other figures."
      />
    </div>
  )
}

/** How many rows there are, and how many of them the amount above is the sum of. */
function HeldRows({ rows, carrying, href }: { rows: bigint; carrying: bigint; href: string }) {
  if (rows === 0n) return 'no rows in this selection'
  const all = formatQuantity(rows, 'row')
  return <a href={href}>{carrying === rows ? all : `${formatCount(carrying)} of ${all} carry it`} ›</a>
}

/** An amount with its cents smaller. */
function Money({ amount, currency, plain = false }: { amount: Decimal; currency: string | null; plain?: boolean }) {
  const text = formatMoney(amount, currency)
  return plain ? text : <FigureText text={text} />
}
