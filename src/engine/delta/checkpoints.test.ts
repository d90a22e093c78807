import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { Action, Commit } from '@/domain/delta/actions'
import { parseCommit } from '@/domain/delta/commit-file'
import { checkpointFileName, commitFileName, commitVersion } from '@/domain/delta/log-names'
import { planCommit, type TableDefinition } from '@/domain/delta/plan-commit'
import { replay, type Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { FileStore, ParquetCodec } from '@/engine/ports'
import { FailingFileStore, type Failure } from '@/testing/memory-file-store'
import { nodeCodec } from '@/testing/node-codec'
import { encodeCheckpoint } from './checkpoint-file'
import { DeltaTables } from './delta-table'

const path = 'gold/t'
const log = `${path}/_delta_log`
const codec = nodeCodec()

const definition: TableDefinition = {
  name: 'gold.t',
  description: null,
  columns: [{ name: 'id', type: 'BIGINT', nullable: false, comment: null, generationExpression: null }],
  partitionColumns: [],
  properties: {},
}

function tablesIn(files: FileStore, parquet: ParquetCodec = codec): DeltaTables {
  return new DeltaTables({ files, codec: parquet, clock: { now: () => 1000 } })
}

/** One update: the table is then the file `name`, whose rows nobody reads here. */
async function overwrite(tables: DeltaTables, name: string, properties: Record<string, string> = {}): Promise<number> {
  const snapshot = await tables.readSnapshot(path)
  const stats = '{"numRecords":1}'
  const file = { path: name, partitionValues: {}, size: 1, modificationTime: 5, dataChange: true, stats }
  const context = { now: 1000, engineVersion: '0', newId: () => 'id', userMetadata: `made ${name}` }
  const transaction = { appId: 'run', version: (snapshot?.version ?? -1) + 1 }
  return tables.commit(path, planCommit(snapshot, { ...definition, properties }, [file], [transaction], context))
}

async function tableOf(versions: number, properties: Record<string, string> = {}): Promise<MemoryFileStore> {
  const files = new MemoryFileStore()
  const tables = tablesIn(files)
  for (let version = 0; version < versions; version += 1) await overwrite(tables, `f${version}`, properties)
  return files
}

async function checkpointsIn(files: FileStore): Promise<string[]> {
  return (await files.list(log)).filter((name) => name.includes('checkpoint'))
}

/** Forgets the log entries before a version. */
async function cleanUp(files: FileStore, before: number): Promise<void> {
  for (let version = 0; version < before; version += 1) await files.remove(`${log}/${commitFileName(version)}`)
}

/** The table as the JSON entries alone have it. */
async function fromEntries(files: FileStore, version: number, folder = log): Promise<Snapshot> {
  const names = (await files.list(folder)).filter((name) => (commitVersion(name) ?? Infinity) <= version)
  const commits = names.map(async (name, index): Promise<Commit> => {
    const text = await (await files.open(`${folder}/${name}`)).text()
    return { version: index, actions: parseCommit(text, name) }
  })
  return replay(path, await Promise.all(commits))
}

/** A snapshot without what only log entries hold. */
function state(snapshot: Snapshot | null): Omit<Snapshot, 'history'> | null {
  if (snapshot === null) return null
  const { history: _, ...rest } = snapshot
  return rest
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return toErrorData(error).code
  }
  return 'no error'
}

describe('a checkpoint', () => {
  it('is written after every tenth commit, and then pointed to', async () => {
    const files = await tableOf(10)
    expect(await checkpointsIn(files)).toEqual([])
    await overwrite(tablesIn(files), 'f10')
    expect(await checkpointsIn(files)).toEqual([checkpointFileName(10), '_last_checkpoint'])
    const { size } = await files.open(`${log}/${checkpointFileName(10)}`)
    const pointer = JSON.parse(await (await files.open(`${log}/_last_checkpoint`)).text())
    // protocol, metaData, one transaction, ten removed files and one file.
    expect(pointer).toEqual({ version: 10, size: 14, sizeInBytes: size, numOfAddFiles: 1 })
    for (let version = 11; version <= 20; version += 1) await overwrite(tablesIn(files), `f${version}`)
    expect(await checkpointsIn(files)).toEqual([checkpointFileName(10), checkpointFileName(20), '_last_checkpoint'])
  })

  it('is written as often as the table’s property says', async () => {
    const files = await tableOf(8, { 'delta.checkpointInterval': '3' })
    expect(await checkpointsIn(files)).toEqual([checkpointFileName(3), checkpointFileName(6), '_last_checkpoint'])
    expect(await checkpointsIn(await tableOf(12, { 'delta.checkpoint.writeStatsAsStruct': 'true' }))).toEqual([])
  })

  it('stands for the entries before it when those are gone', async () => {
    const files = await tableOf(13)
    const expected = [10, 11, 12].map((version) => fromEntries(files, version).then(state))
    const all = await Promise.all(expected)
    await cleanUp(files, 10)
    const tables = tablesIn(files)
    for (const [index, snapshot] of all.entries()) {
      expect(state(await tables.readSnapshot(path, 10 + index))).toEqual(snapshot)
    }
    expect((await tables.history(path)).map(({ version }) => version)).toEqual([12, 11, 10])
    expect(await tables.readSnapshot(path, 9).catch(toErrorData)).toMatchObject({
      code: 'delta.unknown_version',
      message: expect.stringContaining('versions 10 to 12'),
    })
    expect(await overwrite(tables, 'f13')).toBe(13)
    await cleanUp(files, 14)
    // Nothing but the checkpoint: later versions are gone, but there is still a table, with no note of who made it.
    const alone = await tables.readSnapshot(path)
    expect(alone).toMatchObject({ version: 10, userMetadata: null, files: [{ path: 'f10' }], history: [] })
    expect(await overwrite(tables, 'f11')).toBe(11)
  })

  it('does not hide the versions before it while their entries are there', async () => {
    const files = await tableOf(23)
    for (const version of [0, 9, 10, 11, 19, 20, 22]) {
      expect(state(await tablesIn(files).readSnapshot(path, version))).toEqual(state(await fromEntries(files, version)))
    }
    expect(await tablesIn(files).history(path)).toHaveLength(23)
    await cleanUp(files, 12)
    expect((await tablesIn(files).readSnapshot(path, 10))?.files).toMatchObject([{ path: 'f10' }])
    expect(await codeOf(tablesIn(files).readSnapshot(path, 11))).toBe('delta.unknown_version')
    expect((await tablesIn(files).readSnapshot(path, 20))?.files).toMatchObject([{ path: 'f20' }])
  })

  it('spares the reading of the entries before it', async () => {
    const files = await tableOf(12)
    for (const version of [0, 5, 10]) await files.write(`${log}/${commitFileName(version)}`, new Uint8Array(3))
    expect((await tablesIn(files).readSnapshot(path))?.files).toMatchObject([{ path: 'f11' }])
  })

  it.each([
    ['missing', null],
    ['damaged', '{"version":'],
    ['behind', '{"version":10,"size":14}'],
    ['ahead of the log', '{"version":999,"size":1}'],
  ])('is found when _last_checkpoint is %s', async (_, text) => {
    const files = await tableOf(22)
    await cleanUp(files, 20)
    await files.remove(`${log}/${checkpointFileName(10)}`)
    if (text === null) await files.remove(`${log}/_last_checkpoint`)
    else await files.write(`${log}/_last_checkpoint`, new TextEncoder().encode(text))
    expect((await tablesIn(files).readSnapshot(path))?.files).toMatchObject([{ path: 'f21' }])
  })

  it('that is damaged gives way to an older one, then to the entries, and is named when nothing else is left', async () => {
    const files = await tableOf(22)
    const expected = state(await fromEntries(files, 21))
    const bytes = new Uint8Array(await (await files.open(`${log}/${checkpointFileName(20)}`)).arrayBuffer())
    await files.write(`${log}/${checkpointFileName(20)}`, bytes.subarray(0, bytes.length >> 1))
    await cleanUp(files, 10)
    expect(state(await tablesIn(files).readSnapshot(path))).toEqual(expected)
    await cleanUp(files, 12)
    expect(await tablesIn(files).readSnapshot(path).catch(toErrorData)).toMatchObject({
      code: 'delta.damaged_checkpoint',
      file: `${log}/${checkpointFileName(20)}`,
    })
    const whole = await tableOf(12)
    await whole.write(`${log}/${checkpointFileName(10)}`, new Uint8Array(100))
    expect((await tablesIn(whole).readSnapshot(path))?.files).toMatchObject([{ path: 'f11' }])
  })

  it('without a protocol or metadata is damaged', async () => {
    const files = await tableOf(12)
    await cleanUp(files, 11)
    await files.write(
      `${log}/${checkpointFileName(10)}`,
      await encodeCheckpoint(codec, [{ txn: { appId: 'x', version: 1 } }]),
    )
    expect(await codeOf(tablesIn(files).readSnapshot(path))).toBe('delta.damaged_checkpoint')
  })

  it('is read from several files when all of them are there', async () => {
    const files = await tableOf(12)
    const expected = state(await tablesIn(files).readSnapshot(path))
    const { protocol, metaData, transactions, files: adds } = await fromEntries(files, 10)
    const progress = [...transactions].map(([appId, version]): Action => ({ txn: { appId, version } }))
    const parts: Action[][] = [progress, [{ metaData }, { protocol }], adds.map((add) => ({ add }))]
    await cleanUp(files, 11)
    await files.remove(`${log}/${checkpointFileName(10)}`)
    const name = (part: number) => `${log}/00000000000000000010.checkpoint.000000000${part + 1}.0000000003.parquet`
    for (const [part, actions] of parts.entries()) await files.write(name(part), await encodeCheckpoint(codec, actions))
    expect(state(await tablesIn(files).readSnapshot(path))).toEqual(expected)
    await files.remove(name(1))
    expect(await tablesIn(files).readSnapshot(path).catch(toErrorData)).toMatchObject({
      code: 'delta.damaged_checkpoint',
      message: expect.stringContaining('in 3 files, of which 1 is missing'),
    })
  })

  it('of the V2 kind is refused by that name when there is no other way', async () => {
    const files = await tableOf(12)
    const v2 = `${log}/00000000000000000010.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet`
    await files.write(v2, new Uint8Array(3))
    expect((await tablesIn(files).readSnapshot(path))?.version).toBe(11)
    await cleanUp(files, 11)
    expect((await tablesIn(files).readSnapshot(path))?.version).toBe(11)
    await files.remove(`${log}/${checkpointFileName(10)}`)
    expect(await tablesIn(files).readSnapshot(path).catch(toErrorData)).toMatchObject({
      code: 'delta.unsupported_feature',
      message: expect.stringContaining('v2Checkpoint'),
    })
    expect(await tablesIn(files).history(path)).toHaveLength(1)
  })

  it('does not hide a gap in the log after it', async () => {
    const files = await tableOf(14)
    await files.remove(`${log}/${commitFileName(12)}`)
    expect(await codeOf(tablesIn(files).readSnapshot(path))).toBe('delta.missing_commit')
  })
})

describe('a checkpoint by delta-rs', () => {
  it('gives the same table as the entries that it stands for', async () => {
    const folder = join(import.meta.dirname, '../../testing/fixtures/delta-rs-log')
    const files = new MemoryFileStore()
    for (const name of readdirSync(folder)) {
      await files.write(`${log}/${name}`, new Uint8Array(readFileSync(join(folder, name))))
    }
    const expected = await Promise.all([2, 3].map(async (version) => state(await fromEntries(files, version))))
    expect(expected[1]?.files.map(({ partitionValues }) => partitionValues)).toHaveLength(4)
    await cleanUp(files, 2)
    for (const version of [2, 3]) {
      const snapshot = await tablesIn(files).readSnapshot(path, version)
      expect(state(snapshot)).toEqual(expected[version - 2])
      expect(snapshot?.history).toHaveLength(1)
    }
  })
})

describe('a table with checkpoints', () => {
  it('is at every version what its entries alone say', async () => {
    const name = fc.constantFrom('a', 'b', 'c=1/d', 'e%20f')
    const step: fc.Arbitrary<Action> = fc.oneof(
      fc.record({ path: name, size: fc.nat(), stats: fc.string() }).map((file): Action => {
        return { add: { ...file, partitionValues: { p: null }, modificationTime: 1, dataChange: true } }
      }),
      fc.record({ path: name, deletionTimestamp: fc.constantFrom(1, 1000) }).map((file): Action => {
        return { remove: { ...file, dataChange: true } }
      }),
      fc.record({ appId: fc.constantFrom('x', 'y'), version: fc.nat() }).map((txn): Action => ({ txn })),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }).map((configuration): Action => {
        const format = { provider: 'parquet', options: {} }
        return { metaData: { id: 'm', format, schemaString: '{}', partitionColumns: ['p'], configuration } }
      }),
    )
    const start: Action[] = [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      {
        metaData: {
          id: 'm',
          format: { provider: 'parquet', options: {} },
          schemaString: '{}',
          partitionColumns: [],
          configuration: {},
        },
      },
    ]
    const arbitrary = fc.array(fc.array(step, { maxLength: 5 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 4 }), fc.nat(12), async (entries, interval, cut) => {
        const files = new MemoryFileStore()
        const tables = tablesIn(files)
        for (const [index, actions] of [start, ...entries].entries()) {
          const readVersion = index === 0 ? null : index - 1
          await tables.commit(path, { readVersion, actions, checkpointInterval: interval })
        }
        const last = entries.length
        expect(await checkpointsIn(files)).toHaveLength(last < interval ? 0 : 1 + Math.floor(last / interval))
        const expected = await Promise.all(
          Array.from({ length: last + 1 }, async (_, version) => state(await fromEntries(files, version))),
        )
        // A cleanup leaves everything from some checkpoint on.
        const kept = Math.floor(Math.min(cut, last) / interval) * interval
        await cleanUp(files, kept)
        for (let version = kept; version <= last; version += 1) {
          expect(state(await tables.readSnapshot(path, version))).toEqual(expected[version])
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('a commit whose checkpoint fails', () => {
  it('is a commit all the same; the failure is noted, and the next commit makes up for it', async () => {
    const files = await tableOf(10)
    const full: ParquetCodec = {
      ...codec,
      encode: async () => {
        throw new GoldsmithError({ code: 'storage.quota', message: 'full' })
      },
    }
    const failing = tablesIn(files, full)
    expect(failing.checkpointFailures.get(path)).toBeUndefined()
    expect(await overwrite(failing, 'f10')).toBe(10)
    expect(failing.checkpointFailures.get(path)).toEqual({ code: 'storage.quota', message: 'full' })
    expect(await checkpointsIn(files)).toEqual([])
    const tables = tablesIn(files)
    expect(await overwrite(tables, 'f11')).toBe(11)
    expect(tables.checkpointFailures.get(path)).toBeUndefined()
    expect(await checkpointsIn(files)).toEqual([checkpointFileName(11), '_last_checkpoint'])
    for (let version = 12; version <= 20; version += 1) await overwrite(tables, `f${version}`)
    expect(await checkpointsIn(files)).toEqual([checkpointFileName(11), checkpointFileName(20), '_last_checkpoint'])
  })

  it('no longer counts as failed once a later one succeeded', async () => {
    const files = await tableOf(10)
    let broken = true
    const tables = tablesIn(files, {
      ...codec,
      encode: (...request) => (broken ? Promise.reject(new Error('no memory')) : codec.encode(...request)),
    })
    await overwrite(tables, 'f10')
    expect(tables.checkpointFailures.get(path)).toEqual({ code: 'internal.unexpected', message: 'no memory' })
    broken = false
    await overwrite(tables, 'f11')
    expect(tables.checkpointFailures.size).toBe(0)
  })

  it('leaves none when the store kept only half of it', async () => {
    const files = await tableOf(10)
    // Every operation in turn: the reads of the update, its entry, the reads for the checkpoint, the checkpoint, the pointer.
    let torn = 0
    for (let failAt = 1; failAt < 60; failAt += 1) {
      const disk = await copyOf(files)
      const failing = tablesIn(new FailingFileStore(disk, failAt, 'silently-torn'))
      expect(await overwrite(failing, 'f10')).toBe(10)
      const failure = failing.checkpointFailures.get(path)
      if (failure !== undefined) {
        torn += 1
        expect(failure.code).toBe('storage.torn_write')
        expect(await checkpointsIn(disk)).toEqual([])
      }
      expect((await tablesIn(disk).readSnapshot(path))?.files).toMatchObject([{ path: 'f10' }])
    }
    expect(torn).toBe(1)
  })
})

describe('an update with a checkpoint that dies', () => {
  it.each<Failure>(['before', 'after', 'torn'])(
    '%s any one of its file operations leaves the last good version, and the next update works',
    async (failure) => {
      const before = await tableOf(10)
      const left: string[] = []
      for (let failAt = 1; ; failAt += 1) {
        const disk = await copyOf(before)
        const store = new FailingFileStore(disk, failAt, failure)
        const outcome = await codeOf(overwrite(tablesIn(store), 'f10'))
        const snapshot = await tablesIn(disk).readSnapshot(path)
        const version = snapshot?.version
        expect(version === 9 || version === 10).toBe(true)
        if (outcome === 'no error') expect(version).toBe(10)
        expect(state(snapshot)).toEqual(state(await fromEntries(disk, 10)))
        left.push([version, ...(await checkpointsIn(disk)).map((name) => name.replace(/^0+/, ''))].join(' '))
        if (store.operations < failAt) break
        expect(await overwrite(tablesIn(disk), 'next')).toBe((version ?? 0) + 1)
        expect((await tablesIn(disk).readSnapshot(path))?.files).toMatchObject([{ path: 'next' }])
        // Whatever was missing is there again, and enough to read from.
        await cleanUp(disk, 10)
        expect((await tablesIn(disk).readSnapshot(path))?.files).toMatchObject([{ path: 'next' }])
      }
      // A part of the pointer is no pointer, but it is a file.
      expect([...new Set(left)]).toEqual([
        '9',
        '10',
        '10 10.checkpoint.parquet',
        '10 10.checkpoint.parquet _last_checkpoint',
      ])
    },
  )
})

async function copyOf(files: FileStore): Promise<MemoryFileStore> {
  const copy = new MemoryFileStore()
  for (const name of await files.list('')) {
    await copy.write(name, new Uint8Array(await (await files.open(name)).arrayBuffer()))
  }
  return copy
}
