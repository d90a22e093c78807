import { beforeAll, describe, expect, it } from 'vitest'
import type { ColumnUse } from '@/domain/lineage/column-use'
import type { QueryLineage } from '@/engine/ports'
import { type DialectDatabase, openDialectDatabase } from '@/testing/dialect-database'

let db: DialectDatabase
beforeAll(async () => {
  db = await openDialectDatabase()
})

const TABLES: Record<string, string[]> = { 's.t': ['a', 'b', 'c'], 's.u': ['a', 'c', 'd'] }
const CONTEXT = { asOf: '2024-02-29', defaultSchema: 's' }

function lineage(sql: string): QueryLineage {
  const result = db.dialect.columnLineage(sql, CONTEXT, (table) => TABLES[table] ?? null)
  if ('error' in result) throw new Error(result.error.message)
  return result
}

/** `= t.a` for the column itself, `f t.a` for something made of it, `Σ t.a` for an aggregate of it. */
const USAGES = {
  IDENTITY: '=',
  TRANSFORMATION: 'f',
  AGGREGATION: 'Σ',
  JOIN: 'join',
  GROUP_BY: 'group',
  FILTER: 'filter',
}
const MORE = { SORT: 'sort', WINDOW: 'window', CONDITIONAL: 'if' }
const words = (uses: readonly ColumnUse[]) =>
  uses.map(({ table, column, usage }) => `${{ ...USAGES, ...MORE }[usage]} ${table.slice(2)}.${column}`).sort()

interface Case {
  sql: string
  columns: Record<string, string[]>
  rows: string[]
}

const CASES: Record<string, Case> = {
  'aliases of tables and columns': {
    sql: 'SELECT X.A AS k, x.b + 1 AS up FROM s.T AS x',
    columns: { k: ['= t.a'], up: ['f t.b'] },
    rows: [],
  },
  'an alias of the same SELECT, unless a column has the name': {
    sql: 'SELECT a + 1 AS n, n * 2 AS m, b AS c, c + 1 AS own FROM t',
    columns: { n: ['f t.a'], m: ['f t.a'], c: ['= t.b'], own: ['f t.c'] },
    rows: [],
  },
  'a star, one of a table and one with exceptions': {
    sql: 'SELECT x.*, y.c AS yc FROM (SELECT * EXCEPT (b) FROM t) AS x CROSS JOIN u AS y',
    columns: { a: ['= t.a'], c: ['= t.c'], yc: ['= u.c'] },
    rows: [],
  },
  'a star over USING': {
    sql: 'SELECT * FROM t LEFT JOIN (SELECT a, d FROM u) AS v USING (a)',
    columns: { a: ['= t.a'], b: ['= t.b'], c: ['= t.c'], d: ['= u.d'] },
    rows: ['join t.a', 'join u.a'],
  },
  'USING of a full join': {
    sql: 'SELECT a AS k, t.a AS left_a FROM t FULL JOIN u USING (a)',
    columns: { k: ['f t.a', 'f u.a'], left_a: ['= t.a'] },
    rows: ['join t.a', 'join u.a'],
  },
  'WITH, renamed columns, and a name that hides a table': {
    sql: 'WITH u (k, n) AS (SELECT a, count(b) FROM t WHERE c > 0 GROUP BY a), v AS (SELECT k, n + 1 AS m FROM u) SELECT k, m FROM v WHERE m > 1',
    columns: { k: ['= t.a'], m: ['Σ t.b'] },
    rows: ['filter t.b', 'filter t.c', 'group t.a'],
  },
  'the latest row of each key': {
    sql: 'SELECT a AS k, b AS v FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY c DESC) = 1',
    columns: { k: ['= t.a'], v: ['= t.b'] },
    rows: ['filter t.a', 'filter t.c'],
  },
  'windows, named ones too': {
    sql: 'SELECT sum(a) OVER w AS s, lag(b) OVER (PARTITION BY a ORDER BY c) AS l, rank() OVER (ORDER BY c) AS r FROM t WINDOW w AS (PARTITION BY b ORDER BY c)',
    columns: {
      s: ['window t.b', 'window t.c', 'Σ t.a'],
      l: ['f t.b', 'window t.a', 'window t.c'],
      r: ['window t.c'],
    },
    rows: [],
  },
  'all branches of UNION ALL': {
    sql: 'SELECT a AS k, 1 AS n FROM t UNION ALL SELECT c, d FROM u WHERE d > 1 UNION ALL SELECT b, c FROM t',
    columns: { k: ['= t.a', '= t.b', '= u.c'], n: ['= t.c', '= u.d'] },
    rows: ['filter u.d'],
  },
  'UNION without ALL': {
    sql: 'SELECT a AS k FROM t UNION SELECT c FROM u',
    columns: { k: ['= t.a', '= u.c'] },
    rows: ['group t.a', 'group u.c'],
  },
  EXCEPT: {
    sql: 'SELECT a AS k FROM t EXCEPT SELECT a FROM u',
    columns: { k: ['= t.a'] },
    rows: ['filter t.a', 'filter u.a'],
  },
  'conditions of CASE and IF': {
    sql: 'SELECT CASE WHEN a > 2 THEN b ELSE 0 END AS x, CASE a WHEN 1 THEN c END AS y, if(a > 1, b, c) AS z FROM t',
    columns: { x: ['f t.b', 'if t.a'], y: ['f t.c', 'if t.a'], z: ['f t.b', 'f t.c', 'if t.a'] },
    rows: [],
  },
  'a filtered aggregate, HAVING and keys by position': {
    sql: 'SELECT a AS k, sum(b) FILTER (WHERE c > 1) AS s FROM t GROUP BY 1 HAVING max(c) > 0',
    columns: { k: ['= t.a'], s: ['filter t.c', 'Σ t.b'] },
    rows: ['filter t.c', 'group t.a'],
  },
  'GROUP BY ALL and by alias': {
    sql: 'SELECT k, n, sum(n) AS s FROM (SELECT a + 1 AS k, count(*) AS n FROM t GROUP BY k) AS x GROUP BY ALL',
    columns: { k: ['f t.a'], n: [], s: [] },
    rows: ['group t.a'],
  },
  'a correlated subquery': {
    sql: 'SELECT a AS k, (SELECT max(d) FROM u WHERE u.a = t.a) AS m FROM t',
    columns: { k: ['= t.a'], m: ['filter t.a', 'filter u.a', 'Σ u.d'] },
    rows: [],
  },
  'EXISTS, IN and semi joins': {
    sql: 'SELECT b AS v FROM t LEFT SEMI JOIN u ON u.d = t.b WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND c IN (SELECT c FROM u)',
    columns: { v: ['= t.b'] },
    rows: ['filter t.a', 'filter t.c', 'filter u.a', 'filter u.c', 'join t.b', 'join u.d'],
  },
  'LATERAL and explode': {
    sql: 'SELECT t.a AS k, e.n AS n, x.m AS m FROM t, LATERAL (SELECT t.b + 1 AS m) AS x LATERAL VIEW explode(sequence(1, c)) e AS n',
    columns: { k: ['= t.a'], n: ['f t.c'], m: ['f t.b'] },
    rows: ['join t.c'],
  },
  'explode among the columns': {
    sql: 'SELECT a AS k, explode(sequence(1, b)) AS n FROM t',
    columns: { k: ['= t.a'], n: ['f t.b'] },
    rows: ['join t.b'],
  },
  'DISTINCT, ORDER BY and LIMIT': {
    sql: 'SELECT DISTINCT a AS k FROM t ORDER BY k LIMIT 2',
    columns: { k: ['= t.a'] },
    rows: ['group t.a', 'sort t.a'],
  },
  'VALUES and constants': {
    sql: 'SELECT v.x AS x, 1 AS one, t.a AS k FROM VALUES (1, 2) AS v (x, y) JOIN t ON t.b >= v.y',
    columns: { x: [], one: [], k: ['= t.a'] },
    rows: ['join t.b'],
  },
}

const cases = Object.entries(CASES)

describe('the lineage of a query', () => {
  it.each(cases)('reads %s', (_, { sql, columns, rows }) => {
    const result = lineage(sql)
    expect(Object.fromEntries(result.columns.map(({ name, inputs }) => [name, words(inputs)]))).toEqual(columns)
    expect(words(result.rowInputs)).toEqual(rows)
  })

  it.each(cases)('has the columns that DuckDB gives for %s', async (_, { sql }) => {
    await fill({})
    const described = await db.rows(`DESCRIBE ${translated(sql)}`)
    expect(lineage(sql).columns.map(({ name }) => name)).toEqual(described.map(([name]) => name))
  })

  it.each(cases)('misses no column that changes a result of %s', async (_, { sql }) => {
    const { columns, rowInputs } = lineage(sql)
    const uses = (uses: readonly ColumnUse[], table: string, column: string) =>
      uses.some((use) => use.table === table && use.column === column)
    await fill({})
    const before = await valuesByColumn(sql)
    for (const [table, names] of Object.entries(TABLES)) {
      for (const changed of names.filter((name) => !uses(rowInputs, table, name))) {
        for (const change of ['3 - x', 'x + 5', '1']) {
          await fill({ [`${table}.${changed}`]: change })
          const after = await valuesByColumn(sql)
          columns.forEach(({ inputs }, index) => {
            if (!uses(inputs, table, changed)) expect(after[index]).toEqual(before[index])
          })
        }
      }
    }
  })
})

function translated(sql: string): string {
  const query = db.dialect.analyzeQuery(sql, CONTEXT)
  if ('error' in query) throw new Error(query.error.message)
  return query.duckdbSql
}

/** Small tables; by `schema.table.column` what is to be made of its values x. */
async function fill(changes: Record<string, string>): Promise<void> {
  await db.rows('CREATE SCHEMA IF NOT EXISTS s')
  for (const [table, columns] of Object.entries(TABLES)) {
    const values = columns.map((column, at) => {
      const change = changes[`${table}.${column}`] ?? 'x'
      return `CAST(${change.replace('x', `((i * ${at + 2} + ${at}) % 4)`)} AS INTEGER) AS ${column}`
    })
    await db.rows(`CREATE OR REPLACE TABLE ${table} AS SELECT ${values.join(', ')} FROM range(7) AS r(i)`)
  }
}

/** The values of each column, in any order of rows. */
async function valuesByColumn(sql: string): Promise<string[][]> {
  const rows = await db.rows(translated(sql))
  return lineage(sql).columns.map((_, index) => rows.map((row) => String(row[index])).sort())
}

it('an expression is the SQL that makes the column, wherever in the query it stands', () => {
  const sql = 'WITH x AS (SELECT a * 2 AS twice FROM t) SELECT twice, twice + 1 AS more FROM x'
  expect(lineage(sql).columns.map(({ expression }) => expression)).toEqual(['a * 2', 'twice + 1'])
})

it('a use stands where the query names the column, or the table of a star', () => {
  const sql = "SELECT '🪙' AS coin, x.b FROM (SELECT * FROM s.t) AS x"
  const [, b] = lineage(sql).columns
  expect(b?.inputs.map(({ offset }) => sql.slice(offset, offset + 3))).toEqual(['s.t'])
  const named = "SELECT '🪙' AS coin, t.b FROM s.t WHERE c > 1"
  const { columns, rowInputs } = lineage(named)
  expect(columns[1]?.inputs.map(({ offset }) => named.slice(offset, offset + 3))).toEqual(['t.b'])
  expect(rowInputs.map(({ offset }) => named.slice(offset, offset + 1))).toEqual(['c'])
})

it('of a table whose columns are not known, a name that nothing else has is a column, and a star is all of them', () => {
  expect(words(lineage('SELECT z, a FROM s.x JOIN t ON t.b = y').columns.flatMap(({ inputs }) => inputs))).toEqual([
    '= t.a',
    '= x.z',
  ])
  expect(lineage('SELECT * FROM s.x').columns).toMatchObject([{ name: '*', inputs: [{ table: 's.x', column: '*' }] }])
})

it('an error has a place', () => {
  expect(db.dialect.columnLineage('SELECT\n  FROM WHERE', CONTEXT, () => null)).toMatchObject({
    error: { code: 'sql.syntax', line: 2 },
  })
})
