import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '@/domain/delta/actions'
import { toErrorData } from '@/domain/errors'
import { quoteLiteral } from '@/domain/sql/quote'
import { nodeCodec } from '@/testing/node-codec'
import { parquetBytes } from '@/testing/parquet-files'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-file'

const codec = nodeCodec()

const actions: Action[] = [
  { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['timestampNtz'], writerFeatures: [] } },
  {
    metaData: {
      id: 'a-b',
      name: 'gold.größe',
      format: { provider: 'parquet', options: { a: 'b' } },
      schemaString: '{"type":"struct","fields":[]}',
      partitionColumns: ['year', 'x"y'],
      configuration: { 'delta.appendOnly': 'false', team: '' },
      createdTime: 1_795_626_749_484,
    },
  },
  { txn: { appId: 'run', version: 1_795_626_749_484 } },
  { remove: { path: 'r', deletionTimestamp: 5, dataChange: false } },
  {
    add: {
      path: 'year=2011/p',
      partitionValues: { year: '2011', other: null },
      size: 2 ** 40,
      modificationTime: 7,
      dataChange: true,
      stats: '{"numRecords":1}',
      tags: { t: null },
    },
  },
  { add: { path: 'q', partitionValues: {}, size: 0, modificationTime: 8, dataChange: true } },
]

async function decode(bytes: Uint8Array): Promise<Action[]> {
  return decodeCheckpoint(codec, new Blob([new Uint8Array(bytes)]), 't/_delta_log/c.parquet')
}

/** The file's rows as native DuckDB's own Parquet reader gives them, as JSON. */
async function readNatively(bytes: Uint8Array): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'goldsmith-checkpoint-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const file = join(folder, 'c.parquet')
    writeFileSync(file, bytes)
    const reader = await connection.runAndReadAll(
      `SELECT to_json(c)::VARCHAR FROM (SELECT txn, add, remove, metaData, protocol FROM read_parquet(${quoteLiteral(file)})) c`,
    )
    return reader.getRows().map(([row]) => JSON.parse(String(row)))
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(folder, { recursive: true })
  }
}

describe('the file of a checkpoint', () => {
  it('holds every value of its actions for another Parquet reader, in the protocol’s columns', async () => {
    const none = { txn: null, add: null, remove: null, metaData: null, protocol: null }
    expect(await readNatively(await encodeCheckpoint(codec, actions))).toEqual([
      {
        ...none,
        protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['timestampNtz'], writerFeatures: [] },
      },
      {
        ...none,
        metaData: {
          id: 'a-b',
          name: 'gold.größe',
          description: null,
          format: { provider: 'parquet', options: { a: 'b' } },
          schemaString: '{"type":"struct","fields":[]}',
          partitionColumns: ['year', 'x"y'],
          configuration: { 'delta.appendOnly': 'false', team: '' },
          createdTime: 1_795_626_749_484,
        },
      },
      { ...none, txn: { appId: 'run', version: 1_795_626_749_484, lastUpdated: null } },
      {
        ...none,
        remove: {
          path: 'r',
          deletionTimestamp: 5,
          dataChange: false,
          extendedFileMetadata: null,
          partitionValues: null,
          size: null,
        },
      },
      {
        ...none,
        add: {
          path: 'year=2011/p',
          partitionValues: { year: '2011', other: null },
          size: 2 ** 40,
          modificationTime: 7,
          dataChange: true,
          tags: { t: null },
          stats: '{"numRecords":1}',
        },
      },
      {
        ...none,
        add: {
          path: 'q',
          partitionValues: {},
          size: 0,
          modificationTime: 8,
          dataChange: true,
          tags: null,
          stats: null,
        },
      },
    ])
  })

  it('is read back as it was written', async () => {
    expect(await decode(await encodeCheckpoint(codec, actions))).toEqual(actions)
  })

  it('is read back whatever the names and values hold', async () => {
    const text = fc.string({ unit: 'grapheme' })
    const arbitrary = fc.record({
      path: text,
      partitionValues: fc.dictionary(text, fc.option(text)),
      size: fc.maxSafeNat(),
      modificationTime: fc.maxSafeInteger(),
      dataChange: fc.boolean(),
      stats: text,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 5 }), async (files) => {
        const adds = files.map((add): Action => ({ add }))
        expect(await decode(await encodeCheckpoint(codec, adds))).toEqual(adds)
      }),
      { numRuns: 50 },
    )
  })

  it('is understood with columns and row groups that other writers add', async () => {
    const spark = `SELECT
        CASE WHEN i = 0 THEN {minReaderVersion: 1::INT, minWriterVersion: 2::INT} END AS protocol,
        CASE WHEN i = 1 THEN {id: 'x', name: NULL::VARCHAR, format: {provider: 'parquet', options: MAP {}::MAP(VARCHAR, VARCHAR)},
          schemaString: '{}', partitionColumns: ['y'], configuration: MAP {'a': 'b'}, createdTime: 3::BIGINT} END AS metaData,
        CASE WHEN i > 1 THEN {path: 'f' || i, partitionValues: MAP {'y': NULL::VARCHAR}, size: i, modificationTime: 4::BIGINT,
          dataChange: false, stats: CASE WHEN i = 2 THEN '{"numRecords":9}' END,
          partitionValues_parsed: {y: TIMESTAMP '2011-01-01 00:00:00.123456'},
          stats_parsed: {numRecords: 7::BIGINT, minValues: {'at': TIMESTAMPTZ '2011-01-01 00:00:00.123456Z', d: 1.25::DECIMAL(20,2)}},
          deletionVector: CASE WHEN i = 3000 THEN {storageType: 'u', cardinality: 1::BIGINT} END} END AS "add",
        NULL::STRUCT(path VARCHAR, sizeInBytes BIGINT) AS sidecar,
        CASE WHEN i = 1 THEN {version: 3::BIGINT} END AS checkpointMetadata
      FROM range(5000) t(i)`
    const decoded = await decode(await parquetBytes(spark, 'ROW_GROUP_SIZE 2048'))
    expect(decoded).toHaveLength(5000)
    const add = { partitionValues: { y: null }, modificationTime: 4, dataChange: false }
    expect(decoded.slice(0, 4)).toEqual([
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      {
        metaData: {
          id: 'x',
          format: { provider: 'parquet', options: {} },
          schemaString: '{}',
          partitionColumns: ['y'],
          configuration: { a: 'b' },
          createdTime: 3,
        },
      },
      { add: { ...add, path: 'f2', size: 2, stats: '{"numRecords":9}' } },
      // Statistics that are there only as typed values: what reading needs of them.
      { add: { ...add, path: 'f3', size: 3, stats: '{"numRecords":7}' } },
    ])
    expect(decoded[3000]).toMatchObject({ add: { path: 'f3000', deletionVector: { storageType: 'u' } } })
    expect(decoded.filter((action) => 'add' in action && action.add.deletionVector !== undefined)).toHaveLength(1)
  })

  it('that lists sidecars is refused by that name', async () => {
    const sql = `SELECT {path: 'x.parquet', sizeInBytes: 1::BIGINT} AS sidecar`
    const error = await decode(await parquetBytes(sql)).catch(toErrorData)
    expect(error).toMatchObject({ code: 'delta.unsupported_feature', message: expect.stringContaining('v2Checkpoint') })
  })

  it('whose values are of another type is refused with the row', async () => {
    const sql = `SELECT {path: 'x', dataChange: 'yes', size: 1::BIGINT, modificationTime: 1::BIGINT} AS "add"`
    const error = await decode(await parquetBytes(sql)).catch(toErrorData)
    expect(error).toMatchObject({
      code: 'delta.invalid_log',
      message: 't/_delta_log/c.parquet, row 1: “add.dataChange” should be true or false.',
    })
  })
})
