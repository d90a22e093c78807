/** Commands beside other writers, and on stores that fail. */
import { afterEach, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { AddFile } from '@/domain/delta/actions'
import { commitFileName } from '@/domain/delta/log-names'
import { toErrorData } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import type { FileStore } from '@/engine/ports'
import { FailingFileStore } from '@/testing/memory-file-store'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes } from '@/testing/parquet-files'

const FOLDER = 'lakehouse/gold/parts'
const PIPELINE: PipelineFile[] = [
  { path: 'spark-pipeline.yml', text: 'name: small\nschema: gold\n' },
  { path: 'sources/rows.sql', text: 'CREATE TABLE silver.rows (id BIGINT, part INT);' },
  {
    path: 'transformations/parts.sql',
    text: 'CREATE MATERIALIZED VIEW gold.parts PARTITIONED BY (part) AS SELECT id, part FROM silver.rows;',
  },
]
/** The table is not the pipeline's any more: its rows may be deleted. */
const WITHOUT_IT = PIPELINE.slice(0, 2)

/** A store in which somebody else, who takes no locks, writes just before a log entry is created. */
class ContestedFileStore extends MemoryFileStore {
  before: (() => Promise<void>) | null = null

  override async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    const before = path.startsWith(FOLDER) ? this.before : null
    if (before !== null) this.before = null
    await before?.()
    return super.createExclusive(path, bytes)
  }
}

const opened: TestEngine[] = []
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close()
})

async function open(files: FileStore, pipeline = WITHOUT_IT): Promise<TestEngine> {
  const engine = await openTestEngine({ files, pipeline })
  opened.push(engine)
  return engine
}

/** Three partitions of ten rows each. */
async function build(files: FileStore): Promise<void> {
  const engine = await open(files, PIPELINE)
  const sql = 'SELECT i AS id, (i % 3)::INT AS part FROM range(30) AS t(i)'
  await engine.api.load({ files: [dropped('rows.parquet', await parquetBytes(sql))] })
  expect((await engine.api.run({ asOf: '2024-01-01' })).status).toBe('completed')
}

async function rows({ api }: TestEngine, sql: string): Promise<unknown[][]> {
  const { id } = await api.query({ sql })
  return api.fetchRows({ id, offset: 0, limit: 100 })
}

const count = async (engine: TestEngine) => (await rows(engine, 'SELECT count(*) FROM gold.parts'))[0]?.[0]

async function addedFiles(files: FileStore): Promise<AddFile[]> {
  const log = await (await files.open(`${FOLDER}/_delta_log/${commitFileName(0)}`)).text()
  return log.split('\n').flatMap((line) => (line.includes('"add"') ? [JSON.parse(line).add] : []))
}

async function append(files: FileStore, version: number, actions: object[]): Promise<void> {
  const lines = [{ commitInfo: { operation: 'WRITE' } }, ...actions].map((action) => `${JSON.stringify(action)}\n`)
  await files.write(`${FOLDER}/_delta_log/${commitFileName(version)}`, new TextEncoder().encode(lines.join('')))
}

/** A copy of a data file, as another writer would append it. */
async function copied(files: FileStore, file: AddFile): Promise<AddFile> {
  const bytes = await (await files.open(`${FOLDER}/${file.path}`)).arrayBuffer()
  const path = file.path.replace('part-', 'other-')
  await files.write(`${FOLDER}/${path}`, new Uint8Array(bytes))
  return { ...file, path }
}

describe('a command that another writer overtakes', () => {
  it('follows rows that were appended to other files', async () => {
    const files = new ContestedFileStore()
    await build(files)
    const engine = await open(files)
    const [file] = await addedFiles(files)
    files.before = async () => file && append(files, 1, [{ add: await copied(files, file) }])
    await rows(engine, 'OPTIMIZE gold.parts ZORDER BY (id)')
    const history = await engine.api.history({ table: 'gold.parts' })
    expect(history.map(({ operation }) => operation)).toEqual(['OPTIMIZE', 'WRITE', 'CREATE TABLE AS SELECT'])
    expect(await count(engine)).toBe(40n)
  })

  it.each([
    [
      'removed a file that it rewrites',
      'OPTIMIZE gold.parts ZORDER BY (id)',
      (file: AddFile) => ({ remove: { path: file.path, dataChange: true } }),
    ],
    [
      'added rows that it would delete',
      'DELETE FROM gold.parts WHERE id < 2',
      (file: AddFile) => ({ add: { ...file, path: 'part=0/x.parquet' } }),
    ],
    [
      'removed a file that it removes',
      'DELETE FROM gold.parts',
      (file: AddFile) => ({ remove: { path: file.path, dataChange: true } }),
    ],
  ])('says why it cannot follow when that one %s, and leaves nothing behind', async (_, sql, action) => {
    const files = new ContestedFileStore()
    await build(files)
    const engine = await open(files)
    const [file] = await addedFiles(files)
    const before = await files.list(FOLDER)
    files.before = async () => file && append(files, 1, [action(file)])
    const error = toErrorData(await rows(engine, sql).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({
      code: 'delta.conflict',
      message: expect.stringContaining('because version 1 (WRITE) '),
    })
    expect(error.message).toContain('gold.parts')
    expect(await files.list(FOLDER)).toEqual([...before, `_delta_log/${commitFileName(1)}`].sort())
  })

  it('deletes what it was to when the rows that came are others', async () => {
    const files = new ContestedFileStore()
    await build(files)
    const engine = await open(files)
    const file = (await addedFiles(files)).find(({ partitionValues }) => partitionValues.part === '1')
    files.before = async () => file && append(files, 1, [{ add: await copied(files, file) }])
    expect(await rows(engine, 'DELETE FROM gold.parts WHERE part = 2')).toEqual([[10n]])
    expect(await count(engine)).toBe(30n)
  })
})

describe('a command on a store that fails', () => {
  it.each(['OPTIMIZE gold.parts ZORDER BY (id)', 'DELETE FROM gold.parts WHERE id < 6'])(
    'leaves a whole table, before or after, wherever it fails: %s',
    async (sql) => {
      const good = new MemoryFileStore()
      await build(good)
      const paths = await good.list('')
      for (const failure of ['after', 'torn'] as const) {
        for (let operation = 1; ; operation += 5) {
          const files = new MemoryFileStore()
          for (const path of paths) await files.write(path, new Uint8Array(await (await good.open(path)).arrayBuffer()))
          const reading = new FailingFileStore(files, Number.POSITIVE_INFINITY, failure)
          const engine = await openTestEngine({ files: reading, pipeline: WITHOUT_IT })
          const opening = reading.operations
          await engine.close()
          const failing = new FailingFileStore(files, opening + operation, failure)
          const failed = await openTestEngine({ files: failing, pipeline: WITHOUT_IT })
          const done = await failed.api.query({ sql }).then(
            () => true,
            () => false,
          )
          await failed.close()
          const after = await openTestEngine({ files, pipeline: WITHOUT_IT })
          expect(sql.startsWith('DELETE') ? [30n, 24n] : [30n]).toContain(await count(after))
          await after.close()
          if (done) break
        }
      }
    },
    30_000,
  )
})
