import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { FUNCTIONS } from '@/adapters/polyglot/functions'
import { type DialectDatabase, openDialectDatabase } from '@/testing/dialect-database'
import { signatureOf, sqlFunctions } from './functions'

let db: DialectDatabase
beforeAll(async () => {
  db = await openDialectDatabase()
})

it('offers exactly the functions that a Databricks query may call', () => {
  expect(sqlFunctions.map(({ name }) => name).toSorted()).toEqual([...FUNCTIONS.keys()].toSorted())
})

it('shows no fewer parameters than a function needs, and no more than it takes', () => {
  for (const { name, parameters } of sqlFunctions) {
    const [least = 0, most = 0] = FUNCTIONS.get(name)?.arity ?? []
    const needed = parameters.filter((parameter) => !parameter.startsWith('[') && parameter !== '…')
    expect(needed.length, name).toBeGreaterThanOrEqual(Math.min(least, 1))
    expect(needed.length, name).toBeGreaterThanOrEqual(least)
    expect(parameters.filter((parameter) => parameter !== '…').length, name).toBeLessThanOrEqual(most)
  }
})

it('offers to DuckDB only what DuckDB has', async () => {
  const known = new Set((await db.rows('SELECT DISTINCT function_name FROM duckdb_functions()')).flat())
  // DuckDB does not list what its parser and its window operator know by themselves.
  const unlisted =
    'coalesce nullif ifnull if trim substring current_timestamp cume_dist dense_rank first_value lag last_value lead ntile percent_rank rank row_number'
  for (const name of unlisted.split(' ')) known.add(name)
  const missing = sqlFunctions.filter(({ name, inDuckDb }) => inDuckDb && !known.has(name)).map(({ name }) => name)
  expect(missing).toEqual([])
})

it('lists all of them in docs/sql-functions.md', () => {
  const listed = readFileSync('docs/sql-functions.md', 'utf8').split('\n')
  const lines = sqlFunctions.map((one) => `| \`${signatureOf(one)}\` | ${one.summary} |`)
  expect(lines.filter((line) => !listed.includes(line))).toEqual([])
  expect(listed.filter((line) => line.startsWith('| `'))).toHaveLength(lines.length)
})
