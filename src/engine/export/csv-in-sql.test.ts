import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvRows } from '@/domain/format/csv'
import { quoteIdentifier } from '@/domain/sql/quote'
import { plainRows } from '@/engine/arrow/plain-values'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { csvParts, joinedText } from './csv-in-sql'

let database: NodeDatabase
beforeAll(async () => {
  database = await openNodeDatabase()
})
afterAll(() => database.close())

const hostile = [
  '',
  'plain',
  'a,b',
  'say "hi"',
  "it's",
  'a\r\nb',
  '=1+1',
  '+1',
  '-1',
  '@x',
  '\tx',
  '\rx',
  'ü – 漢',
  '\\',
  ' ',
]

it('prints every row as csvRows does, whatever its texts hold', async () => {
  const texts = hostile.map((text) => `(${[...text].map((char) => `chr(${char.codePointAt(0)})`).join('||') || "''"})`)
  await database.run(`CREATE TABLE t AS SELECT * FROM (
    SELECT unnest([${texts.join(',')}, NULL]) AS "te""xt", unnest(range(${hostile.length + 1})) AS i
  ), (VALUES
    (true, 1::TINYINT, -2::INTEGER, 9007199254740993, DATE '1999-12-31', TIMESTAMP '1969-12-31 23:59:59.000001', 1234.50::DECIMAL(15,2), -0.05::DECIMAL(38,3)),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
  ) AS v(b, ti, n, big, d, ts, amount, wide)`)
  const columns = [
    ['te"xt', 'VARCHAR'],
    ['b', 'BOOLEAN'],
    ['ti', 'TINYINT'],
    ['n', 'INTEGER'],
    ['big', 'BIGINT'],
    ['d', 'DATE'],
    ['ts', 'TIMESTAMP'],
    ['amount', 'DECIMAL(15,2)'],
    ['wide', 'DECIMAL(38,3)'],
  ].map(([name = '', type = '']) => ({ name, type }))
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const rows = plainRows(await database.query(`SELECT ${names} FROM t ORDER BY rowid`))
  expect(rows).toHaveLength(2 * (hostile.length + 1))
  const expected = csvRows(
    rows,
    columns.map(({ type }) => type),
  )
  const [part, ...others] = csvParts(columns)
  expect(others).toEqual([])
  const printed = await database.query(`SELECT concat(${part?.sql}, chr(13), chr(10)) AS line FROM t ORDER BY rowid`)
  expect(await new Blob(joinedText(printed)).text()).toBe(expected)
})

it('leaves to csvRows what DuckDB spells in another way, wherever it stands among the columns', async () => {
  await database.run(`CREATE TABLE mixed AS SELECT * FROM (VALUES
    (['a"b', NULL], 'x,y', 1, 1e21::DOUBLE, NULL::VARCHAR), (NULL, NULL, NULL, 2::DOUBLE, '')) AS v(l, t, n, f, e)`)
  const columns = [
    { name: 'l', type: 'VARCHAR[]' },
    { name: 't', type: 'VARCHAR' },
    { name: 'n', type: 'INTEGER' },
    { name: 'f', type: 'DOUBLE' },
    { name: 'e', type: 'VARCHAR' },
  ]
  const parts = csvParts(columns)
  expect(parts.map(({ type }) => type)).toEqual(['VARCHAR[]', null, 'DOUBLE', null])
  const selected = parts.map(({ sql }, index) => `${sql} AS c${index}`).join(', ')
  const rows = plainRows(await database.query(`SELECT ${selected} FROM mixed ORDER BY rowid`))
  const text = csvRows(
    rows,
    parts.map(({ type }) => type),
  )
  expect(text).toBe('"[""a\\""b"",null]","x,y",1,1e+21,\r\n,,,2,""\r\n')
})
