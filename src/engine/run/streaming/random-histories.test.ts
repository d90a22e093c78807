/** Whatever comes in whatever batches, and wherever an update breaks off: the history is that of a replay of all batches. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Change, replayChanges, type TargetRow } from '@/testing/reference/replay-changes'
import { StreamingEngine } from '@/testing/streaming-engine'
import { StumblingFileStore } from '@/testing/stumbling-file-store'

const SOURCES = 'CREATE TABLE silver.things (id INT, name STRING, size INT, op STRING, at_step INT, PRIMARY KEY (id))'
const target = (name: string, clauses: string) => `CREATE OR REFRESH STREAMING TABLE ${name};
CREATE FLOW into_${name} AS AUTO CDC INTO ${name} FROM STREAM(silver.things) KEYS (id) ${clauses}
APPLY AS DELETE WHEN op = 'D' SEQUENCE BY at_step COLUMNS (id, name, size)`
const RULES = {
  latest: { keys: ['id'], scdType: 1, ignoreNullUpdates: false, tracked: [] },
  partial: { keys: ['id'], scdType: 1, ignoreNullUpdates: true, tracked: [] },
  versions: { keys: ['id'], scdType: 2, ignoreNullUpdates: false, tracked: ['name'] },
} as const
const FLOWS = [
  target('latest', ''),
  target('partial', 'IGNORE NULL UPDATES'),
  `${target('versions', 'STORED AS SCD TYPE 2')} TRACK HISTORY ON (name)`,
].join(';\n')
/** Histories that share the tables, each with keys of its own: the updates cost more than the rows. */
const SIDE_BY_SIDE = 20
const BATCHES = 3

const change = fc.record({
  name: fc.option(fc.constantFrom('a', 'b', "c'"), { nil: null }),
  size: fc.option(fc.integer({ min: 1, max: 2 }), { nil: null }),
  sequence: fc.integer({ min: 0, max: 9 }),
  deleted: fc.constantFrom(false, false, false, true),
})
const runs = fc.record({
  histories: fc.array(fc.array(fc.array(change, { maxLength: 4 }), { minLength: BATCHES, maxLength: BATCHES }), {
    minLength: SIDE_BY_SIDE,
    maxLength: SIDE_BY_SIDE,
  }),
  failAt: fc.array(fc.option(fc.integer({ min: 1, max: 16 }), { nil: null }), {
    minLength: BATCHES,
    maxLength: BATCHES,
  }),
  reload: fc.array(fc.boolean(), { minLength: BATCHES, maxLength: BATCHES }),
})

let engine: StreamingEngine
let files: StumblingFileStore
beforeAll(async () => {
  files = new StumblingFileStore()
  engine = await StreamingEngine.open(SOURCES, FLOWS, { files })
})
afterAll(() => engine.close())

it('random histories are those of a replay', async () => {
  let incremental = 0
  await fc.assert(
    fc.asyncProperty(runs, async ({ histories, failAt, reload }) => {
      await engine.api.reset()
      const batches: Change[][] = []
      for (let step = 0; step < BATCHES; step += 1) {
        const batch = histories.flatMap((history, id) =>
          (history[step] ?? []).map(({ name, size, ...rest }) => ({ ...rest, values: { id, name, size } })),
        )
        if (batch.length === 0) continue
        batches.push(batch)
        await engine.load('things', silver(batch))
        files.failAt = failAt[step] ?? null
        if (files.failAt !== null) await engine.run().catch(() => undefined)
        files.failAt = null
        if (reload[step] === true) {
          await engine.reload()
          await engine.load('things', silver(batch))
        }
        for (const { plan } of await engine.update()) incremental += plan === 'incremental' ? 1 : 0
        for (const [table, rule] of Object.entries(RULES)) {
          const columns = rule.scdType === 2 ? 'id, name, size, __START_AT, __END_AT' : 'id, name, size'
          const rows = await engine.rows(`SELECT ${columns} FROM gold.${table}`)
          const expected = replayChanges(rule, batches).map((row) => columns.split(', ').map((name) => row[name]))
          expect(sorted(rows), table).toEqual(sorted(expected))
        }
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )
  // Otherwise this says nothing of merges.
  expect(incremental).toBeGreaterThan(3)
}, 240_000)

const sorted = (rows: readonly (readonly (unknown | TargetRow)[])[]) => rows.map((row) => JSON.stringify(row)).sort()

function silver(batch: readonly Change[]): string {
  const rows = batch.map(({ values, sequence, deleted }) => {
    const { id, name, size } = values
    const text = name === null ? 'NULL' : `'${String(name).replaceAll("'", "''")}'`
    return `(${id}, ${text}, ${size}, '${deleted ? 'D' : 'U'}', ${sequence})`
  })
  return `SELECT id::INTEGER AS id, name::VARCHAR AS name, size::INTEGER AS size, op, at_step::INTEGER AS at_step
    FROM (VALUES ${rows.join(', ')}) AS v(id, name, size, op, at_step)`
}
