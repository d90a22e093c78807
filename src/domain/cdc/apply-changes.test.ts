/** The SQL of AUTO CDC, run in DuckDB, beside changes that are applied one by one. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Change, replayChanges, type TargetRow, type Value } from '@/testing/reference/replay-changes'
import { appliedChanges } from './apply-changes'
import { BATCH, type ChangeRule, DELETED, newChanges, SEQUENCE } from './change-log'

const COLUMNS = ['id', 'name', 'the "city"', 'seen']
const [, NAME = '', CITY = ''] = COLUMNS
const quoted = COLUMNS.map((name) => `"${name.replaceAll('"', '""')}"`)

let db: DuckDBConnection
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
})
afterAll(() => db.closeSync())

const rule = (change: Partial<ChangeRule> = {}): ChangeRule => ({
  keys: ['id'],
  columns: COLUMNS,
  scdType: 2,
  ignoreNullUpdates: false,
  tracked: [NAME, CITY],
  ...change,
})

const upsert = (id: Value, sequence: number, name: Value, city: Value = 'Rome', seen: Value = sequence): Change => ({
  values: { id, name, [CITY]: city, seen },
  sequence,
  deleted: false,
})
const remove = (id: Value, sequence: number): Change => ({ ...upsert(id, sequence, null, null, null), deleted: true })

/** Takes the batches in one after the other, as the engine does, and gives the target's rows and how many changes were news. */
async function applied(
  of: ChangeRule,
  batches: readonly (readonly Change[])[],
): Promise<{ rows: TargetRow[]; news: number[] }> {
  const types = `${quoted.map((name, index) => `${name} ${index === 0 || index === 3 ? 'INTEGER' : 'VARCHAR'}`).join(', ')},
    "${SEQUENCE}" INTEGER, "${DELETED}" BOOLEAN`
  await db.run(`CREATE OR REPLACE TEMP TABLE log (${types}, "${BATCH}" BIGINT)`)
  const news: number[] = []
  for (const [index, batch] of batches.entries()) {
    await db.run(`CREATE OR REPLACE TEMP TABLE batch (${types})`)
    if (batch.length > 0) await db.run(`INSERT INTO batch VALUES ${batch.map(literals).join(', ')}`)
    await db.run(`CREATE OR REPLACE TEMP TABLE news AS ${newChanges(of, 'batch', index === 0 ? null : 'log')}`)
    news.push(Number((await db.runAndReadAll('SELECT count(*) FROM news')).getRows()[0]?.[0]))
    await db.run(`INSERT INTO log SELECT *, ${index} FROM news`)
  }
  const result = await db.runAndReadAll(appliedChanges(of, 'log'))
  return { rows: result.getRowObjects() as TargetRow[], news }
}

function literals({ values, sequence, deleted }: Change): string {
  const of = COLUMNS.map((name) => values[name] ?? null).map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL'),
  )
  return `(${[...of, sequence, deleted].join(', ')})`
}

const sorted = (rows: readonly TargetRow[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()
const history = ({ rows }: { rows: TargetRow[] }) =>
  rows
    .map(({ name, seen, __START_AT, __END_AT }) => [name, seen, __START_AT, __END_AT])
    .sort((a, b) => Number(a[2]) - Number(b[2]))

describe('SCD type 1', () => {
  const latest = rule({ scdType: 1 })

  it('keeps the latest state of a key, and ignores what comes late', async () => {
    const { rows, news } = await applied(latest, [[upsert(1, 5, 'new')], [upsert(1, 3, 'old'), upsert(2, 1, 'other')]])
    expect(rows.map(({ id, name }) => [id, name]).sort()).toEqual([
      [1, 'new'],
      [2, 'other'],
    ])
    expect(news).toEqual([1, 1])
  })

  it('does not bring back a deleted key by a change from before', async () => {
    expect((await applied(latest, [[upsert(1, 1, 'a')], [remove(1, 5)], [upsert(1, 4, 'late')]])).rows).toEqual([])
    expect((await applied(latest, [[remove(1, 5)], [upsert(1, 6, 'again')]])).rows).toMatchObject([{ name: 'again' }])
  })

  it('leaves a column as it is where a NULL is to be ignored, up to the last delete', async () => {
    const partial = rule({ scdType: 1, ignoreNullUpdates: true })
    const batches = [[upsert(1, 1, 'a', 'Rome')], [upsert(1, 3, null, 'Oslo')], [upsert(1, 2, 'late', null)]]
    expect((await applied(partial, batches)).rows).toMatchObject([{ name: 'late', [CITY]: 'Oslo', seen: 3 }])
    const deleted = [[upsert(1, 1, 'a'), remove(1, 2)], [upsert(1, 3, null, 'Oslo')]]
    expect((await applied(partial, deleted)).rows).toMatchObject([{ name: null, [CITY]: 'Oslo' }])
  })
})

describe('SCD type 2', () => {
  it('ends a version where the next one starts', async () => {
    expect(history(await applied(rule(), [[upsert(1, 1, 'a'), upsert(1, 4, 'b')], [upsert(1, 9, 'c')]]))).toEqual([
      ['a', 1, 1, 4],
      ['b', 4, 4, 9],
      ['c', 9, 9, null],
    ])
  })

  it('believes the last batch, also when that says again what an earlier one said', async () => {
    const batches = [[upsert(1, 7, 'a')], [upsert(1, 7, 'b')], [upsert(1, 7, 'a')]]
    expect(history(await applied(rule(), batches))).toEqual([['a', 7, 7, null]])
    expect((await applied(rule(), batches)).news).toEqual([1, 1, 1])
  })

  it('places a late change into the history', async () => {
    expect(history(await applied(rule(), [[upsert(1, 1, 'a'), upsert(1, 9, 'c')], [upsert(1, 4, 'b')]]))).toEqual([
      ['a', 1, 1, 4],
      ['b', 4, 4, 9],
      ['c', 9, 9, null],
    ])
  })

  it('changes an untracked column in the version that is there', async () => {
    expect(history(await applied(rule(), [[upsert(1, 1, 'a')], [upsert(1, 5, 'a')], [upsert(1, 7, 'b')]]))).toEqual([
      ['a', 5, 1, 7],
      ['b', 7, 7, null],
    ])
  })

  it('has no version between a delete and what comes after it', async () => {
    const batches = [[upsert(1, 1, 'a'), remove(1, 3), remove(1, 4)], [upsert(1, 8, 'a')]]
    expect(history(await applied(rule(), batches))).toEqual([
      ['a', 1, 1, 3],
      ['a', 8, 8, null],
    ])
  })

  it('takes a change that comes again for no change, and one that is corrected for the corrected one', async () => {
    const { rows, news } = await applied(rule(), [[upsert(1, 1, 'a')], [upsert(1, 1, 'a')], [upsert(1, 1, 'b')]])
    expect(rows).toMatchObject([{ name: 'b', __START_AT: 1, __END_AT: null }])
    expect(news).toEqual([1, 0, 1])
  })

  it('tells keys apart, NULL among them', async () => {
    const keys = rule({ keys: ['id', CITY] })
    const { rows } = await applied(keys, [[upsert(null, 1, 'a'), upsert(null, 2, 'b'), upsert(1, 1, 'c', null)]])
    expect(rows).toHaveLength(3)
  })
})

describe('any history', () => {
  const value = fc.constantFrom('a', 'b', "c'", null)
  const change = fc.record({
    id: fc.constantFrom(1, 2, null),
    name: value,
    city: value,
    seen: fc.integer({ min: 0, max: 3 }),
    sequence: fc.integer({ min: 0, max: 12 }),
    deleted: fc.boolean(),
  })
  const changes = fc.array(
    change.map(
      ({ id, name, city, seen, sequence, deleted }): Change =>
        deleted && seen === 0 ? remove(id, sequence) : upsert(id, sequence, name, city, seen),
    ),
    { maxLength: 12 },
  )
  const rules = fc.record({
    scdType: fc.constantFrom<1 | 2>(1, 2),
    ignoreNullUpdates: fc.boolean(),
    tracked: fc.subarray([NAME, CITY, 'seen']),
  })

  it('gives the rows of a replay, whatever the batches in which it comes', async () => {
    let versions = 0
    await fc.assert(
      fc.asyncProperty(rules, fc.array(changes, { minLength: 1, maxLength: 4 }), async (given, batches) => {
        const of = rule(given)
        const { rows } = await applied(of, batches)
        versions += rows.length
        expect(sorted(rows)).toEqual(sorted(replayChanges(of, batches)))
      }),
      { numRuns: 150, endOnFailure: true },
    )
    expect(versions).toBeGreaterThan(150)
  }, 60_000)
})
