import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryRequest } from '@/rpc/contract'
import { LoadedEngine } from '@/testing/loaded-engine'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { readingStatement } from './read-only'

const duckdb = (sql: string) => readingStatement(sql, 'duckdb')
const refusal = (code: unknown) => expect.objectContaining({ cause: expect.objectContaining({ code }) })

describe('a query over stored tables', () => {
  let page: LoadedEngine
  beforeAll(async () => {
    page = await LoadedEngine.open()
  }, 60_000)
  afterAll(() => page.close())

  const gone = 'DELETE FROM gold.fact_sales'
  const writes: [string, QueryRequest['dialect']][] = [
    [`SELECT 1 AS c0) AS r; ${gone}; SELECT * FROM (SELECT 1 AS a`, 'duckdb'],
    [`SELECT 1; ${gone}`, 'duckdb'],
    [`SELECT 1; ${gone}`, 'databricks'],
    [`WITH x AS (SELECT 1) ${gone}`, 'duckdb'],
    [`WITH x AS (SELECT 1) ${gone}`, 'databricks'],
    [`WITH x AS (${gone} RETURNING *) SELECT * FROM x`, 'duckdb'],
    [`EXPLAIN ANALYZE ${gone}`, 'duckdb'],
    [`EXPLAIN ANALYZE ${gone}`, 'databricks'],
    [`(${gone})`, 'duckdb'],
    [`SELECT * FROM (${gone} RETURNING *)`, 'duckdb'],
    [`SELECT * FROM query('${gone}')`, 'duckdb'],
    [`SUMMARIZE ${gone}`, 'duckdb'],
    [`DESCRIBE ${gone}`, 'duckdb'],
    [`FROM gold.fact_sales; ${gone}`, 'duckdb'],
    [`SELECT 1 -- ) AS result(c0); ${gone}\n; ${gone}`, 'duckdb'],
    [`SELECT E'a'\n'\\' , '; ${gone} --'`, 'duckdb'],
    [`SELECT 1 AS a\u2028$$; ${gone}; SELECT 1 AS b$$`, 'duckdb'],
    [`SELECT 1 AS a$$; ${gone}; SELECT 1 AS b$$`, 'duckdb'],
    [`SELECT 1 /* /* */ ; ${gone}; -- */ */`, 'duckdb'],
    [`SELECT 1\0) AS r; ${gone}; SELECT (1`, 'duckdb'],
    ['SET threads = 1', 'duckdb'],
    ["PRAGMA memory_limit = '1MB'", 'duckdb'],
    ["ATTACH ':memory:' AS other", 'duckdb'],
    ["COPY gold.fact_sales TO 'gone.csv'", 'duckdb'],
    ['INSTALL json', 'duckdb'],
    ['LOAD json', 'duckdb'],
    ['CALL pragma_version()', 'duckdb'],
    ['USE memory', 'duckdb'],
    ['DROP TABLE gold.fact_sales', 'duckdb'],
  ]

  it.each(writes)('changes nothing and is refused, read in windows or as Arrow: %j (%s)', async (sql, dialect) => {
    const request: QueryRequest = dialect === undefined ? { sql } : { sql, dialect }
    const before = await page.rows('SELECT count(*), sum(hash(f)) FROM gold.fact_sales AS f')
    for (const run of [() => page.engine.api.query(request), () => page.engine.api.queryArrow(request)]) {
      await expect(run()).rejects.toMatchObject({ cause: { code: expect.stringMatching(/^sql\./), sql } })
      expect(await page.rows('SELECT count(*), sum(hash(f)) FROM gold.fact_sales AS f')).toEqual(before)
    }
  })

  it.each([
    'SELECT 1 AS n -- the last line is a comment',
    'SELECT 1 AS n; -- done\n',
    '-- first\n(SELECT 1 AS n);;',
    'FROM (SELECT 1 AS n)',
    'TABLE gold.fact_sales',
    'VALUES (1)',
    'WITH x(n) AS MATERIALIZED (SELECT 1), y AS (FROM x) SELECT n FROM y',
    'WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 3) (SELECT n FROM t)',
    'DESCRIBE gold.fact_sales',
    'SUMMARIZE SELECT 1 AS n',
    'SHOW ALL TABLES',
    'PIVOT (SELECT 1 AS a, 2 AS n) ON a IN (1) USING sum(n)',
    "SELECT $$a;)$$ AS a, $t$ '; $$ $t$ AS b, E'\\'; )' AS c, ';' AS \";)\" /* ; /* ) */ ' */",
    'SELECT\u00A0\'a\\\' AS "a"',
  ])('in DuckDB’s dialect may be %j', async (sql) => {
    const result = await page.engine.api.query({ sql, dialect: 'duckdb' })
    expect(result.rows).toBeGreaterThan(0)
    expect(result.columns.length).toBeGreaterThan(0)
  })
})

describe('a text that is no query', () => {
  it.each([
    ['SELECT 1;\nDELETE FROM t', 'sql.not_a_query', 2, 1],
    ['WITH x AS (SELECT 1)\n DELETE FROM t', 'sql.not_a_query', 2, 2],
    ['-- a comment\n  EXPLAIN SELECT 1', 'sql.not_a_query', 2, 3],
    [' ; ', 'sql.not_a_query', 1, 1],
    ['SELECT 1)', 'sql.syntax', 1, 9],
    ['SELECT (1', 'sql.syntax', 1, 8],
    ["SELECT 'a", 'sql.syntax', 1, 8],
    ['SELECT $1', 'sql.syntax', 1, 8],
    ["SELECT xe'a'", 'sql.syntax', 1, 10],
  ])('is refused at its place: %j', (sql, code, line, column) => {
    expect(() => duckdb(sql)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code, line, column, remedy: expect.any(String) }) }),
    )
  })

  it('is told from a query with the same words in its quotes', () => {
    expect(readingStatement('SELECT `(`, ")" FROM t -- ;', 'databricks')).toBe('SELECT `(`, ")" FROM t')
    expect(() => readingStatement('SELECT 1; SELECT 2', 'databricks')).toThrow(refusal('sql.not_a_query'))
  })
})

describe('a text that would leave its parentheses', () => {
  const written = ') AS r; DELETE FROM kept; SELECT * FROM (SELECT 1 AS b'
  let database: NodeDatabase
  beforeAll(async () => {
    database = await openNodeDatabase()
  })
  afterAll(() => database.close())

  /** How many statements DuckDB sees; null when it cannot parse them, and then it runs none of them. */
  async function statementsIn(subquery: string): Promise<number | null> {
    try {
      return (await database.connection.extractStatements(`SELECT * FROM (${subquery}\n) AS result`)).count
    } catch {
      return null
    }
  }

  it.each([
    `SELECT 1 AS a${written}`,
    `SELECT E'a'\n'\\' AS a, '${written} --'`,
    `SELECT E'\\'' AS a${written} --'`,
    `SELECT 'a\\' AS a${written} --'`,
    `SELECT 1 AS a$$${written}$$`,
    `SELECT 1 AS a\u2028$$${written}$$`,
    `SELECT 1 +\u2028e'\\'${written} --'`,
    `SELECT 1 AS a /* /* */ */${written} -- */`,
    `SELECT 1 AS a -- \r${written}`,
  ])('is refused: %j', async (sql) => {
    expect(await statementsIn(sql)).toBe(3)
    expect(() => duckdb(sql)).toThrow(refusal(expect.stringMatching(/^sql\.(not_a_query|syntax)$/)))
  })

  it('never passes, however its quotes and comments are mixed', async () => {
    const marks = [
      "'",
      "'",
      '"',
      '\\',
      '$$',
      '$a$',
      'E',
      '/*',
      '*/',
      '--',
      '\n',
      ' ',
      '\u2028',
      '\u00A0',
      ',',
      'a',
      '1',
    ]
    const mix = fc.array(fc.constantFrom(...marks), { maxLength: 5 }).map((parts) => parts.join(''))
    const head = fc.constantFrom('SELECT 1 AS a', "SELECT E'a'", "SELECT 'a'", 'SELECT 1 ')
    const texts = fc.tuple(head, mix, mix).map(([start, before, after]) => start + before + written + after)
    let seen = 0
    await fc.assert(
      fc.asyncProperty(texts, async (sql) => {
        if (!passes(sql)) return
        const count = await statementsIn(duckdb(sql))
        if (count !== null) seen += 1
        expect(count ?? 1).toBe(1)
      }),
      { numRuns: 20_000 },
    )
    expect(seen).toBeGreaterThan(100)
  }, 60_000)
})

function passes(sql: string): boolean {
  try {
    duckdb(sql)
    return true
  } catch {
    return false
  }
}
