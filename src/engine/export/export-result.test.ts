import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import { quoteLiteral } from '@/domain/sql/quote'
import { plainRow, plainRows } from '@/engine/arrow/plain-values'
import type { ResultFormat } from '@/rpc/contract'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { uniqueNames } from './export-result'

let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: [{ path: 'spark-pipeline.yml', text: 'name: none\nschema: gold\n' }] })
})
afterAll(() => engine.close())

async function exported(sql: string, format: ResultFormat) {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  return engine.api.exportResult({ id, format })
}

const VALUES = `SELECT 9007199254740993 AS big, 1.50::DECIMAL(10,2) AS money, DATE '2011-12-09' AS day,
  TIMESTAMP '2011-12-09 08:26:00.123456' AS at, '=1+1' AS formula, '' AS empty, NULL::VARCHAR AS nothing, {a: 1} AS nested`

describe('a result', () => {
  it('leaves as CSV, its formulas harmless and NULL not empty text', async () => {
    const { blob, extension } = await exported(VALUES, 'csv')
    expect(extension).toBe('csv')
    expect(await blob.text()).toBe(
      'big,money,day,at,formula,empty,nothing,nested\r\n' +
        `9007199254740993,1.50,2011-12-09,2011-12-09T08:26:00.123456Z,"'=1+1","",,"{""a"":1}"\r\n`,
    )
  })

  it('leaves as CSV in the order and with the rows of its arrangement', async () => {
    const { id } = await engine.api.query({ sql: 'SELECT i FROM range(50000) AS r(i)', dialect: 'duckdb' })
    const arrangement = {
      order: { column: 0, descending: true },
      filters: [{ column: 0, kind: 'range' as const, from: '3', to: null }],
    }
    const { id: arranged } = await engine.api.arrange({ id, arrangement })
    const lines = (await (await engine.api.exportResult({ id: arranged, format: 'csv' })).blob.text()).split('\r\n')
    expect([lines.length, lines[1], lines[2], lines.at(-2)]).toEqual([49_999, '49999', '49998', '3'])
  })

  it('leaves as an Arrow stream with its own names, also two of one', async () => {
    const { blob } = await exported('SELECT i AS x, -i AS x FROM range(250000) AS r(i)', 'arrow')
    const table = tableFromIPC(new Uint8Array(await blob.arrayBuffer()))
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['x', 'x'])
    expect([table.numRows, table.getChildAt(1)?.get(249_999)]).toEqual([250_000, -249_999n])
  })

  it('leaves as Parquet that other engines read', async () => {
    const { blob, extension } = await exported(`${VALUES}, 1::HUGEINT AS huge, 2 AS big`, 'parquet')
    expect(extension).toBe('parquet')
    const folder = mkdtempSync(join(tmpdir(), 'goldsmith-result-'))
    try {
      const file = join(folder, 'result.parquet')
      writeFileSync(file, new Uint8Array(await blob.arrayBuffer()))
      const from = `FROM read_parquet(${quoteLiteral(file)})`
      expect(plainRow(await engine.database.query(`SELECT * ${from}`))).toEqual([
        9007199254740993n,
        '1.50',
        '2011-12-09',
        '2011-12-09T08:26:00.123456Z',
        '=1+1',
        '',
        null,
        { a: 1 },
        '1',
        2,
      ])
      const described = plainRows(await engine.database.query(`SELECT column_name FROM (DESCRIBE ${from})`))
      expect(described.at(-1)).toEqual(['big_2'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says that it is not there any more', async () => {
    const gone = engine.api.exportResult({ id: 'gone', format: 'csv' }).catch(toErrorData)
    expect(await gone).toMatchObject({ code: 'result.closed' })
  })
})

it('columns of one name get numbers that no other has', () => {
  expect(uniqueNames(['a', 'a', 'a_2', 'a'])).toEqual(['a', 'a_2', 'a_2_2', 'a_3'])
})
