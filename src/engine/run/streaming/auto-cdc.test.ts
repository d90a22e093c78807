/** Tables into which AUTO CDC flows apply changes, from Silver files to stored tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StreamingEngine } from '@/testing/streaming-engine'
import { StumblingFileStore } from '@/testing/stumbling-file-store'

const SOURCES = `CREATE TABLE silver.people (
  id BIGINT, name STRING, city STRING, op STRING, changed TIMESTAMP, PRIMARY KEY (id)
) TBLPROPERTIES ('source.sequence_by' = 'changed')`
const FLOWS = `
CREATE OR REFRESH STREAMING TABLE history (
  person_key BIGINT NOT NULL GENERATED ALWAYS AS (
    CAST(conv(substr(md5(id || '|' || date_format(__START_AT, 'yyyy-MM-dd HH:mm:ss.SSSSSS')), 1, 15), 16, 10) AS BIGINT)
  ),
  id BIGINT NOT NULL, name STRING, city STRING, changed TIMESTAMP, __START_AT TIMESTAMP NOT NULL, __END_AT TIMESTAMP,
  CONSTRAINT named EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT history_key PRIMARY KEY (id, __START_AT)
);
CREATE FLOW changes AS AUTO CDC INTO history FROM STREAM(silver.people) KEYS (id)
APPLY AS DELETE WHEN op = 'D' SEQUENCE BY changed COLUMNS * EXCEPT (op) STORED AS SCD TYPE 2 TRACK HISTORY ON (name);
CREATE OR REFRESH STREAMING TABLE latest;
APPLY CHANGES INTO latest FROM silver.people KEYS (id) APPLY AS DELETE WHEN op = 'D' SEQUENCE BY changed COLUMNS * EXCEPT (op);
CREATE OR REFRESH MATERIALIZED VIEW cities AS SELECT city, count(*) AS people FROM latest GROUP BY city;
`

type Person = [id: number, name: string | null, city: string, day: number | null, op?: string]

/** A Silver file with a row a change; the day is one of January. */
function people(...rows: Person[]): string {
  const values = rows.map(([id, name, city, day, op = 'U']) => {
    const at = day === null ? 'NULL' : `TIMESTAMP '2024-01-01' + INTERVAL (${day - 1}) DAY`
    return `(${id}, ${name === null ? 'NULL' : `'${name}'`}, '${city}', '${op}', ${at})`
  })
  return `SELECT id::BIGINT AS id, name::VARCHAR AS name, city, op, changed::TIMESTAMP AS changed FROM (VALUES ${values.join(', ')}) AS v(id, name, city, op, changed)`
}

const HISTORY = `SELECT id, name, city, day(changed), day(__START_AT), day(__END_AT) FROM gold.history ORDER BY id, __START_AT`
const ANN: Person[] = [
  [1, 'Ann', 'Rome', 1],
  [1, 'Anne', 'Oslo', 5],
]
const BOB: Person = [2, 'Bob', 'Rome', 3]

let engine: StreamingEngine
let files: StumblingFileStore
beforeAll(async () => {
  files = new StumblingFileStore()
  engine = await StreamingEngine.open(SOURCES, FLOWS, { files })
})
afterAll(() => engine.close())

async function afresh(...rows: Person[]): Promise<void> {
  await engine.api.reset()
  await engine.load('people', people(...rows))
  await engine.update()
}

const history = () => engine.rows(HISTORY)
const planOf = async (name: string) => (await engine.update()).find((dataset) => dataset.name === `gold.${name}`)

describe('an AUTO CDC flow', () => {
  it('takes every row of a Silver file for a change', async () => {
    await afresh(...ANN, BOB)
    expect(await history()).toEqual([
      [1n, 'Ann', 'Rome', 1n, 1n, 5n],
      [1n, 'Anne', 'Oslo', 5n, 5n, null],
      [2n, 'Bob', 'Rome', 3n, 3n, null],
    ])
    expect(await engine.rows('SELECT id, name FROM gold.latest ORDER BY id')).toEqual([
      [1n, 'Anne'],
      [2n, 'Bob'],
    ])
    expect(await engine.rows('SELECT * FROM gold.cities ORDER BY city')).toEqual([
      ['Oslo', 1n],
      ['Rome', 1n],
    ])
  })

  it('computes a generated column from the start of a version', async () => {
    await afresh(BOB)
    const [digits] = await engine.rows(`SELECT left(md5('2|2024-01-03 00:00:00.000000'), 15)`)
    expect(await engine.rows('SELECT person_key FROM gold.history')).toEqual([[BigInt(`0x${String(digits?.[0])}`)]])
  })

  it('applies only the keys of new changes of a newer file, and says so', async () => {
    await afresh(...ANN, BOB)
    await engine.load('people', people(...ANN, BOB, [2, 'Rob', 'Rome', 7], [3, 'Cy', 'Bonn', 8]))
    const dry = await engine.run({ dryRun: true })
    expect(dry.datasets.find(({ name }) => name === 'gold.history')).toMatchObject({
      plan: 'incremental',
      reason: 'silver.people changed; only the rows are computed whose id new changes are of',
    })
    expect(await planOf('history')).toMatchObject({ plan: 'incremental', rowsUpserted: 3, rowsDeleted: 0 })
    expect((await history()).slice(2)).toEqual([
      [2n, 'Bob', 'Rome', 3n, 3n, 7n],
      [2n, 'Rob', 'Rome', 7n, 7n, null],
      [3n, 'Cy', 'Bonn', 8n, 8n, null],
    ])
    expect(await engine.rows('SELECT * FROM gold.cities ORDER BY city')).toEqual([
      ['Bonn', 1n],
      ['Oslo', 1n],
      ['Rome', 1n],
    ])
    expect(await planOf('history')).toMatchObject({ plan: 'skip' })
  })

  it('places a late change into the history, and ignores it where only the latest state is kept', async () => {
    await afresh(...ANN)
    await engine.load('people', people([1, 'Anna', 'Rome', 3]))
    await engine.update()
    expect(await history()).toEqual([
      [1n, 'Ann', 'Rome', 1n, 1n, 3n],
      [1n, 'Anna', 'Rome', 3n, 3n, 5n],
      [1n, 'Anne', 'Oslo', 5n, 5n, null],
    ])
    expect(await engine.rows('SELECT name FROM gold.latest')).toEqual([['Anne']])
  })

  it('keeps what is not in a newer file, and changes untracked columns in the version that is there', async () => {
    await afresh(...ANN, BOB)
    await engine.load('people', people([1, 'Anne', 'Bonn', 9]))
    await engine.update()
    expect(await history()).toEqual([
      [1n, 'Ann', 'Rome', 1n, 1n, 5n],
      [1n, 'Anne', 'Bonn', 9n, 5n, null],
      [2n, 'Bob', 'Rome', 3n, 3n, null],
    ])
  })

  it('ends a version at a delete, and does not bring the key back by a change from before', async () => {
    await afresh(...ANN)
    await engine.load('people', people([1, 'Anne', 'Oslo', 9, 'D']))
    await engine.update()
    await engine.load('people', people([1, 'late', 'Oslo', 8]))
    await engine.update()
    expect((await history()).slice(1)).toEqual([
      [1n, 'Anne', 'Oslo', 5n, 5n, 8n],
      [1n, 'late', 'Oslo', 8n, 8n, 9n],
    ])
    expect(await engine.rows('SELECT * FROM gold.latest')).toEqual([])
    await engine.load('people', people([1, 'back', 'Oslo', 12]))
    await engine.update()
    expect(await engine.rows('SELECT name FROM gold.latest')).toEqual([['back']])
  })

  it('refuses a change without a place in the sequence, and keeps what is there', async () => {
    await afresh(BOB)
    await engine.load('people', people(BOB, [3, 'Cy', 'Bonn', null]))
    const { status, datasets } = await engine.run()
    expect(status).toBe('failed')
    expect(datasets.find(({ name }) => name === 'gold.history')?.error).toMatchObject({
      code: 'cdc.null_sequence',
      message: expect.stringMatching(/changed.*is NULL in 1 rows of silver\.people.*Cy/),
    })
    expect(await history()).toHaveLength(1)
  })

  it('holds back rows that its expectations drop, and lets them in when they are corrected', async () => {
    await afresh(BOB, [4, null, 'Rome', 4])
    const held = 'SELECT id, _failed_expectations FROM gold.history__quarantine'
    expect(await engine.rows(held)).toEqual([[4n, ['named']]])
    await engine.load('people', people([4, 'Dan', 'Rome', 4]))
    await engine.update()
    expect(await engine.rows(held)).toEqual([])
    expect(await history()).toHaveLength(2)
  })

  it('goes on after a reload of the page, of which it knows nothing but what is stored', async () => {
    await afresh(...ANN)
    await engine.reload()
    await engine.load('people', people(BOB))
    expect(await planOf('history')).toMatchObject({ plan: 'incremental', rowsUpserted: 1 })
    expect(await history()).toHaveLength(3)
  })

  it('forgets the changes that the file does not have any more in a full refresh', async () => {
    await afresh(...ANN, BOB)
    await engine.load('people', people([1, 'Anne', 'Oslo', 5]))
    await engine.update({ fullRefresh: ['history'] })
    expect(await history()).toEqual([[1n, 'Anne', 'Oslo', 5n, 5n, null]])
    expect(await engine.rows('SELECT count(*) FROM gold.latest')).toEqual([[2n]])
    await engine.load('people', people([1, 'Ann', 'Oslo', 2]))
    await engine.update()
    expect(await history()).toHaveLength(2)
  })

  it('makes what reads it anew after a full refresh of the same files', async () => {
    await afresh(BOB)
    await engine.load('people', people([3, 'Cy', 'Bonn', 8]))
    await engine.update()
    await engine.update({ fullRefresh: ['latest', 'cities'] })
    expect(await engine.rows('SELECT * FROM gold.cities')).toEqual([['Bonn', 1n]])
  })

  it('is what the event log says of its table', async () => {
    await afresh(BOB)
    const flows = `SELECT origin.flow_name, details.flow_progress.metrics.num_output_rows FROM pipeline.event_log
      WHERE origin.dataset_name = 'gold.history' AND details.flow_progress.status = 'COMPLETED'`
    expect(await engine.rows(flows)).toEqual([['gold.changes', 1n]])
  })

  it('has a lineage through to Silver', async () => {
    const { datasets } = await engine.api.lineage()
    const lineage = datasets.find(({ name }) => name === 'gold.history')
    const made = (column: string) =>
      lineage?.columns.find(({ name }) => name === column)?.sources.map((source) => `${source.usage} ${source.column}`)
    expect(made('name')).toEqual(['IDENTITY name'])
    expect(made('__START_AT')).toEqual(['IDENTITY changed'])
    expect(made('person_key')).toEqual(['TRANSFORMATION id', 'TRANSFORMATION changed'])
    expect(lineage?.rowSources.map((source) => `${source.usage} ${source.column}`).sort()).toEqual([
      'FILTER name',
      'FILTER op',
      'GROUP_BY id',
    ])
  })

  it('keeps a log of its changes that no list of tables shows', async () => {
    await afresh(BOB)
    const names = (await engine.api.tables()).map(({ name }) => name)
    expect(names).toContain('gold.history')
    expect(names.filter((name) => name.includes('__state'))).toEqual([])
    expect(await engine.rows('SELECT count(*) FROM gold.history__state')).toEqual([[1n]])
  })

  it('applies all that it has seen when only the shape of its target changes', async () => {
    await afresh(...ANN)
    await engine.reload(FLOWS.replace('TRACK HISTORY ON (name)', 'TRACK HISTORY ON (city)'))
    await engine.load('people', people([1, 'Annie', 'Oslo', 7]))
    expect(await planOf('history')).toMatchObject({ plan: 'full', reason: 'its definition changed' })
    expect(await history()).toEqual([
      [1n, 'Ann', 'Rome', 1n, 1n, 5n],
      [1n, 'Annie', 'Oslo', 7n, 5n, null],
    ])
    await engine.reload()
  })

  it('does not forget its changes because another definition reads others: that needs a full refresh', async () => {
    await afresh(...ANN)
    await engine.reload(FLOWS.replaceAll("op = 'D'", "op = 'DELETE'"))
    await engine.load('people', people([1, 'Annie', 'Oslo', 7]))
    const error = (await engine.run()).datasets.find(({ name }) => name === 'gold.history')?.error
    expect(error).toMatchObject({ code: 'cdc.definition_changed', remedy: expect.stringMatching(/full refresh/) })
    await engine.update({ fullRefresh: 'all' })
    expect(await history()).toHaveLength(1)
    await engine.reload()
  })
})

describe('an update of an AUTO CDC flow that breaks off', () => {
  it('leaves what the next one makes right, at whatever operation', async () => {
    const expected = [
      [1n, 'Ann', 'Rome', 1n, 1n, 4n],
      [1n, 'Anna', 'Oslo', 4n, 4n, 5n],
      [1n, 'Anne', 'Oslo', 5n, 5n, null],
    ]
    const select = { select: ['history'] }
    const change = people([1, 'Anna', 'Oslo', 4])
    const start = async () => {
      await engine.api.reset()
      await engine.load('people', people(...ANN))
      await engine.update(select)
      await engine.load('people', change)
    }
    await start()
    files.operations = 0
    await engine.update(select)
    const { operations } = files
    let behind = 0
    for (let failAt = 1; failAt <= operations; failAt += 1) {
      await start()
      files.failAt = failAt
      await engine.run(select).catch(() => undefined)
      files.failAt = null
      await engine.reload()
      await engine.load('people', change)
      const { datasets } = await engine.run({ ...select, dryRun: true })
      behind += datasets.some(({ reason }) => reason.startsWith('its rows are not those')) ? 1 : 0
      await engine.update(select)
      expect(await history(), `after a stop at operation ${failAt}`).toEqual(expected)
    }
    // Some stop is between the commit of the changes and that of the rows.
    expect(behind).toBeGreaterThan(0)
  }, 60_000)
})
