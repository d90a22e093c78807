import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { Action, AddFile } from '@/domain/delta/actions'
import { commitFileName } from '@/domain/delta/log-names'
import { planCommit, type TableDefinition } from '@/domain/delta/plan-commit'
import { recordCount } from '@/domain/delta/statistics'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { FileStore, ParquetCodec, ParquetFileInfo } from '@/engine/ports'
import { FailingFileStore, type Failure } from '@/testing/memory-file-store'
import { nodeCodec } from '@/testing/node-codec'
import { DeltaTables } from './delta-table'

const path = 'gold/t'

const definition: TableDefinition = {
  name: path,
  description: null,
  columns: [
    { name: 'id', type: 'BIGINT', nullable: false, comment: null, generationExpression: null },
    { name: 'year', type: 'INTEGER', nullable: true, comment: null, generationExpression: null },
  ],
  partitionColumns: ['year'],
  properties: {},
}

/** A file is the JSON of its own footer: half of it is no file, as with Parquet. */
const codec: ParquetCodec = {
  ...nodeCodec(),
  async inspect(file, name) {
    try {
      return JSON.parse(await file.text())
    } catch {
      throw new GoldsmithError({ code: 'parquet.truncated', message: `${name} is cut short`, file: name })
    }
  },
}

function fileOf(ids: number[], column = 'id', type = 'BIGINT'): Uint8Array {
  const info: ParquetFileInfo = {
    rows: ids.length,
    createdBy: null,
    columns: [{ name: column, type, nullable: false }],
    rowGroups: [
      {
        rows: ids.length,
        compressedBytes: 1,
        statistics: { [column]: { min: Math.min(...ids), max: Math.max(...ids), nullCount: 0 } },
      },
    ],
    keyValueMetadata: {},
  }
  return new TextEncoder().encode(JSON.stringify(info))
}

function tablesIn(files: FileStore): DeltaTables {
  return new DeltaTables({ files, codec, clock: { now: () => 1000 } })
}

function part(rows: number, index = 0) {
  return {
    columns: definition.columns,
    partitionValues: [{ column: 'year', value: '2011' }],
    index,
    expectedRows: rows,
  }
}

/** One update: two data files of `size` rows each, then the commit. */
async function overwrite(tables: DeltaTables, size: number): Promise<number> {
  const snapshot = await tables.readSnapshot(path)
  const ids = Array.from({ length: size }, (_, i) => i)
  const files = [
    await tables.writePart(path, part(size), fileOf(ids)),
    await tables.writePart(path, part(size, 1), fileOf(ids)),
  ]
  const context = { now: 1000 + size, engineVersion: '0', newId: () => crypto.randomUUID() }
  return tables.commit(path, planCommit(snapshot, definition, files, [{ appId: 'run', version: size }], context))
}

/** What a reader sees: the rows that each file's footer has, as read from the store. */
async function rowsSeen(files: FileStore): Promise<number[] | null> {
  const tables = tablesIn(files)
  const snapshot = await tables.readSnapshot(path)
  if (snapshot === null) return null
  const infos = snapshot.files.map(async (file) => codec.inspect(await tables.openPart(path, file), file.path))
  return (await Promise.all(infos)).map(({ rows }) => rows)
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return toErrorData(error).code
  }
  return 'no error'
}

async function writeLog(files: FileStore, version: number, actions: Action[], folder = path): Promise<void> {
  const text = actions.map((action) => JSON.stringify(action)).join('\n')
  await files.write(`${folder}/_delta_log/${commitFileName(version)}`, new TextEncoder().encode(text))
}

describe('a table', () => {
  it('is not there before its first commit, and its versions can all be read afterwards', async () => {
    const tables = tablesIn(new MemoryFileStore())
    expect(await tables.readSnapshot(path)).toBeNull()
    expect(await tables.history(path)).toEqual([])
    expect([await overwrite(tables, 1), await overwrite(tables, 2), await overwrite(tables, 3)]).toEqual([0, 1, 2])
    for (const version of [0, 1, 2]) {
      const snapshot = await tables.readSnapshot(path, version)
      expect(snapshot?.files.map(({ stats }) => recordCount(stats))).toEqual([version + 1, version + 1])
      expect(snapshot?.transactions.get('run')).toBe(version + 1)
    }
    expect(await codeOf(tables.readSnapshot(path, 3))).toBe('delta.unknown_version')
    expect(await codeOf(tables.readSnapshot(path, -1))).toBe('delta.unknown_version')
  })

  it('has its history newest first', async () => {
    const tables = tablesIn(new MemoryFileStore())
    await overwrite(tables, 1)
    await overwrite(tables, 2)
    expect(await tables.history(path)).toEqual([
      {
        version: 1,
        timestamp: '1970-01-01T00:00:01.002Z',
        operation: 'WRITE',
        operationParameters: { mode: 'Overwrite', partitionBy: '["year"]' },
        operationMetrics: expect.objectContaining({ numFiles: '2', numOutputRows: '4', numRemovedFiles: '2' }),
      },
      expect.objectContaining({ version: 0, operation: 'CREATE TABLE AS SELECT' }),
    ])
  })

  it('has names of files and log entries as the protocol says', async () => {
    const files = new MemoryFileStore()
    await overwrite(tablesIn(files), 1)
    const names = await files.list(path)
    expect(names[0]).toBe('_delta_log/00000000000000000000.json')
    for (const name of names.slice(1)) expect(name).toMatch(/^year=2011\/part-0000[01]-[0-9a-f-]{36}\.zstd\.parquet$/)
    expect(names).toHaveLength(3)
  })

  it('ignores what else lies in its log folder', async () => {
    const files = new MemoryFileStore()
    await overwrite(tablesIn(files), 1)
    for (const name of [
      '00000000000000000000.crc',
      '_last_checkpoint',
      '00000000000000000000.checkpoint.parquet',
      '.tmp',
    ]) {
      await files.write(`${path}/_delta_log/${name}`, new Uint8Array(3))
    }
    expect(await rowsSeen(files)).toEqual([1, 1])
  })

  it('whose log has a gap is refused, and whose log begins at a checkpoint is refused when that is damaged', async () => {
    const files = new MemoryFileStore()
    await writeLog(files, 0, [])
    await writeLog(files, 2, [])
    expect(await codeOf(tablesIn(files).readSnapshot(path))).toBe('delta.missing_commit')
    await files.remove(`${path}/_delta_log/${commitFileName(0)}`)
    await files.write(`${path}/_delta_log/00000000000000000001.checkpoint.parquet`, new Uint8Array(3))
    expect(await codeOf(tablesIn(files).readSnapshot(path))).toBe('delta.damaged_checkpoint')
    await files.remove(`${path}/_delta_log/${commitFileName(2)}`)
    expect(await codeOf(tablesIn(files).readSnapshot(path))).toBe('delta.damaged_checkpoint')
  })
})

describe('a data file', () => {
  it('is described by what was stored, not by what was meant', async () => {
    const tables = tablesIn(new MemoryFileStore())
    const add = await tables.writePart(path, part(3), fileOf([5, 7, 6]))
    expect(add).toEqual<AddFile>({
      path: expect.stringMatching(/^year=2011\/part-00000-/),
      partitionValues: { year: '2011' },
      size: fileOf([5, 7, 6]).byteLength,
      modificationTime: 1000,
      dataChange: true,
      stats: '{"numRecords":3,"minValues":{"id":5},"maxValues":{"id":7},"nullCount":{"id":0}}',
    })
  })

  it('with other rows, columns or types than meant is refused', async () => {
    const tables = tablesIn(new MemoryFileStore())
    expect(await codeOf(tables.writePart(path, part(4), fileOf([5, 7, 6])))).toBe('storage.row_count')
    await expect(tables.writePart(path, part(1), fileOf([5], 'year'))).rejects.toThrow(
      /id is missing; year is not one of them/,
    )
    await expect(tables.writePart(path, part(1), fileOf([5], 'id', 'INTEGER'))).rejects.toThrow(
      /id is INTEGER, not BIGINT/,
    )
  })

  it('holds timestamps as instants, as every reader of the schema expects', async () => {
    const tables = tablesIn(new MemoryFileStore())
    const at = { name: 'at', type: 'TIMESTAMP', nullable: true, comment: null, generationExpression: null }
    const withTimestamp = { ...part(1), columns: [at] }
    expect(await codeOf(tables.writePart(path, withTimestamp, fileOf([5], 'at', 'TIMESTAMP WITH TIME ZONE')))).toBe(
      'no error',
    )
    expect(await codeOf(tables.writePart(path, withTimestamp, fileOf([5], 'at', 'TIMESTAMP')))).toBe('storage.columns')
  })

  it('that the store kept only half of is refused, even when the store says nothing', async () => {
    const files = new FailingFileStore(new MemoryFileStore(), 1, 'silently-torn')
    expect(await codeOf(tablesIn(files).writePart(path, part(1), fileOf([5])))).toBe('storage.torn_write')
  })

  it('keeps partition values that folders cannot hold', async () => {
    const files = new MemoryFileStore()
    const tables = tablesIn(files)
    for (const value of ['../../x', 'a/b', '%2F', '🌍'.repeat(200), '<b>"', null]) {
      const add = await tables.writePart(
        path,
        { ...part(1), partitionValues: [{ column: 'year', value }] },
        fileOf([1]),
      )
      expect(add.partitionValues).toEqual({ year: value })
      expect((await tables.openPart(path, add)).size).toBe(add.size)
    }
    expect((await files.list(path)).every((name) => name.split('/').length === 2)).toBe(true)
  })
})

describe('two writers that start from the same version', () => {
  it('do not both win', async () => {
    const files = new MemoryFileStore()
    await overwrite(tablesIn(files), 1)
    const outcomes = await Promise.all([2, 3, 4].map((size) => codeOf(overwrite(tablesIn(files), size))))
    expect(outcomes.sort()).toEqual(['delta.conflict', 'delta.conflict', 'no error'])
    expect((await tablesIn(files).readSnapshot(path))?.version).toBe(1)
  })

  it('do not leave a log without a beginning when the table was removed meanwhile', async () => {
    const files = new MemoryFileStore()
    const tables = tablesIn(files)
    await overwrite(tables, 1)
    await files.removeFolder(path)
    expect(await codeOf(tables.commit(path, { readVersion: 0, actions: [] }))).toBe('delta.conflict')
    expect(await files.list(path)).toEqual([])
  })
})

describe('an update that dies', () => {
  const failures: Failure[] = ['before', 'after', 'torn']

  it.each(failures)(
    '%s any one of its file operations leaves the last good version, and the next update works',
    async (failure) => {
      const committed: boolean[] = []
      for (let failAt = 1; ; failAt++) {
        const disk = new MemoryFileStore()
        await overwrite(tablesIn(disk), 1)
        const failing = new FailingFileStore(disk, failAt, failure)
        const outcome = await codeOf(overwrite(tablesIn(failing), 2))
        if (outcome === 'no error') break
        const seen = await rowsSeen(disk)
        expect([
          [1, 1],
          [2, 2],
        ]).toContainEqual(seen)
        committed.push(seen?.[0] === 2)
        expect(await overwrite(tablesIn(disk), 3)).toBe(seen?.[0] === 2 ? 2 : 1)
        expect(await rowsSeen(disk)).toEqual([3, 3])
      }
      // Reads of the log, two writes with their reads, a look at the log again, the entry: the last one decides.
      expect(committed.length).toBeGreaterThanOrEqual(7)
      expect(committed.slice(0, -1)).not.toContain(true)
      expect(committed.at(-1)).toBe(failure === 'after')
    },
  )

  it.each(failures)('%s any operation of its first commit leaves no table or the whole one', async (failure) => {
    for (let failAt = 1; ; failAt++) {
      const disk = new MemoryFileStore()
      const outcome = await codeOf(overwrite(tablesIn(new FailingFileStore(disk, failAt, failure)), 2))
      if (outcome === 'no error') break
      expect([null, [2, 2]]).toContainEqual(await rowsSeen(disk))
    }
  })

  it('among random others leaves a table as if it had not been', async () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      failAt: fc.nat(12),
      failure: fc.constantFrom(...failures),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const disk = new MemoryFileStore()
        let expected: number[] | null = null
        for (const { size, failAt, failure } of steps) {
          const failing = new FailingFileStore(disk, failAt, failure)
          const outcome = await codeOf(overwrite(tablesIn(failing), size))
          const version = (await tablesIn(disk).readSnapshot(path))?.transactions.get('run')
          if (outcome === 'no error') expect(version).toBe(size)
          if (outcome === 'no error' || (failure === 'after' && version === size)) expected = [size, size]
          expect(await rowsSeen(disk)).toEqual(expected)
        }
      }),
      { numRuns: 50 },
    )
  })
})
