/** Streaming tables that append what is new in their sources, from Silver files to stored tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StreamingEngine } from '@/testing/streaming-engine'
import { StumblingFileStore } from '@/testing/stumbling-file-store'

const SOURCES = `CREATE TABLE silver.clicks (id BIGINT, page STRING, n INT, PRIMARY KEY (id));
CREATE TABLE silver.taps (id BIGINT, page STRING) TBLPROPERTIES ('source.optional' = 'true');
CREATE TABLE silver.pages (page STRING, title STRING, PRIMARY KEY (page))`
const FLOWS = `
CREATE OR REFRESH STREAMING TABLE visits (
  id BIGINT, title STRING, day DATE,
  CONSTRAINT counted EXPECT (id <> 13) ON VIOLATION DROP ROW,
  CONSTRAINT titled EXPECT (title IS NOT NULL),
  CONSTRAINT visits_key PRIMARY KEY (id)
) AS SELECT c.id, p.title, current_date() AS day FROM STREAM(silver.clicks) AS c LEFT JOIN silver.pages AS p ON p.page = c.page WHERE c.n > 0;
CREATE OR REFRESH MATERIALIZED VIEW titles AS SELECT title, count(*) AS visits FROM visits GROUP BY title;
CREATE OR REFRESH STREAMING TABLE both_kinds TBLPROPERTIES ('grain' = 'one row a touch');
CREATE FLOW of_clicks AS INSERT INTO both_kinds BY NAME SELECT id, 'click' AS kind FROM STREAM(silver.clicks);
CREATE FLOW of_visits AS INSERT INTO both_kinds BY NAME SELECT 'visit' AS kind, id FROM STREAM(visits);
CREATE OR REFRESH STREAMING TABLE touches AS SELECT * FROM STREAM(silver.taps);
`

type Click = [id: number, page: string, n?: number]

const clicks = (...rows: Click[]) =>
  `SELECT id::BIGINT AS id, page, n::INTEGER AS n FROM (VALUES ${rows.map(([id, page, n = 1]) => `(${id}, '${page}', ${n})`).join(', ')}) AS v(id, page, n)`
const pages = (title: string) => `SELECT 'home' AS page, '${title}' AS title`
const FIRST: Click[] = [
  [1, 'home'],
  [2, 'about'],
  [3, 'home', 0],
]

let engine: StreamingEngine
let files: StumblingFileStore
beforeAll(async () => {
  files = new StumblingFileStore()
  engine = await StreamingEngine.open(SOURCES, FLOWS, { files })
})
afterAll(() => engine.close())

async function afresh(): Promise<void> {
  await engine.api.reset()
  await engine.load('pages', pages('Home'))
  await engine.load('clicks', clicks(...FIRST))
  await engine.update()
}

const visits = () => engine.rows('SELECT id, title FROM gold.visits ORDER BY id')
const planOf = async (name: string) => (await engine.update()).find((dataset) => dataset.name === `gold.${name}`)

describe('a streaming table', () => {
  it('appends each row of its stream once, with what is known when it is read', async () => {
    await afresh()
    await engine.load('pages', pages('Start'))
    await engine.load('clicks', clicks(...FIRST, [4, 'home'], [5, 'home', 0]))
    expect(await planOf('visits')).toMatchObject({
      plan: 'incremental',
      reason: 'silver.clicks, silver.pages changed; only rows are read that were not read before',
      rowsWritten: 1,
    })
    expect(await visits()).toEqual([
      [1n, 'Home'],
      [2n, null],
      [4n, 'Start'],
    ])
    const [last] = await engine.api.history({ table: 'gold.visits' })
    expect(last).toMatchObject({ operation: 'WRITE', operationParameters: { mode: 'Append' } })
    expect(await engine.rows('SELECT * FROM gold.titles ORDER BY title')).toEqual([
      ['Home', 1n],
      ['Start', 1n],
      [null, 1n],
    ])
    expect(await planOf('visits')).toMatchObject({ plan: 'skip' })
  })

  it('does not read its rows again on another business date', async () => {
    await afresh()
    const datasets = await engine.update({ asOf: '2024-02-02' })
    expect(datasets.find(({ name }) => name === 'gold.visits')).toMatchObject({ plan: 'skip' })
    await engine.load('clicks', clicks(...FIRST, [4, 'home']))
    await engine.update({ asOf: '2024-02-02' })
    expect(await engine.rows('SELECT id, day::VARCHAR FROM gold.visits ORDER BY id')).toEqual([
      [1n, '2024-02-01'],
      [2n, '2024-02-01'],
      [4n, '2024-02-02'],
    ])
  })

  it('takes rows of several flows, by the names of their columns, also from another streaming table', async () => {
    await afresh()
    await engine.load('clicks', clicks(...FIRST, [4, 'home']))
    await engine.update()
    expect(
      await engine.rows('SELECT kind, list(id ORDER BY id) FROM gold.both_kinds GROUP BY kind ORDER BY kind'),
    ).toEqual([
      ['click', [1n, 2n, 3n, 4n]],
      ['visit', [1n, 2n, 4n]],
    ])
  })

  it('waits for a source that is not there', async () => {
    await afresh()
    const { datasets } = await engine.run()
    expect(datasets.find(({ name }) => name === 'gold.touches')).toMatchObject({
      status: 'waiting',
      reason: 'waiting for silver.taps',
    })
  })

  it('reads equal rows as often as there are of them', async () => {
    await afresh()
    await engine.load('taps', `SELECT 1::BIGINT AS id, 'home' AS page FROM range(2)`)
    await engine.update()
    await engine.load('taps', `SELECT 1::BIGINT AS id, 'home' AS page FROM range(5)`)
    expect(await planOf('touches')).toMatchObject({ rowsWritten: 3 })
    expect(await engine.rows('SELECT count(*) FROM gold.touches')).toEqual([[5n]])
  })

  it('counts its expectations over all rows, and quarantines new ones', async () => {
    await afresh()
    await engine.load('clicks', clicks(...FIRST, [13, 'home'], [14, 'none']))
    expect(await planOf('visits')).toMatchObject({
      rowsDropped: 1,
      expectations: [
        { name: 'counted', passed: 3, failed: 1 },
        { name: 'titled', passed: 2, failed: 2 },
      ],
    })
    expect(await engine.rows('SELECT id FROM gold.visits__quarantine')).toEqual([[13n]])
  })

  it('refuses a key that is there already', async () => {
    await afresh()
    await engine.load('clicks', clicks(...FIRST, [1, 'about']))
    const error = (await engine.run()).datasets.find(({ name }) => name === 'gold.visits')?.error
    expect(error).toMatchObject({ code: 'dataset.duplicate_key', message: expect.stringMatching(/\b1 /) })
    await engine.load('clicks', clicks(...FIRST, [4, 'about']))
    await engine.update()
    expect(await visits()).toHaveLength(3)
  })

  it('fails when a row that it has read was changed, and says which, where, and what to do', async () => {
    await afresh()
    await engine.load('clicks', clicks([1, 'home'], [2, 'other'], [3, 'home', 0]))
    const { status, datasets } = await engine.run()
    expect(status).toBe('failed')
    expect(datasets.find(({ name }) => name === 'gold.visits')?.error).toMatchObject({
      code: 'streaming.source_changed',
      message: expect.stringMatching(
        /1 rows .* changed or deleted in silver\.clicks \(clicks\.parquet\)\. The first: id = 2/,
      ),
      remedy: expect.stringMatching(/full refresh of gold\.visits/),
    })
    expect(await visits()).toHaveLength(2)
    await engine.update({ fullRefresh: ['visits', 'both_kinds'] })
    expect(await visits()).toHaveLength(2)
  })

  it('is built anew from all rows when its definition changes', async () => {
    await afresh()
    await engine.reload(FLOWS.replace('WHERE c.n > 0', ''))
    await engine.load('pages', pages('New'))
    await engine.load('clicks', clicks(...FIRST))
    expect(await planOf('visits')).toMatchObject({ plan: 'full', reason: 'its definition changed' })
    expect(await visits()).toEqual([
      [1n, 'New'],
      [2n, null],
      [3n, 'New'],
    ])
    await engine.reload()
  })

  it('neither loses nor repeats a row when an update breaks off, at whatever operation', async () => {
    const select = { select: ['visits'] }
    const start = async () => {
      await engine.api.reset()
      await engine.load('pages', pages('Home'))
      await engine.load('clicks', clicks(...FIRST))
      await engine.update(select)
      await engine.load('clicks', clicks(...FIRST, [4, 'home']))
    }
    await start()
    files.operations = 0
    await engine.update(select)
    const { operations } = files
    for (let failAt = 1; failAt <= operations; failAt += 1) {
      await start()
      files.failAt = failAt
      await engine.run(select).catch(() => undefined)
      files.failAt = null
      await engine.reload()
      await engine.load('pages', pages('Home'))
      // What was read with a row that is not there any more was never read.
      await engine.load('clicks', clicks(...FIRST, [4, 'home'], [5, 'home']))
      await engine.update(select)
      await engine.load('clicks', clicks(...FIRST, [4, 'home'], [5, 'home'], [6, 'home']))
      await engine.update(select)
      expect(
        (await visits()).map(([id]) => id),
        `after a stop at operation ${failAt}`,
      ).toEqual([1n, 2n, 4n, 5n, 6n])
    }
  }, 60_000)
})
