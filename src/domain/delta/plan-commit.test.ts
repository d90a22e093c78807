import { describe, expect, it } from 'vitest'
import type { Action, AddFile } from './actions'
import { type CommitContext, type CommitPlan, planCommit, type TableDefinition } from './plan-commit'
import { replay, type Snapshot } from './snapshot'

const definition: TableDefinition = {
  name: 'gold.t',
  description: 'A table',
  columns: [
    { name: 'id', type: 'BIGINT', nullable: false, comment: null, generationExpression: null },
    { name: 'year', type: 'INTEGER', nullable: true, comment: null, generationExpression: null },
  ],
  partitionColumns: ['year'],
  properties: { team: 'x' },
}

function context(now: number): CommitContext {
  let ids = 0
  return { now, engineVersion: '1.2.3', newId: () => `${now}-${++ids}` }
}

function file(path: string, rows: number): AddFile {
  const stats = `{"numRecords":${rows}}`
  return { path, partitionValues: { year: '2011' }, size: 10, modificationTime: 1, dataChange: true, stats }
}

function apply(plans: CommitPlan[]): Snapshot {
  return replay(
    't',
    plans.map(({ actions }, version) => ({ version, actions })),
  )
}

const kinds = (actions: Action[]) => actions.map((action) => Object.keys(action)[0])

describe('the plan of a first commit', () => {
  const plan = planCommit(null, definition, [file('a', 3), file('b', 4)], [{ appId: 'run', version: 9 }], context(1000))

  it('has commitInfo, protocol, metaData, progress, then files', () => {
    expect(plan.readVersion).toBeNull()
    expect(kinds(plan.actions)).toEqual(['commitInfo', 'protocol', 'metaData', 'txn', 'add', 'add'])
    expect(plan.actions[0]).toEqual({
      commitInfo: {
        timestamp: 1000,
        operation: 'CREATE TABLE AS SELECT',
        operationParameters: {
          isManaged: 'true',
          description: 'A table',
          partitionBy: '["year"]',
          properties: '{"team":"x"}',
        },
        operationMetrics: { numFiles: '2', numOutputRows: '7', numOutputBytes: '20' },
        isBlindAppend: true,
        engineInfo: 'Goldsmith/1.2.3',
        txnId: expect.any(String),
      },
    })
    expect(plan.actions[1]).toEqual({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } })
    expect(plan.actions[2]).toMatchObject({
      metaData: { name: 'gold.t', description: 'A table', partitionColumns: ['year'], createdTime: 1000 },
    })
    expect(plan.actions[3]).toEqual({ txn: { appId: 'run', version: 9, lastUpdated: 1000 } })
  })

  it('is refused for a partition column that the table does not have', () => {
    const wrong = { ...definition, partitionColumns: ['Year'] }
    expect(() => planCommit(null, wrong, [], [], context(1))).toThrow(/partitioned by “Year”/)
  })
})

describe('the plan of an overwrite', () => {
  const first = planCommit(null, definition, [file('a', 3), file('b', 4)], [], context(1000))

  it('removes every file and adds the new ones, and leaves an unchanged definition alone', () => {
    const second = planCommit(apply([first]), definition, [file('c', 5)], [], context(2000))
    expect(second.readVersion).toBe(0)
    expect(kinds(second.actions)).toEqual(['commitInfo', 'remove', 'remove', 'add'])
    expect(second.actions[0]).toMatchObject({
      commitInfo: {
        operation: 'WRITE',
        operationParameters: { mode: 'Overwrite', partitionBy: '["year"]' },
        operationMetrics: { numFiles: '1', numOutputRows: '5', numRemovedFiles: '2', numRemovedBytes: '20' },
        isBlindAppend: false,
      },
    })
    expect(second.actions[1]).toEqual({
      remove: {
        path: 'a',
        deletionTimestamp: 2000,
        dataChange: true,
        extendedFileMetadata: true,
        partitionValues: { year: '2011' },
        size: 10,
      },
    })
    expect(apply([first, second]).files).toEqual([file('c', 5)])
  })

  it('writes a changed definition under the same table id', () => {
    const changed = { ...definition, description: 'Another' }
    const second = planCommit(apply([first]), changed, [], [], context(2000))
    const [before, after] = [apply([first]), apply([first, second])]
    expect(after.metaData).toEqual({ ...before.metaData, description: 'Another' })
  })

  it('does not take a reordered property list for a change', () => {
    const two = { ...definition, properties: { a: '1', b: '2' } }
    const created = planCommit(null, two, [], [], context(1))
    const again = planCommit(apply([created]), { ...two, properties: { b: '2', a: '1' } }, [], [], context(2))
    expect(kinds(again.actions)).toEqual(['commitInfo'])
  })

  it('is refused when the table is append-only or needs a newer writer', () => {
    const snapshot = apply([first])
    const appendOnly = { ...definition, properties: { 'delta.appendOnly': 'true' } }
    expect(() => planCommit(snapshot, appendOnly, [], [], context(2))).toThrow(/delta\.appendOnly/)
    const newer = {
      ...snapshot,
      protocol: { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['rowTracking'] },
    }
    expect(() => planCommit(newer, definition, [], [], context(2))).toThrow(/rowTracking/)
  })
})

describe('the protocol of a table', () => {
  const generated = definition.columns.map((column) => ({ ...column, generationExpression: 'id + 1' }))
  it.each([
    [2, {}],
    [3, { properties: { 'delta.constraints.positive': 'id > 0' } }],
    [4, { columns: generated }],
    [4, { columns: generated, properties: { 'delta.constraints.positive': 'id > 0' } }],
    [4, { properties: { 'delta.enableChangeDataFeed': 'true' } }],
    [2, { properties: { 'delta.enableDeletionVectors': 'false', 'delta.columnMapping.mode': 'none' } }],
  ])('is reader 1 and writer %i where that is enough', (minWriterVersion, change) => {
    const { actions } = planCommit(null, { ...definition, ...change }, [], [], context(1))
    expect(actions[1]).toEqual({ protocol: { minReaderVersion: 1, minWriterVersion } })
  })

  it('rises with an overwrite, and never falls', () => {
    const first = planCommit(null, definition, [], [], context(1))
    const second = planCommit(apply([first]), { ...definition, columns: generated }, [], [], context(2))
    const third = planCommit(apply([first, second]), definition, [], [], context(3))
    expect(apply([first, second]).protocol.minWriterVersion).toBe(4)
    expect(apply([first, second, third]).protocol.minWriterVersion).toBe(4)
  })

  it.each([
    'delta.enableDeletionVectors',
    'delta.feature.rowTracking',
    'delta.minReaderVersion',
    'delta.columnMapping.mode',
  ])('cannot have the property %s', (property) => {
    const change = { ...definition, properties: { [property]: 'true' } }
    expect(() => planCommit(null, change, [], [], context(1))).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'delta.unsupported_feature' }) }),
    )
  })
})

describe('the plan of a merge', () => {
  const first = planCommit(null, definition, [file('a', 3), file('b', 4)], [], context(1000))
  const merge = {
    replaces: ({ path }: AddFile) => path === 'a',
    inserted: 1,
    updated: 2,
    deleted: 1,
    matchedBy: ['id'],
  }
  const plan = planCommit(apply([first]), definition, [file('c', 4)], [], context(2000), merge)

  it('replaces only the files that hold changed rows', () => {
    expect(kinds(plan.actions)).toEqual(['commitInfo', 'remove', 'add'])
    expect(apply([first, plan]).files.map(({ path }) => path)).toEqual(['b', 'c'])
  })

  it('says what became of the rows, as MERGE does', () => {
    expect(plan.actions[0]).toMatchObject({
      commitInfo: {
        operation: 'MERGE',
        operationParameters: { predicate: '["target.id <=> source.id"]' },
        operationMetrics: {
          numTargetRowsInserted: '1',
          numTargetRowsUpdated: '2',
          numTargetRowsDeleted: '1',
          numTargetRowsCopied: '1',
          numOutputRows: '4',
          numTargetFilesAdded: '1',
          numTargetFilesRemoved: '1',
        },
        isBlindAppend: false,
      },
    })
  })
})
