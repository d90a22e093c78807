import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { Action, AddFile, Commit } from './actions'
import { checkReadable } from './features'
import { replay } from './snapshot'

const protocol: Action = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } }
const metaData: Action = {
  metaData: {
    id: 'a',
    format: { provider: 'parquet', options: {} },
    schemaString: '{"type":"struct","fields":[]}',
    partitionColumns: [],
    configuration: {},
  },
}

function file(path: string, size = 1): AddFile {
  return { path, partitionValues: {}, size, modificationTime: 5, dataChange: true }
}

function commits(...entries: Action[][]): Commit[] {
  return entries.map((actions, version) => ({ version, actions }))
}

describe('a replayed log', () => {
  it('holds what was added and not removed, sorted by path, with the last metadata, protocol and progress', () => {
    const renamed: Action = { metaData: { ...metaData.metaData, description: 'new' } }
    const raised: Action = { protocol: { minReaderVersion: 1, minWriterVersion: 4 } }
    const snapshot = replay(
      't',
      commits(
        [protocol, metaData, { add: file('b') }, { add: file('a') }, { txn: { appId: 'x', version: 7 } }],
        [raised, renamed, { remove: { path: 'b', dataChange: true } }, { add: file('c') }],
        [{ txn: { appId: 'x', version: 3 } }, { txn: { appId: 'y', version: 1 } }, { add: file('a', 9) }],
      ),
    )
    expect(snapshot.version).toBe(2)
    expect(snapshot.files).toEqual([file('a', 9), file('c')])
    expect(snapshot.metaData).toEqual(renamed.metaData)
    expect(snapshot.protocol).toEqual(raised.protocol)
    expect([...snapshot.transactions]).toEqual([
      ['x', 3],
      ['y', 1],
    ])
  })

  it('knows a file by its decoded path, since writers encode differently', () => {
    const entries = commits(
      [protocol, metaData, { add: file('c=a%20b/p') }],
      [{ remove: { path: 'c=a b/p', dataChange: true } }],
    )
    expect(replay('t', entries).files).toEqual([])
  })

  it('keeps a file that one commit both removes and adds, in either order', () => {
    const remove: Action = { remove: { path: 'a', dataChange: false } }
    const entries = [
      [remove, { add: file('a', 2) }],
      [{ add: file('a', 2) }, remove],
    ]
    for (const last of entries) {
      expect(replay('t', commits([protocol, metaData, { add: file('a') }], last)).files).toEqual([file('a', 2)])
    }
  })

  it('dates a commit without commitInfo by its newest file', () => {
    const info: Action = { commitInfo: { timestamp: 3, operation: 'X', operationParameters: {}, operationMetrics: {} } }
    const { history } = replay(
      't',
      commits([info, protocol, metaData], [{ add: file('a') }], [{ txn: { appId: 'x', version: 1 } }]),
    )
    expect(history.map(({ timestamp, operation }) => [timestamp, operation])).toEqual([
      [3, 'X'],
      [5, 'UNKNOWN'],
      [5, 'UNKNOWN'],
    ])
  })

  it.each([[[metaData]], [[protocol]]])('without protocol or metadata is refused', (actions) => {
    expect(() => replay('t', commits(actions))).toThrow(/has no (protocol|metaData)/)
  })

  it.each(['../other/p', 's3://bucket/p', '/p', 'file:/p', 'a//p', '%2e%2e/p', 'a/./p', '%zz'])(
    'refuses the path %s, which is not inside the table',
    (path) => {
      expect(() => replay('t', commits([protocol, metaData, { add: file(path) }]))).toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ code: 'delta.invalid_path' }) }),
      )
    },
  )

  it('has the same files as a set that follows the same random commits', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd', 'e%20f')
    const step = fc.record({ adds: fc.uniqueArray(path), removes: fc.uniqueArray(path) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const model = new Map<string, number>()
        const entries = steps.map(({ adds, removes }, version): Action[] => {
          for (const removed of removes) model.delete(removed)
          for (const added of adds) model.set(added, version)
          return [
            ...adds.map((added): Action => ({ add: file(added, version) })),
            ...removes.map((removed): Action => ({ remove: { path: removed, dataChange: true } })),
          ]
        })
        const snapshot = replay('t', commits([protocol, metaData], ...entries))
        const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
        expect(snapshot.files.map(({ path: name, size }) => [name, size])).toEqual(expected)
        expect(snapshot.history).toHaveLength(steps.length + 1)
      }),
    )
  })
})

describe('a table with a feature that changes what its rows are', () => {
  const base = metaData.metaData
  const deleted = { ...file('a'), deletionVector: { storageType: 'u' } }
  it.each([
    [
      'deletionVectors',
      { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['deletionVectors'] },
      base,
      [file('b'), deleted],
    ],
    [
      'typeWidening',
      { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['timestampNtz', 'typeWidening'] },
      base,
      [],
    ],
    [
      'columnMapping',
      { minReaderVersion: 2, minWriterVersion: 5 },
      { ...base, configuration: { 'delta.columnMapping.mode': 'name' } },
      [],
    ],
    ['tomorrow', { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['tomorrow'] }, base, []],
    ['readerVersion 4', { minReaderVersion: 4, minWriterVersion: 7 }, base, []],
    ['deletionVectors', { minReaderVersion: 1, minWriterVersion: 2 }, base, [deleted]],
    [
      'format orc',
      { minReaderVersion: 1, minWriterVersion: 2 },
      { ...base, format: { provider: 'orc', options: {} } },
      [],
    ],
  ])('is refused, naming %s', (feature, itsProtocol, itsMetaData, files) => {
    try {
      checkReadable('gold/t', itsProtocol, itsMetaData, files)
    } catch (error) {
      expect(toErrorData(error)).toMatchObject({ code: 'delta.unsupported_feature', file: 'gold/t' })
      expect(toErrorData(error).message).toContain(feature)
      return
    }
    expect.fail('it was read')
  })

  it('is read when the feature is not in use or asks nothing of readers', () => {
    checkReadable('t', { minReaderVersion: 2, minWriterVersion: 5 }, base, [file('a')])
    for (const feature of ['timestampNtz', 'deletionVectors', 'columnMapping', 'v2Checkpoint']) {
      checkReadable('t', { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [feature] }, base, [file('a')])
    }
    checkReadable('t', { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['tomorrow'] }, base, [file('a')])
  })
})
