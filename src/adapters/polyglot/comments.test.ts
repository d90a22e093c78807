import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { parseFile } from '@/domain/pipeline/parse'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import { tokenize } from '@/domain/pipeline/tokens'
import type { SqlDialect } from '@/engine/ports'
import { createNodeDialect } from '@/testing/node-dialect'
import { retailFolder } from '@/testing/reference/run-models'

/** Words of a query before which a comment is tried. */
const MOST_PLACES = 40

let dialect: SqlDialect
beforeAll(async () => {
  dialect = createNodeDialect()
  await dialect.load()
})

const folder = join(retailFolder, 'transformations')
const models = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .map((file) => ({ file, sql: queryOf(file) }))
  // A flow has no query of its own, and short ones say nothing new.
  .filter(({ sql }) => sql.length > 300)

/** The query of the model's dataset, without what is not the dialect's to read. */
function queryOf(file: string): string {
  const [statement] = parseFile(file, readFileSync(join(folder, file), 'utf8')).statements
  const text = statement?.type === 'dataset' ? (statement.query?.text ?? '') : ''
  return withoutStream(text).replaceAll(/\$\{\w+\}/g, '1')
}

function translated(sql: string): string {
  const result = dialect.analyzeQuery(sql, { asOf: '2024-02-29' })
  return 'error' in result ? result.error.message : result.duckdbSql
}

it.each(models)('a comment before any word of $file changes nothing', ({ sql }) => {
  const whole = translated(sql)
  expect(whole).toContain('SELECT')
  // Symbols are tokens one by one: `<=>` is three of them, and one operator.
  const tokens = tokenize(sql).filter(({ start }) => /[\s(]/.test(sql[start - 1] ?? ' '))
  expect(tokens.length).toBeGreaterThan(20)
  // Each time the whole query is read: of a long one some words stand for all.
  const step = Math.ceil(tokens.length / MOST_PLACES)
  const changing = tokens
    .filter((_, index) => index % step === 0)
    .filter(
      ({ start }) =>
        translated(`${sql.slice(0, start)}-- it's 🪙 said\n${sql.slice(start)}`) !== whole ||
        translated(`${sql.slice(0, start)}/* SELECT /* nested */ */${sql.slice(start)}`) !== whole,
    )
  expect(changing.map(({ start }) => sql.slice(start, start + 40))).toEqual([])
})

it('an error after comments is where it is', () => {
  const result = dialect.analyzeQuery('SELECT 1, -- 🪙🪙\n /* 🪙 */ nofn(2) AS x', { asOf: '2024-02-29' })
  expect(result).toMatchObject({ error: { code: 'sql.unsupported_function', line: 2, column: 11 } })
  const syntax = dialect.analyzeQuery('SELECT 1 -- 🪙🪙\n /* 🪙 */ FROM WHERE 1', { asOf: '2024-02-29' })
  expect(syntax).toMatchObject({ error: { code: 'sql.syntax', line: 2, column: 16 } })
})
