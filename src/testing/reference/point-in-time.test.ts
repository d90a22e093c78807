/** No feature of a day changes with what happens after it, and labels are what a plain loop over the orders says. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '@/domain/format/dates'
import { type Line, orderRows } from './order-rows'
import { rowsOf } from './rows-of'
import { customerFeatureModels, openSilver, runModels } from './run-models'

const firstDay = '2019-11-20'
/** Days from firstDay to the business date. */
const span = 512
const asOf = addDays(firstDay, span)
const horizon = 30

/** The last days of months, in days from firstDay. */
const monthEnds = Array.from({ length: span }, (_, day) => day).filter((day) =>
  addDays(firstDay, day + 1).endsWith('-01'),
)
const monthEnd = fc.constantFrom(...monthEnds.slice(1))

/** Lines over seventeen months with a leap day, many where a window or a horizon ends; an order number may recur on other days. */
const line = fc.record({
  day: fc.oneof(
    fc.integer({ min: 0, max: span }),
    fc
      .tuple(monthEnd, fc.constantFrom(-365, -364, 0, 1, horizon, horizon + 1))
      .map(([end, distance]) => Math.min(Math.max(end + distance, 0), span)),
  ),
  customer: fc.integer({ min: 1, max: 3 }),
  number: fc.option(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), { nil: null }),
  cents: fc.integer({ min: 1, max: 99_999 }),
  status: fc.constantFrom('delivered', 'delivered', 'delivered', 'shipped', 'pending', 'returned', 'cancelled'),
})
type GeneratedLine = typeof line extends fc.Arbitrary<infer T> ? T : never

/** Lines up to a cut, mostly a day of a snapshot, and two futures after it, in which much happens on the very next days. */
const history = fc.oneof({ weight: 3, arbitrary: monthEnd }, fc.integer({ min: 60, max: span - 1 })).chain((cut) =>
  fc.record({
    cut: fc.constant(cut),
    past: fc.array(
      line.map((each) => ({ ...each, day: Math.min(each.day, cut) })),
      { minLength: 5, maxLength: 30 },
    ),
    futures: fc.tuple(future(cut), future(cut)),
  }),
)

function future(cut: number): fc.Arbitrary<GeneratedLine[]> {
  const delay = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: span - cut }))
  const later = fc.tuple(line, delay).map(([each, days]) => ({ ...each, day: Math.min(cut + days, span) }))
  return fc.array(later, { maxLength: 20 })
}

const FEATURES = `customer_id, feature_timestamp, recency_days, frequency_12m, monetary_value_12m, avg_order_value,
  max_order_value, min_order_value, total_items_purchased, weekend_purchase_count`

/** The feature rows and the labelled rows of a shop with these lines. */
async function built(lines: readonly GeneratedLine[]) {
  const rows = lines.map(
    ({ day, customer, number, cents, status }, index): Line => ({
      ...{ id: index + 1, date: addDays(firstDay, day), customer, number, price: (cents / 100).toFixed(2), status },
    }),
  )
  const connection = await openSilver({ orders: await orderRows(rows) })
  try {
    await runModels(connection, { asOf, only: customerFeatureModels })
    const rfm = await rowsOf(connection, `SELECT ${FEATURES} FROM gold_features.customer_rfm_features ORDER BY ALL`)
    const churn = await rowsOf(
      connection,
      `SELECT ${FEATURES}, churn_label FROM gold_features.churn_pit_correct ORDER BY ALL`,
    )
    return { rfm, churn }
  } finally {
    connection.closeSync()
  }
}

const upTo = (day: string) => (row: (string | null)[]) => String(row[1]) <= day

describe('features as of a day', () => {
  it('are the same whatever is moved, deleted or invented after that day', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ cut, past, futures: [one, other] }) => {
        const day = addDays(firstDay, cut)
        const [a, b] = [await built([...past, ...one]), await built([...past, ...other])]
        expect(a.rfm.filter(upTo(day))).toEqual(b.rfm.filter(upTo(day)))
        const known = addDays(day, -horizon)
        const [labelled, relabelled] = [a.churn.filter(upTo(known)), b.churn.filter(upTo(known))]
        // A future without orders may censor more snapshots; those that both have are alike to the label.
        const shorter = labelled.length < relabelled.length ? labelled : relabelled
        const shared = new Set(shorter.map((row) => row[1]))
        const inBoth = (rows: typeof labelled) => rows.filter((row) => shared.has(row[1] ?? ''))
        expect(inBoth(labelled)).toEqual(inBoth(relabelled))
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 120_000)
})

describe('labels', () => {
  it('say whether a recognised order follows within the horizon, for every customer and snapshot that can be known', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 40 }), async (lines) => {
        const recognised = lines.filter(({ status }) => status === 'delivered' || status === 'shipped')
        const expected = snapshotOffsets(recognised).flatMap((offset) =>
          labelsAt(recognised, offset).map(([customer, label]) => [`${customer}`, addDays(firstDay, offset), label]),
        )
        const { churn } = await built(lines)
        const order = (rows: unknown[][]) => rows.map(String).sort()
        expect(order(churn.map((row) => [row[0], row[1], row.at(-1)]))).toEqual(order(expected))
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 120_000)
})

/** The month ends from the first whole month with orders, and the business date; days from `firstDay`. */
function snapshotOffsets(recognised: readonly GeneratedLine[]): number[] {
  const first = Math.min(...recognised.map(({ day }) => day))
  const offsets: number[] = []
  let begun = false
  for (let offset = first; offset <= span; offset++) {
    if (addDays(firstDay, offset).endsWith('-01')) begun = true
    if ((begun && addDays(firstDay, offset + 1).endsWith('-01')) || offset === span) offsets.push(offset)
  }
  return offsets
}

/** Customer and label of every customer who has ordered by then; none when the horizon goes beyond the last order. */
function labelsAt(recognised: readonly GeneratedLine[], offset: number): [number, string][] {
  const last = Math.max(...recognised.map(({ day }) => day))
  if (offset + horizon > last) return []
  const customers = new Set(recognised.filter(({ day }) => day <= offset).map(({ customer }) => customer))
  return [...customers].map((customer) => {
    const returns = recognised.some(
      (each) => each.customer === customer && each.day > offset && each.day <= offset + horizon,
    )
    return [customer, returns ? '0' : '1']
  })
}
