/** Delta folders that are dropped on the page become Silver tables as their logs say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorData } from '@/domain/automation'
import { checkpointFileName } from '@/domain/delta/log-names'
import type { PipelineFile } from '@/domain/pipeline/project'
import { encodeCheckpoint } from '@/engine/delta/checkpoint-file'
import type { InputFile, SourceView } from '@/rpc/contract'
import { add, deltaFolder, type Fields, metaData, PROTOCOL, remove } from '@/testing/delta-input'
import { problemsOf } from '@/testing/loaded-engine'
import { nodeCodec } from '@/testing/node-codec'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
  {
    path: 'sources/sales.sql',
    text: `CREATE TABLE silver.sales (id BIGINT, amount DECIMAL(10,2), day DATE, shop STRING)
      TBLPROPERTIES ('source.optional_columns' = 'shop');`,
  },
  { path: 'sources/shops.sql', text: 'CREATE TABLE silver.shops (shop STRING, city STRING);' },
  { path: 'sources/days.sql', text: 'CREATE TABLE silver.days (day DATE, weight SMALLINT);' },
]
const SALES: Fields = { id: 'long', amount: 'decimal(10,2)', day: 'date', shop: 'string' }
const sale = (from: number, to: number, columns = 'i AS id, (i * 1.5)::DECIMAL(10,2) AS amount') =>
  parquetBytes(`SELECT ${columns} FROM range(${from}, ${to}) AS t(i)`)
const whole = `i AS id, i::DECIMAL(10,2) AS amount, DATE '2024-01-01' + i::INT AS day, 's' || i AS shop`

let engine: TestEngine
let one: Uint8Array<ArrayBuffer>
let two: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  engine = await openTestEngine({ pipeline: PIPELINE })
  one = await sale(1, 2, whole)
  two = await sale(2, 4, whole)
})
afterAll(() => engine.close())

async function rows(sql: string): Promise<unknown[][]> {
  const { id } = await engine.api.query({ sql, dialect: 'duckdb' })
  const found = await engine.api.fetchRows({ id, offset: 0, limit: 1000 })
  await engine.api.closeResult({ id })
  return found
}

async function loads(files: InputFile[], as?: string): Promise<string[]> {
  const report = await engine.api.load(as === undefined ? { files } : { files, as })
  expect(problemsOf(report)).toEqual([])
  return report.sources.map(({ table }) => table)
}

async function source(table: string): Promise<SourceView | undefined> {
  return (await engine.api.sources()).find((candidate) => candidate.table === table)
}

const ids = async () => (await rows('SELECT id FROM silver.sales ORDER BY id')).flat()

describe('a Delta folder', () => {
  it('is the rows of the files that its last version has, and no others', async () => {
    const files = deltaFolder(
      'sales',
      [
        [PROTOCOL, metaData(SALES), add('a.parquet')],
        [remove('a.parquet'), add('b.parquet')],
      ],
      { 'a.parquet': one, 'b.parquet': two, 'orphan.parquet': one },
    )
    expect(await loads(files)).toEqual(['silver.sales'])
    expect(await ids()).toEqual([2n, 3n])
    expect(await source('silver.sales')).toMatchObject({
      status: 'ready',
      delta: { folder: 'sales', version: 1 },
      files: [{ path: 'sales/b.parquet', rows: 2 }],
    })
  })

  it('may hold two files of the same bytes: each counts', async () => {
    await loads(
      deltaFolder('sales', [[PROTOCOL, metaData(SALES), add('a.parquet'), add('b.parquet')]], {
        'a.parquet': one,
        'b.parquet': one,
      }),
    )
    expect(await ids()).toEqual([1n, 1n])
  })

  it('gives partition columns the values that the log has, NULL and escaped ones too', async () => {
    const data = await sale(1, 2)
    const folders = {
      'day=2024-02-29/shop=a b%2Fc/1.parquet': 'day=2024-02-29/shop=a%20b%252Fc/1.parquet',
      'day=__HIVE_DEFAULT_PARTITION__/shop=Zürich/2.parquet':
        'day=__HIVE_DEFAULT_PARTITION__/shop=Z%C3%BCrich/2.parquet',
    }
    const [first = '', second = ''] = Object.values(folders)
    const actions = [
      PROTOCOL,
      metaData(SALES, ['day', 'shop']),
      add(first, { day: '2024-02-29', shop: "a b/c'" }),
      add(second, { day: null, shop: 'Zürich' }),
    ]
    const paths = Object.keys(folders).map((path) => [path.normalize('NFD'), data] as const)
    await loads(deltaFolder('silver/sales', [actions], Object.fromEntries(paths)))
    expect(await rows('SELECT id, amount, day, shop FROM silver.sales ORDER BY shop')).toEqual([
      [1n, '1.50', null, 'Zürich'],
      [1n, '1.50', '2024-02-29', "a b/c'"],
    ])
  })

  it('casts the values of partition columns to the declared type, without loss', async () => {
    const days = (weight: string) =>
      deltaFolder(
        'days',
        [[PROTOCOL, metaData({ day: 'date', weight: 'integer' }, ['weight']), add('a', { weight })]],
        {
          a: one,
        },
      )
    await loads(days('300'))
    expect(await rows('SELECT day, weight, typeof(weight) FROM silver.days')).toEqual([['2024-01-02', 300, 'SMALLINT']])
    expect(await refuses(days('70000'))).toMatchObject({ code: 'source.value', file: 'days/a' })
    expect(await refuses(days('many'))).toMatchObject({ code: 'delta.invalid_partition_value', file: 'days' })
  })

  it('needs nothing of its files when the log knows all that is wanted', async () => {
    const columns = { day: 'date', weight: 'short', other: 'string' }
    const values = { day: '2024-01-05', weight: '7' }
    const data = await parquetBytes("SELECT 'x' AS other FROM range(3)")
    await loads(deltaFolder('days', [[PROTOCOL, metaData(columns, ['day', 'weight']), add('a', values)]], { a: data }))
    expect(await rows('SELECT day, weight FROM silver.days')).toEqual(Array(3).fill(['2024-01-05', 7]))
  })

  it('has NULL where a file is older than a column of the table', async () => {
    const { shop: _, ...before } = SALES
    await loads(
      deltaFolder(
        'sales',
        [
          [PROTOCOL, metaData(before), add('old.parquet')],
          [metaData(SALES), add('new.parquet')],
        ],
        {
          'old.parquet': await sale(1, 2, "i AS id, 1.00::DECIMAL(10,2) AS amount, DATE '2024-01-01' AS day"),
          'new.parquet': two,
        },
      ),
    )
    expect(await rows('SELECT id, shop FROM silver.sales ORDER BY id')).toEqual([
      [1n, null],
      [2n, 's2'],
      [3n, 's3'],
    ])
  })

  it('is read from its checkpoint when the entries before it are gone', async () => {
    const codec = nodeCodec()
    const checkpoint = await encodeCheckpoint(codec, [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      metaData(SALES),
      add('a.parquet'),
    ])
    const files = [
      ...deltaFolder('sales', [], { 'a.parquet': one, 'b.parquet': two }),
      dropped(`sales/_delta_log/${checkpointFileName(10)}`, new Uint8Array(checkpoint)),
      dropped('sales/_delta_log/00000000000000000011.json', JSON.stringify(add('b.parquet'))),
    ]
    await loads(files)
    expect(await ids()).toEqual([1n, 2n, 3n])
    expect((await source('silver.sales'))?.delta?.version).toBe(11)
  })

  it('is known by its folder, by the name in its log, or by its columns', async () => {
    const actions = [PROTOCOL, metaData(SALES), add('a.parquet')]
    const data = { 'a.parquet': one }
    expect(await loads(deltaFolder('silver.sales', [actions], data))).toEqual(['silver.sales'])
    expect(await loads(deltaFolder('sales/v2/delta', [actions], data))).toEqual(['silver.sales'])
    expect(await loads(deltaFolder('export', [actions], data))).toEqual(['silver.sales'])
    expect(await loads(deltaFolder('', [actions], data))).toEqual(['silver.sales'])
    expect(await loads(deltaFolder('x', [actions], data), 'sales')).toEqual(['silver.sales'])
    const named = [PROTOCOL, metaData({ shop: 'string', city: 'string' }, [], { name: 'shops' }), add('a')]
    const shops = await parquetBytes("SELECT 's1' AS shop, 'Bern' AS city")
    expect(await loads(deltaFolder('y', [named], { a: shops }))).toEqual(['silver.shops'])
  })

  it('comes with others, Delta or plain, in one drop', async () => {
    const files = [
      ...deltaFolder('silver/sales', [[PROTOCOL, metaData(SALES), add('a')]], { a: one }),
      ...deltaFolder(
        'silver/days',
        [[PROTOCOL, metaData({ day: 'date', weight: 'short' }, ['weight']), add('a', { weight: '1' })]],
        { a: one },
      ),
      dropped('silver/shops/part-0.parquet', await parquetBytes("SELECT 's1' AS shop, 'Basel' AS city")),
    ]
    expect((await loads(files)).sort()).toEqual(['silver.days', 'silver.sales', 'silver.shops'])
    expect((await source('silver.shops'))?.delta).toBeNull()
    expect(await rows('SELECT city FROM silver.shops')).toEqual([['Basel']])
  })
})

/** Loads what must not load, with good rows there before and after, and gives back its only error. */
async function refuses(files: InputFile[]): Promise<ErrorData | undefined> {
  const state = () => rows('SELECT (SELECT count(*) FROM silver.sales), (SELECT count(*) FROM silver.days)')
  const before = await state()
  const errors = problemsOf(await engine.api.load({ files }))
  expect(await state()).toEqual(before)
  expect(errors).toHaveLength(1)
  expect(errors[0]?.remedy ?? '').not.toBe('')
  expect(errors[0]?.message).toContain(files[0]?.path.split('/')[0])
  return errors[0]
}

describe('a Delta folder is refused', () => {
  const start = [PROTOCOL, metaData(SALES)]
  const folder = (commits: object[][], data: Record<string, Uint8Array<ArrayBuffer>> = {}) =>
    deltaFolder('sales', commits, { a: one, ...data })
  const feature = (minReaderVersion: number, ...readerFeatures: string[]) => ({
    protocol: { minReaderVersion, minWriterVersion: 7, readerFeatures, writerFeatures: readerFeatures },
  })

  it.each<[string, () => InputFile[], Partial<ErrorData>]>([
    ['whose file is missing', () => folder([[...start, add('b')]]), { code: 'delta.missing_file', file: 'sales/b' }],
    [
      'whose file has other rows than the log says',
      () => folder([[...start, add('a', {}, { stats: '{"numRecords":2}' })]]),
      { code: 'delta.row_count', file: 'sales/a' },
    ],
    ['whose file is no Parquet', () => folder([[...start, add('c')]], { c: new Uint8Array(100) }), { file: 'sales/c' }],
    ['without rows', () => folder([[...start, add('a')], [remove('a')]]), { code: 'source.no_rows', file: 'sales' }],
    [
      'without a column that is needed',
      () => folder([[PROTOCOL, metaData({ id: 'long', day: 'date' }), add('a')]]),
      { code: 'source.missing_column', file: 'sales' },
    ],
    [
      'with a column of another kind',
      () => folder([[PROTOCOL, metaData({ ...SALES, day: 'string' }), add('a')]]),
      { code: 'source.column_type', file: 'sales' },
    ],
    ['whose log is empty', () => [dropped('sales/_delta_log/x.crc', 'x')], { code: 'delta.no_log', file: 'sales' }],
    [
      'whose log has a line that is cut',
      () => [dropped('sales/_delta_log/00000000000000000000.json', '{"protocol"')],
      { code: 'delta.invalid_log', file: 'sales/_delta_log/00000000000000000000.json', line: 1 },
    ],
    [
      'whose log has a gap',
      () => folder([[...start, add('a')], [], [add('a')]]).filter(({ path }) => !path.endsWith('1.json')),
      { code: 'delta.missing_commit', file: 'sales/_delta_log' },
    ],
    ['that names a file outside of it', () => folder([[...start, add('../x')]]), { code: 'delta.invalid_path' }],
    [
      'with deleted rows inside files',
      () => folder([[...start, add('a', {}, { deletionVector: { storageType: 'u' } })]]),
      { code: 'delta.unsupported_feature', message: expect.stringContaining('deletionVectors') },
    ],
    [
      'with mapped columns',
      () =>
        folder([[PROTOCOL, metaData(SALES, [], { configuration: { 'delta.columnMapping.mode': 'name' } }), add('a')]]),
      { code: 'delta.unsupported_feature', message: expect.stringContaining('columnMapping') },
    ],
    [
      'with a feature that is not known',
      () => folder([[feature(3, 'timestampNtz', 'catalogManaged'), metaData(SALES), add('a')]]),
      { code: 'delta.unsupported_feature', message: expect.stringContaining('catalogManaged') },
    ],
    [
      'whose only way to read is a V2 checkpoint',
      () => [
        ...folder([]),
        dropped('sales/_delta_log/00000000000000000004.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json', '{}'),
      ],
      { code: 'delta.unsupported_feature', message: expect.stringContaining('v2Checkpoint') },
    ],
    [
      'that comes together with a plain file of its table',
      () => [...folder([[...start, add('a')]]), dropped('sales.parquet', one)],
      { code: 'source.several_tables', file: 'sales' },
    ],
    [
      'that comes together with another one of its table',
      () => [...folder([[...start, add('a')]]), ...deltaFolder('old/sales', [[...start, add('a')]], { a: one })],
      { code: 'source.several_tables', file: 'sales' },
    ],
  ])('%s', async (_, files, expected) => {
    expect(await refuses(files())).toMatchObject(expected)
  })

  it('when nothing says which table it is', async () => {
    const files = deltaFolder('x', [[PROTOCOL, metaData({ q: 'string' }), add('a')]], { a: one })
    expect(await refuses(files)).toMatchObject({ code: 'source.unknown_table', file: 'x' })
  })

  it('as delta-rs wrote it, when only its log was dropped: each missing file is named', async () => {
    const log = join(import.meta.dirname, '../../testing/fixtures/delta-rs-log')
    const files = readdirSync(log).map((name) =>
      dropped(`foreign/_delta_log/${name}`, new Uint8Array(readFileSync(join(log, name)))),
    )
    const pipeline = [
      ...PIPELINE,
      { path: 'sources/foreign.sql', text: 'CREATE TABLE silver.foreign (id BIGINT, price DECIMAL(15,2), year INT);' },
    ]
    const other = await openTestEngine({ pipeline })
    const problems = problemsOf(await other.api.load({ files }))
    await other.close()
    expect(problems.map(({ code, message }) => [code, /version 3/.test(message)])).toEqual(
      Array(4).fill(['delta.missing_file', true]),
    )
    expect(problems[0]?.file).toMatch(/^foreign\/year=/)
  })
})
