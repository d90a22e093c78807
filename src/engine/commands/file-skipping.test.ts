/** A file that a filter skips holds no row for which the filter is TRUE, as DuckDB judges it. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AddFile } from '@/domain/delta/actions'
import { planScan } from '@/domain/delta/scan/plan-scan'
import { parsePredicate, understood } from '@/domain/delta/scan/predicate'
import { queryFilter } from '@/domain/delta/scan/query-filter'
import { fileStatistics } from '@/domain/delta/statistics'
import { tokenize } from '@/domain/pipeline/tokens'
import { streamRows } from '@/engine/arrow/ipc-stream'
import { nodeCodec } from '@/testing/node-codec'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { createNodeDialect } from '@/testing/node-dialect'

const COLUMNS = [
  { name: 'i', type: 'INTEGER' },
  { name: 'l', type: 'BIGINT' },
  { name: 'd', type: 'DECIMAL(20,3)' },
  { name: 'f', type: 'DOUBLE' },
  { name: 'g', type: 'FLOAT' },
  { name: 's', type: 'VARCHAR' },
  { name: 'day', type: 'DATE' },
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'b', type: 'BOOLEAN' },
  { name: 'p', type: 'VARCHAR' },
] as const
type Column = (typeof COLUMNS)[number]['name']

const LONG = 'ä'.repeat(31)
/** Values that sort close to each other, and those at which bounds are cut, rounded or missing. */
const VALUES: Record<Column, string[]> = {
  i: ['-2147483648', '-3', '0', '1', '2', '7'],
  l: ['-9007199254740993', '0', '9007199254740992', '9007199254740993', '9223372036854775807'],
  d: ['-0.001', '0.000', '0.1', '12.340', '12345678901234567.891', '12345678901234567.892'],
  f: ['-1.5', '0.0', '-0.0', '0.1', '3', "'NaN'", "'Infinity'"],
  g: ['0.1', '0.25', '16777217', '-3'],
  s: ["''", "'a'", "'ab'", "'b'", `'${LONG}a'`, `'${LONG}bb'`, `'${LONG}bc'`, "'\u{1F600}'", "'\uFFFD'", "'it''s'"],
  day: ["'2024-01-01'", "'2024-01-02'", "'2024-02-29'", "'1969-12-31'"],
  ts: [
    "'2024-01-01 00:00:00'",
    "'2024-01-01 00:00:00.000001'",
    "'2024-01-01 00:00:00.000999'",
    "'1969-12-31 23:59:59.999999'",
  ],
  b: ['true', 'false'],
  p: ["'x'", "'y'", "'z'"],
}
const ROWS_A_FILE = 3
const FILES = 120

let database: NodeDatabase
let files: AddFile[] = []
const dialect = createNodeDialect()
const table = { columns: COLUMNS, partitionColumns: ['p'] }

beforeAll(async () => {
  await dialect.load()
  database = await openNodeDatabase()
  // Few different values a file, so that its bounds rule something out.
  const value = fc.tuple(...COLUMNS.map(({ name }) => fc.constantFrom('NULL', ...VALUES[name])))
  const samples = fc.sample(fc.array(value, { minLength: ROWS_A_FILE, maxLength: ROWS_A_FILE }), {
    numRuns: FILES,
    seed: 7,
  })
  const typed = (values: readonly string[]) => COLUMNS.map(({ type }, at) => `CAST(${values[at]} AS ${type})`)
  const rows = samples.flatMap((file, index) =>
    file.map((row) => `(${[index, ...typed([...row.slice(0, -1), file[0]?.at(-1) ?? ''])].join(', ')})`),
  )
  const names = COLUMNS.map(({ name }) => name).join(', ')
  await database.run(`CREATE TABLE t AS SELECT * FROM (VALUES ${rows.join(', ')}) AS v(file, ${names})`)
  const codec = nodeCodec()
  const stored = COLUMNS.filter(({ name }) => name !== 'p')
  const select = stored.map(({ name, type }) => (type === 'TIMESTAMP' ? `${name}::TIMESTAMPTZ AS ${name}` : name))
  files = await Promise.all(
    samples.map(async (_, file): Promise<AddFile> => {
      const stream = await database.query(`SELECT ${select.join(', ')} FROM t WHERE file = ${file}`)
      expect(streamRows(stream)).toBe(ROWS_A_FILE)
      const bytes = await codec.encode(stream, { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: {} })
      const info = await codec.inspect(new Blob([new Uint8Array(bytes)]), String(file))
      const [nan, p] = (await read(`SELECT bool_or(isnan(f)), any_value(p) FROM t WHERE file = ${file}`))[0] ?? []
      const stats = fileStatistics(stored, info.rowGroups, new Set(nan === false ? ['f', 'g'] : ['g']))
      const partitionValues = { p: p === null ? null : String(p) }
      return { path: String(file), partitionValues, size: 1, modificationTime: 0, dataChange: true, stats }
    }),
  )
})
afterAll(() => database.close())

async function read(sql: string): Promise<unknown[][]> {
  return (await database.connection.runAndReadAll(sql)).getRows()
}

/** Literals as Databricks SQL has them: no adjacent quotes, types named or left to be guessed. */
function literal(column: Column, text: string): fc.Arbitrary<string> {
  const written = text.replaceAll(/(?<=.)''(?=.)/g, "\\'")
  if (column === 'day') return fc.constantFrom(`DATE ${written}`, written)
  if (column === 'ts') return fc.constantFrom(`TIMESTAMP ${written}`, written)
  if (column === 'f' && written.startsWith("'")) return fc.constant('1e9')
  return fc.constant(written)
}

const leaf = fc.constantFrom(...COLUMNS.map(({ name }) => name)).chain((column) => {
  const one = fc.constantFrom(...VALUES[column]).chain((text) => literal(column, text))
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('=', '<', '<=', '>', '>=', '<>', '<=>'), one)
      .map(([operator, value]) => `${column} ${operator} ${value}`),
    fc.tuple(fc.constantFrom('=', '<', '>='), one).map(([operator, value]) => `${value} ${operator} t.${column}`),
    fc.tuple(one, one).map(([low, high]) => `${column} BETWEEN ${low} AND ${high}`),
    fc.array(one, { minLength: 1, maxLength: 3 }).map((values) => `\`${column}\` IN (${values.join(', ')})`),
    fc.constantFrom(`${column} IS NULL`, `${column} IS NOT NULL`),
  )
})
const condition = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `(${inner})`),
    tie('condition').map((inner) => `NOT (${inner})`),
  ),
})).condition

const parse = (text: string) =>
  parsePredicate(text, tokenize(text).slice(0, -1), { columns: COLUMNS, qualifiers: new Set(['t']) })

describe('a filter', () => {
  it('skips only files without a row for which it is TRUE, and skips many', async () => {
    let skippedFiles = 0
    await fc.assert(
      fc.asyncProperty(condition, async (text) => {
        const analyzed = dialect.analyzeExpression(text, { asOf: '2024-01-01' })
        if ('error' in analyzed) throw new Error(analyzed.error.message)
        const matching = new Set(
          (await read(`SELECT DISTINCT file FROM t WHERE ${analyzed.duckdbSql}`)).map(([file]) => String(file)),
        )
        const { skipped } = planScan(files, table, parse(text))
        skippedFiles += skipped.length
        expect(skipped.filter(({ path }) => matching.has(path)).map(({ stats }) => stats)).toEqual([])
      }),
      { numRuns: 250 },
    )
    expect(skippedFiles).toBeGreaterThan(250 * 10)
  })

  it.each([
    ['i = 7', 1],
    ["day BETWEEN '2024-02-01' AND DATE '2024-03-01'", 1],
    ["p = 'x' AND upper(s) = 'A'", 1],
    ["s = 'a' OR unhex(s) IS NULL", 0],
    ['i + 1 = 2', 0],
    ['l = 5L', 0],
    ['other.i = 1', 0],
    ['CASE WHEN i = 1 AND l = 2 THEN b END', 0],
  ])('says which of its conditions it uses: %s', (text, used) => {
    expect(understood(parse(text))).toHaveLength(used)
  })

  it('is taken from a query that reads one table, whatever follows it', () => {
    const filter = (sql: string) => understood(queryFilter(sql, COLUMNS, 'gold.t'))
    expect(
      filter('SELECT i, count(*) FROM gold.t VERSION AS OF 3 WHERE i = 1 AND t.l > 2 GROUP BY i HAVING count(*) > 1'),
    ).toEqual(['i = 1', 't.l > 2'])
    expect(filter('(SELECT * FROM t AS u WHERE u.i = 1 LIMIT 5);')).toEqual(['u.i = 1'])
    expect(filter('SELECT * FROM t WHERE i IN (SELECT i FROM u WHERE i = 1)')).toEqual([])
    expect(filter('SELECT * FROM t, u WHERE i = 1')).toEqual([])
  })
})
