import { beforeAll, describe, expect, it } from 'vitest'
import { createNodeDialect } from '@/testing/node-dialect'

const dialect = createNodeDialect()
beforeAll(() => dialect.load())

const LATEST = `latest AS (
  SELECT id, other_id, amount FROM silver.lines QUALIFY row_number() OVER (PARTITION BY id ORDER BY changed DESC) = 1
)`
const OTHERS = `others AS (
  SELECT id, name FROM silver.others QUALIFY row_number() OVER (PARTITION BY id ORDER BY changed DESC) = 1
)`

function driver(sql: string): string | null {
  const analyzed = dialect.analyzeQuery(sql, { asOf: '2025-01-01', defaultSchema: 'gold' })
  if ('error' in analyzed) throw new Error(analyzed.error.message)
  const { drivingPlaceholder, latestPerKey } = analyzed
  return latestPerKey.find(({ placeholder }) => placeholder === drivingPlaceholder)?.table ?? null
}

// A query that is cut although it looks at several rows would give wrong rows in silence.
describe('a query may be cut along the table', () => {
  it.each([
    ['that it filters', `WITH ${LATEST} SELECT id, amount * 2 AS twice FROM latest WHERE amount > 0`],
    [
      'whose rows it joins with others',
      `WITH ${LATEST}, ${OTHERS} SELECT l.id, o.name FROM latest AS l LEFT JOIN others AS o ON o.id = l.other_id
       INNER JOIN gold.days AS d ON d.id = l.id`,
    ],
  ])('%s', (_, sql) => {
    expect(driver(sql)).toBe('silver.lines')
  })
})

describe('a query may not be cut', () => {
  it.each([
    ['when it aggregates', `WITH ${LATEST} SELECT sum(amount) AS total FROM latest`],
    ['when it groups', `WITH ${LATEST} SELECT other_id FROM latest GROUP BY other_id`],
    ['when it removes duplicates', `WITH ${LATEST} SELECT DISTINCT other_id FROM latest`],
    ['when it ranks', `WITH ${LATEST} SELECT id, rank() OVER (ORDER BY amount) AS place FROM latest`],
    [
      'when a window stands inside an expression',
      `WITH ${LATEST} SELECT amount - lag(amount) OVER (ORDER BY id) AS d FROM latest`,
    ],
    ['when it takes the first rows', `WITH ${LATEST} SELECT id FROM latest ORDER BY amount LIMIT 10`],
    [
      'when it keeps some rows by a window',
      `WITH ${LATEST} SELECT id FROM latest QUALIFY rank() OVER (ORDER BY amount) < 3`,
    ],
    [
      'when it joins the table with itself',
      `WITH ${LATEST} SELECT a.id FROM latest AS a JOIN latest AS b ON a.id = b.other_id`,
    ],
    [
      'when another part of it reads the table',
      `WITH ${LATEST}, totals AS (SELECT sum(amount) AS s FROM latest) SELECT l.id, t.s FROM latest AS l CROSS JOIN totals AS t`,
    ],
    [
      'when it keeps rows of the other side',
      `WITH ${LATEST} SELECT l.id FROM latest AS l RIGHT JOIN gold.days AS d ON d.id = l.id`,
    ],
    [
      'when it keeps rows of both sides',
      `WITH ${LATEST} SELECT l.id FROM latest AS l FULL JOIN gold.days AS d ON d.id = l.id`,
    ],
    [
      'when it joins a subquery over the table',
      `WITH ${LATEST} SELECT l.id FROM latest AS l JOIN (SELECT max(amount) AS m FROM latest) AS t ON t.m = l.amount`,
    ],
    [
      'when a condition looks at other rows',
      `WITH ${LATEST} SELECT id FROM latest WHERE amount = (SELECT max(amount) FROM latest)`,
    ],
    ['when it is a union', `WITH ${LATEST} SELECT id FROM latest UNION ALL SELECT id FROM latest`],
    [
      'when the table is not reduced to its latest rows',
      'WITH latest AS (SELECT id FROM silver.lines) SELECT id FROM latest',
    ],
  ])('%s', (_, sql) => {
    expect(driver(sql)).toBeNull()
  })
})
