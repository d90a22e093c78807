import { beforeAll, describe, expect, it } from 'vitest'
import type { QueryFlow } from '@/engine/ports'
import { createNodeDialect } from '@/testing/node-dialect'

const dialect = createNodeDialect()
beforeAll(() => dialect.load())

function flowOf(sql: string): QueryFlow {
  const analyzed = dialect.analyzeQuery(sql, { asOf: '2025-01-01', defaultSchema: 'gold' })
  if ('error' in analyzed) throw new Error(analyzed.error.message)
  return analyzed.flow
}

const shape = (sql: string) => flowOf(sql).shape

const LATEST = `lines AS (
  SELECT id, other_id AS partner, amount FROM silver.lines
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY changed DESC) = 1
)`

describe('rows that come one by one from a table', () => {
  it('are followed from a table through the columns that the result keeps', () => {
    expect(shape('SELECT id AS line_id, amount * 2 AS twice, day FROM silver.lines WHERE amount > 0')).toEqual({
      kind: 'rows',
      driver: { placeholder: '"__input_0"', table: 'silver.lines', latest: null },
      joins: [],
      outputs: { line_id: 'id', day: 'day' },
      passesAll: false,
    })
  })

  it('are followed through the latest row of each key and through joins on equal columns', () => {
    const sql = `WITH ${LATEST}, named AS (SELECT id, name FROM silver.partners)
      SELECT l.id, n.name, d.year FROM lines AS l LEFT JOIN named AS n ON n.id = l.partner AND n.name <> 'x'
      JOIN gold.days AS d ON l.amount + 1 = d.id`
    expect(shape(sql)).toMatchObject({
      driver: { table: 'silver.lines', latest: { keys: ['id'] } },
      joins: [
        { relation: { table: 'silver.partners', latest: null }, on: [{ column: 'id', driverColumn: 'other_id' }] },
        { relation: { table: 'gold.days' }, on: [] },
      ],
      outputs: { id: 'id' },
    })
  })

  it('are followed through a filter over the latest row of each key, and through a star', () => {
    const sql = `WITH ${LATEST}, large AS (SELECT * FROM lines WHERE amount > 9) SELECT x.* FROM large AS x`
    expect(shape(sql)).toMatchObject({ kind: 'rows', driver: { latest: { keys: ['id'] } }, passesAll: false })
    expect(shape('SELECT * FROM gold.days')).toMatchObject({ kind: 'rows', passesAll: true })
  })

  it('do not pass a column on that another item may hide', () => {
    expect(shape('SELECT a AS b, b AS c FROM silver.lines')).toMatchObject({ outputs: { b: 'a' } })
    expect(shape('SELECT id FROM silver.lines AS l JOIN silver.partners AS p ON p.id = l.id')).toMatchObject({
      outputs: {},
    })
  })

  it('may join the same table twice', () => {
    const sql = `SELECT l.id FROM silver.lines AS l LEFT JOIN gold.days AS a ON a.day = l.ordered
      LEFT JOIN gold.days AS b ON b.day = l.shipped`
    expect(shape(sql)).toMatchObject({
      joins: [
        { relation: { placeholder: '"__input_1"' }, on: [{ column: 'day', driverColumn: 'ordered' }] },
        { relation: { placeholder: '"__input_2"' }, on: [{ column: 'day', driverColumn: 'shipped' }] },
      ],
    })
  })

  it('take a USING column for the first table’s only when no table between may have it', () => {
    const first = 'SELECT l.id FROM silver.lines AS l JOIN gold.days AS d USING (day)'
    expect(shape(first)).toMatchObject({ joins: [{ on: [{ column: 'day', driverColumn: 'day' }] }] })
    const second = `${first} JOIN silver.partners AS p USING (id)`
    expect(shape(second)).toMatchObject({ joins: [{}, { on: [] }] })
  })
})

describe('groups', () => {
  it('are known by their values, by alias, by place and by expression', () => {
    const flow = flowOf(`SELECT day AS sold, lower(segment) AS seg, country, sum(amount) AS total
      FROM gold.facts WHERE amount > 0 GROUP BY sold, 2, country HAVING sum(amount) > 1`)
    expect(flow.shape).toMatchObject({
      kind: 'groups',
      driver: { table: 'gold.facts' },
      groups: [
        { output: 'sold', column: '__group_0', sql: '"day"' },
        { output: 'seg', column: '__group_1', sql: 'lower("segment")' },
        { output: 'country', column: '__group_2', sql: '"country"' },
      ],
      keysSql:
        'SELECT DISTINCT "day" AS "__group_0", lower("segment") AS "__group_1", "country" AS "__group_2" FROM "__input_0" AS "facts" WHERE ("amount" > 0)',
    })
    const { restrictedSql } = flow.shape as Extract<QueryFlow['shape'], { kind: 'groups' }>
    expect(restrictedSql).toContain('"__restriction"')
    expect(restrictedSql).toContain('HAVING')
  })

  it('are found over joins and through common table expressions that filter', () => {
    const sql = `WITH sold AS (SELECT * FROM gold.facts WHERE status = 'shipped')
      SELECT s.day, d.year, count(*) AS n FROM sold AS s JOIN gold.days AS d ON d.day = s.day GROUP BY s.day, d.year`
    expect(shape(sql)).toMatchObject({ kind: 'groups', groups: [{ output: 'day' }, { output: 'year' }] })
  })
})

// A query that is followed although other rows matter would give wrong rows in silence.
describe('a query is looked at as a whole', () => {
  it.each([
    ['a window over its rows', 'SELECT id, rank() OVER (ORDER BY amount) AS r FROM silver.lines', /a window function/],
    ['a window over groups', 'SELECT day, sum(sum(a)) OVER () AS s FROM gold.f GROUP BY day', /a window function/],
    ['a union', 'SELECT id FROM silver.a UNION ALL SELECT id FROM silver.b', /UNION/],
    ['DISTINCT', 'SELECT DISTINCT id FROM silver.lines', /DISTINCT/],
    ['an aggregate without groups', 'SELECT sum(amount) AS s FROM silver.lines', /SUM in the SELECT list/],
    [
      'groups over groups',
      'WITH g AS (SELECT a, sum(b) AS s FROM gold.f GROUP BY a) SELECT a, s FROM g',
      /groups or orders/,
    ],
    ['a subquery', 'SELECT id, (SELECT max(a) FROM gold.f) AS m FROM silver.lines', /subquery/],
    ['IN a subquery', 'SELECT id FROM silver.lines WHERE id IN (SELECT id FROM gold.f)', /subquery|IN/],
    ['EXISTS', 'SELECT id FROM silver.lines AS l WHERE EXISTS (SELECT 1 FROM gold.f WHERE f.id = l.id)', /./],
    ['a right join', 'SELECT l.id FROM silver.lines AS l RIGHT JOIN gold.d AS d ON d.id = l.id', /RIGHT JOIN/],
    [
      'a join of a CTE with itself',
      `WITH ${LATEST} SELECT a.id FROM lines AS a JOIN lines AS b ON a.id = b.partner`,
      /itself/,
    ],
    ['several relations', 'SELECT a.id FROM silver.a AS a, silver.b AS b', /several relations/],
    ['the first rows', 'SELECT id FROM silver.lines ORDER BY amount LIMIT 3', /ORDER BY/],
    ['rollups', 'SELECT a, b, count(*) AS n FROM gold.f GROUP BY ROLLUP (a, b)', /several groupings/],
    ['GROUP BY ALL', 'SELECT a, count(*) AS n FROM gold.f GROUP BY ALL', /GROUP BY ALL/],
    ['hidden groups', 'SELECT count(*) AS n FROM gold.f GROUP BY a', /no columns of the result/],
    ['an ambiguous group', 'SELECT a + 1 AS b, b + 1 AS c, count(*) AS n FROM gold.f GROUP BY b, c', /two meanings/],
    ['a filter by groups', `WITH ${LATEST} SELECT partner, count(*) AS n FROM lines GROUP BY partner`, /latest row/],
    ['explode', 'SELECT id, explode(tags) AS tag FROM silver.lines', /./],
  ])('because of %s', (_, sql, reason) => {
    const found = shape(sql)
    expect(found.kind).toBe('whole')
    expect(found).toHaveProperty('reason', expect.stringMatching(reason))
  })
})
