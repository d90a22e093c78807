import { afterEach, expect, it } from 'vitest'
import { nodeCodec } from '@/testing/node-codec'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'

const MAGIC = 'PAR1'
let engine: TestEngine

afterEach(() => engine.close())

/** The only Parquet file of a zip that stores what it holds as it is. */
async function onlyParquetFile(zip: Blob): Promise<Blob> {
  const text = Buffer.from(await zip.arrayBuffer()).toString('latin1')
  return zip.slice(text.indexOf(MAGIC), text.lastIndexOf(MAGIC) + MAGIC.length)
}

it('writes a table without rows as a Parquet file with its columns', async () => {
  engine = await openTestEngine()
  await engine.api.loadSample({ lines: 2000 })
  await engine.api.run({ asOf: '2025-12-31' })
  const table = 'gold.daily_revenue_metrics__quarantine'
  const { columns, rows } = (await engine.api.tables()).find(({ name }) => name === table) ?? {}
  expect(rows).toBe(0)
  const zip = await engine.api.exportGold({ tables: [table], format: 'parquet' })
  const info = await nodeCodec().inspect(await onlyParquetFile(zip), table)
  expect(info.rows).toBe(0)
  expect(info.columns.map(({ name }) => name)).toEqual(columns?.map(({ name }) => name))
})
