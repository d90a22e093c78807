import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { expect, GoldsmithPage, test } from './fixtures'

const root = join(import.meta.dirname, '..')
const specification = join(root, '../shared/spec/automation.d.ts')

/** These tests only ask, so one page answers all of them. */
let goldsmith: GoldsmithPage

test.beforeAll(async ({ browser, baseURL }) => {
  goldsmith = new GoldsmithPage(await browser.newPage({ baseURL: baseURL ?? '' }), baseURL ?? '')
  await goldsmith.open()
})

test.afterEach(() => goldsmith.assertClean())

test.afterAll(() => goldsmith.page.close())

/** What a rejected query says, or null when it does not reject. */
const refusal = (sql: string, dialect: 'databricks' | 'duckdb' = 'databricks') =>
  goldsmith
    .call((page, query) => page.query(query.sql, { dialect: query.dialect }), { sql, dialect })
    .then(() => null)
    .catch((error: Error) => error.cause)

const values: [sql: string, type: string, value: unknown][] = [
  ['9007199254740993::BIGINT', 'BIGINT', 9_007_199_254_740_993n],
  ['(-9223372036854775808)::BIGINT', 'BIGINT', -9_223_372_036_854_775_808n],
  ['1::BIGINT', 'BIGINT', 1n],
  ['7::INTEGER', 'INTEGER', 7],
  ['(-3)::SMALLINT', 'SMALLINT', -3],
  [
    '1234567890123456789012345678.0123456789::DECIMAL(38,10)',
    'DECIMAL(38,10)',
    '1234567890123456789012345678.0123456789',
  ],
  ['(-0.05)::DECIMAL(15,2)', 'DECIMAL(15,2)', '-0.05'],
  ['0::DECIMAL(15,2)', 'DECIMAL(15,2)', '0.00'],
  ['0.1::DOUBLE', 'DOUBLE', 0.1],
  [`'NaN'::DOUBLE`, 'DOUBLE', Number.NaN],
  [`DATE '1969-12-31'`, 'DATE', '1969-12-31'],
  [`DATE '0001-01-01'`, 'DATE', '0001-01-01'],
  [`TIMESTAMP '2011-12-09 12:50:00.123456'`, 'TIMESTAMP', '2011-12-09T12:50:00.123456Z'],
  [`TIMESTAMP '1969-12-31 23:59:59.999999'`, 'TIMESTAMP', '1969-12-31T23:59:59.999999Z'],
  ['NULL::VARCHAR', 'VARCHAR', null],
  [`''`, 'VARCHAR', ''],
  [`'<b>"=1+1"</b> 🪙'`, 'VARCHAR', '<b>"=1+1"</b> 🪙'],
  [`TIME '23:59:59.999999'`, 'TIME', '23:59:59.999999'],
  [`TIMESTAMPTZ '2011-12-09 23:50:00.123456+00'`, 'TIMESTAMP WITH TIME ZONE', '2011-12-09T23:50:00.123456Z'],
  [`DATE '2011-03-27'`, 'DATE', '2011-03-27'],
  [`'infinity'::DATE`, 'DATE', 'infinity'],
  ['true', 'BOOLEAN', true],
  ['[1, NULL, 3]::INTEGER[]', 'INTEGER[]', [1, null, 3]],
  ['[]::VARCHAR[]', 'VARCHAR[]', []],
  [
    `{'a': 1::BIGINT, 'b': {'c': 1.50::DECIMAL(4,2), 'd': NULL::DATE}}`,
    'STRUCT(a BIGINT, b STRUCT(c DECIMAL(4,2), d DATE))',
    { a: 1n, b: { c: '1.50', d: null } },
  ],
  [
    `{'at': TIMESTAMP '1969-12-31 23:59:59.999999', 'day': DATE '2011-12-09'}`,
    'STRUCT("at" TIMESTAMP, "day" DATE)',
    { at: '1969-12-31T23:59:59.999999Z', day: '2011-12-09' },
  ],
  [`MAP {'a': 1.50::DECIMAL(4,2)}`, 'MAP(VARCHAR, DECIMAL(4,2))', [{ key: 'a', value: '1.50' }]],
]

async function expectValues(goldsmith: GoldsmithPage): Promise<void> {
  const sql = `SELECT ${values.map(([expression], index) => `${expression} AS c${index}`).join(', ')}`
  const answer = await goldsmith.call((page, text) => page.query(text, { dialect: 'duckdb' }), sql)
  expect(answer.rows).toHaveLength(1)
  values.forEach(([expression, type, value], index) => {
    expect(answer.columns[index], expression).toEqual({ name: `c${index}`, type })
    expect(answer.rows[0]?.[index], expression).toEqual(value)
  })
}

test('every type comes out of a query as its documented plain value', () => expectValues(goldsmith))

for (const timezoneId of ['Pacific/Kiritimati', 'America/St_Johns']) {
  test(`values are the same in the time zone ${timezoneId}, also as they are shown`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL: baseURL ?? '', timezoneId })
    const there = new GoldsmithPage(await context.newPage(), baseURL ?? '')
    const query = `SELECT DATE '2011-12-09' AS day, TIMESTAMP '2011-12-09 23:50:00' AS at`
    await there.open(`#/sql?query=${encodeURIComponent(query)}`)
    const grid = there.page.getByRole('grid')
    await expect(grid.getByRole('gridcell', { name: '2011-12-09', exact: true })).toBeVisible()
    await expect(grid.getByRole('gridcell', { name: /^2011-12-09 23:50:00/ })).toBeVisible()
    await expectValues(there)
    there.assertClean()
    await context.close()
  })
}

test('a BLOB is bytes, and a sum of BIGINTs is exact beyond 64 bits', async () => {
  const bytes = await goldsmith.call(async (page) => {
    const { rows } = await page.query(`SELECT '\\x00\\xFFA'::BLOB`, { dialect: 'duckdb' })
    const value = rows[0]?.[0]
    return value instanceof Uint8Array ? [...value] : String(value)
  })
  expect(bytes).toEqual([0, 255, 65])
  const { rows } = await goldsmith.call((page) =>
    page.query('SELECT sum(n) FROM (VALUES (9223372036854775807), (9223372036854775807)) AS v(n)', {
      dialect: 'duckdb',
    }),
  )
  expect(String(rows[0]?.[0])).toBe('18446744073709551614')
})

test('a query without rows keeps its columns, and one with many gives all of them in order', async () => {
  const none = await goldsmith.call((page) => page.query('SELECT 1 AS a, CAST(2 AS STRING) AS b WHERE 1 = 0'))
  expect(none).toEqual({
    columns: [
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'VARCHAR' },
    ],
    rows: [],
  })
  const outOfOrder = await goldsmith.call(async (page) => {
    const { rows } = await page.query('SELECT i FROM range(123457) AS r(i) ORDER BY i', { dialect: 'duckdb' })
    return { rows: rows.length, wrong: rows.findIndex(([value], index) => value !== BigInt(index)) }
  })
  expect(outOfOrder).toEqual({ rows: 123_457, wrong: -1 })
})

test('queryArrow gives an Arrow stream that other readers read', async () => {
  const stream = await goldsmith.call((page) =>
    page.queryArrow(`SELECT i, CAST(i AS VARCHAR) AS text, (i / 2)::DECIMAL(10,2) AS half FROM range(5000) AS r(i)`, {
      dialect: 'duckdb',
    }),
  )
  const table = tableFromIPC(Buffer.from(stream))
  expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
    'i Int64',
    'text Utf8',
    'half Decimal[10e+2]',
  ])
  expect(table.numRows).toBe(5000)
  expect(table.get(4999)?.toJSON()).toMatchObject({ i: 4999n, text: '4999' })
})

test('queryArrow keeps types that a dictionary stands for, over all parts of a long result', async () => {
  const stream = await goldsmith.call((page) =>
    page.queryArrow(
      `SELECT i, (CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END)::ENUM ('odd', 'even') AS parity, [i] AS list, {n: i} AS s
       FROM range(1100000) AS r(i)`,
      { dialect: 'duckdb' },
    ),
  )
  const table = tableFromIPC(Buffer.from(stream))
  expect(table.numRows).toBe(1_100_000)
  for (const row of [0, 499_999, 500_001, 1_099_999]) {
    const { i, parity } = table.get(row)?.toJSON() ?? {}
    expect({ i, parity }).toEqual({ i: BigInt(row), parity: row % 2 === 0 ? 'even' : 'odd' })
  }
})

test('queryArrow stops when its signal aborts, and the next query runs', async () => {
  const outcome = await goldsmith.call(async (page) => {
    const codeOf = (error: { cause: { code: string } }) => error.cause.code
    const sql = 'SELECT sum(hash(i)) AS n FROM range(100000000000) AS r(i)'
    const early = await page.queryArrow(sql, { dialect: 'duckdb', signal: AbortSignal.abort() }).catch(codeOf)
    const late = await page.queryArrow(sql, { dialect: 'duckdb', signal: AbortSignal.timeout(500) }).catch(codeOf)
    return { early, late, next: (await page.query('SELECT 1 AS n')).rows }
  })
  expect(outcome).toEqual({ early: 'canceled', late: 'canceled', next: [[1]] })
})

test('an error says by its code what went wrong, and what to do', async () => {
  const explained = (code: string, sql: string) => ({
    code,
    message: expect.stringMatching(/\S/),
    remedy: expect.stringMatching(/\S/),
    sql,
  })
  for (const [sql, code] of [
    ['SELECT * FROM gold.no_such_table', 'sql.unknown_table'],
    ['SELECT * FROM silver.orders', 'sql.source_absent'],
    ['SELECT * FROM gold.fact_sales', 'sql.table_not_built'],
    ['SELECT nothing_here FROM (SELECT 1 AS a) AS t', 'sql.unknown_column'],
    ["SELECT CAST('abc' AS INT)", 'sql.conversion'],
    ['DROP TABLE gold.fact_sales', 'sql.not_a_query'],
  ] as const) {
    expect(await refusal(sql), sql).toMatchObject(explained(code, sql))
  }
  expect(await refusal('SELECT a\nFROM (VALUES (1)) AS v(a)\nWHERE a = = 1')).toMatchObject({
    code: 'sql.syntax',
    line: 3,
  })
  // The engine answers after every one of them.
  expect((await goldsmith.call((page) => page.query('SELECT 1'))).rows).toEqual([[1]])
})

test('the same text means different things in the two dialects', async () => {
  const sql = 'SELECT x FROM (VALUES (1), (NULL)) AS v(x) ORDER BY x'
  const inBoth = await goldsmith.call(
    async (page, text) => [
      (await page.query(text)).rows,
      (await page.query(text, { dialect: 'duckdb' })).rows,
      (await page.query("SELECT date_format(DATE '2011-12-09', 'yyyy/MM'), date_sub(DATE '2011-12-09', 9)")).rows,
    ],
    sql,
  )
  expect(inBoth).toEqual([[[null], [1]], [[1], [null]], [['2011/12', '2011-11-30']]])
})

test('window.goldsmith has the members that its types declare', async () => {
  const source = readFileSync(join(root, 'src/domain/automation.ts'), 'utf8')
  const declared = /export interface Goldsmith \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? ''
  const members = [...declared.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name)
  expect(members.length).toBeGreaterThan(9)
  const found = await goldsmith.page.evaluate(() => Object.keys(window.goldsmith))
  expect(found.sort()).toEqual(members.sort())
})

test('the types are those of the specification, letter by letter', () => {
  test.skip(!existsSync(specification), 'the specification is not beside this repository')
  expect(readFileSync(join(root, 'src/domain/automation.ts'), 'utf8')).toBe(readFileSync(specification, 'utf8'))
})
