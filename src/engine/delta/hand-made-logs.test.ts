/** What each kind of action in a log means for the table, on logs written by hand after PROTOCOL.md of delta-io/delta. */
import { describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { checkpointFileName } from '@/domain/delta/log-names'
import type { Snapshot } from '@/domain/delta/snapshot'
import { toErrorData } from '@/domain/errors'
import { add, deltaFolder, metaData, PROTOCOL, remove } from '@/testing/delta-input'
import { nodeCodec } from '@/testing/node-codec'
import { parquetBytes } from '@/testing/parquet-files'
import { LogReader } from './log-reader'

const SCHEMA = metaData({ id: 'long' })
const start = [PROTOCOL, SCHEMA, add('a'), add('b')]

async function stored(commits: object[][]): Promise<MemoryFileStore> {
  const files = new MemoryFileStore()
  for (const { path, file } of deltaFolder('t', commits, {})) {
    await files.write(path, new Uint8Array(await file.arrayBuffer()))
  }
  return files
}

async function snapshot(...commits: object[][]): Promise<Snapshot> {
  const found = await new LogReader(await stored(commits), nodeCodec()).snapshot('t')
  if (found === null) throw new Error('no table')
  return found
}

async function refusal(...commits: object[][]) {
  return toErrorData(await snapshot(...commits).catch((thrown: unknown) => thrown))
}

const paths = ({ files }: Snapshot) => files.map(({ path }) => path)

describe('the action', () => {
  it('add puts a file into the table; the last one for a path says what is known of it', async () => {
    const again = add('a', {}, { size: 9, stats: '{"numRecords":3}' })
    const found = await snapshot(start, [again, add('c%20d')])
    expect(paths(found)).toEqual(['a', 'b', 'c%20d'])
    expect(found.files[0]).toMatchObject({ size: 9, stats: '{"numRecords":3}' })
  })

  it('remove takes a file out, whether or not its rows changed, and an add puts it back', async () => {
    const compacted = { remove: { path: 'b', dataChange: false } }
    expect(paths(await snapshot(start, [remove('a')]))).toEqual(['b'])
    expect(paths(await snapshot(start, [remove('a'), compacted, add('ab')]))).toEqual(['ab'])
    expect(paths(await snapshot(start, [remove('a')], [add('a')]))).toEqual(['a', 'b'])
    expect(paths(await snapshot(start, [remove('never')]))).toEqual(['a', 'b'])
  })

  it('add of a file some of whose rows are deleted by a vector is refused by that name, while it is in the table', async () => {
    const vector = { storageType: 'u', pathOrInlineDv: 'x', sizeInBytes: 40, cardinality: 2 }
    const deleted = add('a', {}, { deletionVector: vector })
    expect(await refusal(start, [remove('a'), deleted])).toMatchObject({
      code: 'delta.unsupported_feature',
      message: expect.stringContaining('deletionVectors'),
    })
    const purged = { remove: { path: 'a', dataChange: false, deletionVector: vector } }
    expect(paths(await snapshot(start, [remove('a'), deleted], [purged, add('a2')]))).toEqual(['a2', 'b'])
  })

  it('metaData says anew what the table is; its files stay', async () => {
    const renamed = metaData({ id: 'long', note: 'string' }, [], { name: 'x', configuration: { team: 'a' } })
    const found = await snapshot(start, [renamed])
    expect(found.metaData).toMatchObject({ name: 'x', configuration: { team: 'a' } })
    expect(JSON.parse(found.metaData.schemaString).fields).toHaveLength(2)
    expect(paths(found)).toEqual(['a', 'b'])
  })

  it('protocol holds from the commit that has it: what it asks is asked of the version, not of those before', async () => {
    const raised = {
      protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['variantType'], writerFeatures: [] },
    }
    expect(await refusal(start, [raised])).toMatchObject({
      code: 'delta.unsupported_feature',
      message: expect.stringContaining('variantType'),
    })
    const reader = new LogReader(await stored([start, [raised]]), nodeCodec())
    expect((await reader.snapshot('t', 0))?.protocol).toEqual(PROTOCOL.protocol)
    expect(await refusal([SCHEMA, add('a')])).toMatchObject({ code: 'delta.no_metadata' })
  })

  it('txn says how far each application has got', async () => {
    const txn = (appId: string, version: number) => ({ txn: { appId, version, lastUpdated: 5 } })
    const found = await snapshot([...start, txn('one', 7), txn('two', 1)], [txn('one', 8)])
    expect([...found.transactions]).toEqual([
      ['one', 8],
      ['two', 1],
    ])
  })

  it('commitInfo tells of the commit alone, and may be missing', async () => {
    const info = {
      commitInfo: { timestamp: 1000, operation: 'MERGE', userMetadata: 'why', isolationLevel: 'Serializable' },
    }
    const found = await snapshot(start, [info])
    expect(found.userMetadata).toBe('why')
    expect(found.history.map(({ version, timestamp, operation }) => [version, timestamp, operation])).toEqual([
      [0, 1, 'UNKNOWN'],
      [1, 1000, 'MERGE'],
    ])
    expect((await snapshot(start, [info], [add('c')])).userMetadata).toBeNull()
  })

  it('cdc names files that are not the table’s rows', async () => {
    const cdc = { cdc: { path: '_change_data/c', partitionValues: {}, size: 1, dataChange: false } }
    expect(paths(await snapshot(start, [remove('a'), add('a2'), cdc]))).toEqual(['a2', 'b'])
  })

  it.each(['domainMetadata', 'checkpointMetadata', 'sidecar', 'unheardOf'])(
    '%s in a commit is nothing to a reader that does not know it',
    async (kind) => {
      expect(
        paths(await snapshot(start, [{ [kind]: { domain: 'd', version: 1, path: 'x', configuration: '{}' } }])),
      ).toEqual(['a', 'b'])
    },
  )
})

describe('a checkpoint', () => {
  /** A checkpoint of Spark's columns, with one row a query. */
  async function checkpoint(...rows: string[]): Promise<LogReader> {
    const files = await stored([])
    const kinds = `
      {minReaderVersion: 1::INT, minWriterVersion: 2::INT} AS protocol,
      {id: 'x', format: {provider: 'parquet', options: MAP {}::MAP(VARCHAR, VARCHAR)}, schemaString: '{"type":"struct","fields":[]}',
        partitionColumns: []::VARCHAR[], configuration: MAP {}::MAP(VARCHAR, VARCHAR)} AS metaData`
    const sql = [`SELECT ${kinds}`, ...rows.map((row) => `SELECT ${row}`)].join(' UNION ALL BY NAME ')
    await files.write(`t/_delta_log/${checkpointFileName(4)}`, await parquetBytes(sql))
    return new LogReader(files, nodeCodec())
  }
  const file = `{path: 'a', partitionValues: MAP {}::MAP(VARCHAR, VARCHAR), size: 1::BIGINT, modificationTime: 1::BIGINT, dataChange: false} AS "add"`

  it('may be of the V2 form as long as it holds its files itself, with what describes it and its domains', async () => {
    const reader = await checkpoint(
      file,
      'MAP {}::MAP(VARCHAR, VARCHAR) AS unknown, {version: 4::BIGINT} AS checkpointMetadata',
      "{domain: 'd', configuration: '{}', removed: false} AS domainMetadata",
    )
    const found = await reader.snapshot('t')
    expect(found && [found.version, paths(found)]).toEqual([4, ['a']])
  })

  it('that keeps its files in sidecars is refused by that name: without them the table would seem empty', async () => {
    const reader = await checkpoint(
      '{version: 4::BIGINT} AS checkpointMetadata',
      "{path: 'x.parquet', sizeInBytes: 1::BIGINT, modificationTime: 1::BIGINT} AS sidecar",
    )
    expect(toErrorData(await reader.snapshot('t').catch((thrown: unknown) => thrown))).toMatchObject({
      code: 'delta.unsupported_feature',
      message: expect.stringContaining('v2Checkpoint'),
    })
  })
})
