import { describe, expect, it } from 'vitest'
import type { Action, MetaData } from './actions'
import { checkpointActions, formatLastCheckpoint, isCheckpointDue, parseLastCheckpoint } from './checkpoint'
import { checkpointInterval, tombstoneRetention } from './checkpoint-properties'
import { listLog } from './log-listing'
import { checkpointFileName } from './log-names'
import { reconcile } from './log-state'

const day = 86_400_000
const protocol = { minReaderVersion: 1, minWriterVersion: 2 }
const add = (path: string) => ({ path, partitionValues: {}, size: 1, modificationTime: 5, dataChange: true })
const remove = (path: string, deletionTimestamp: number) => ({ path, deletionTimestamp, dataChange: true })

function metaData(configuration: Record<string, string> = {}): MetaData {
  const format = { provider: 'parquet', options: {} }
  return { id: 'a', format, schemaString: '{"type":"struct","fields":[]}', partitionColumns: [], configuration }
}

describe('a checkpoint', () => {
  it('holds what the log comes to, and of removed files those that were not removed too long ago', () => {
    const steps: Action[][] = [
      [{ protocol: { ...protocol, minWriterVersion: 4 } }, { metaData: metaData({ old: '1' }) }],
      [{ protocol }, { metaData: metaData() }, { add: add('a') }, { add: add('b') }, { add: add('c') }],
      [{ txn: { appId: 'x', version: 1 } }, { txn: { appId: 'y', version: 1 } }],
      [
        { txn: { appId: 'x', version: 2, lastUpdated: 9 } },
        { remove: remove('a', day) },
        { remove: remove('b', day + 1) },
      ],
      [{ remove: remove('c', 8 * day) }, { add: add('c') }, { remove: { path: 'd', dataChange: false } }],
    ]
    expect(checkpointActions(reconcile('t', steps), 8 * day)).toEqual([
      { protocol },
      { metaData: metaData() },
      { txn: { appId: 'x', version: 2, lastUpdated: 9 } },
      { txn: { appId: 'y', version: 1 } },
      { remove: remove('b', day + 1) },
      { add: add('c') },
    ])
  })

  it('keeps removed files as long as the table’s property says', () => {
    const configuration = { 'delta.deletedFileRetentionDuration': 'interval 2 days' }
    const steps: Action[][] = [
      [
        { protocol },
        { metaData: metaData(configuration) },
        { remove: remove('a', day) },
        { remove: remove('b', 2 * day) },
      ],
    ]
    expect(checkpointActions(reconcile('t', steps), 3 * day).slice(2)).toEqual([{ remove: remove('b', 2 * day) }])
  })

  it('is due at each multiple of the interval, and afterwards when it is not there', () => {
    const due = (version: number, interval: number | null, written?: number) =>
      isCheckpointDue(
        listLog(written === undefined ? [] : [checkpointFileName(written)]),
        written ?? null,
        version,
        interval,
      )
    expect([0, 1, 9].map((version) => due(version, 10))).toEqual([false, false, false])
    expect([10, 11, 19, 20].map((version) => due(version, 10))).toEqual([true, true, true, true])
    expect([11, 19, 20, 21].map((version) => due(version, 10, 10))).toEqual([false, false, true, true])
    expect([12, 19, 20].map((version) => due(version, 10, 11))).toEqual([false, false, true])
    expect([0, 1, 2].map((version) => due(version, 1))).toEqual([false, true, true])
    expect(due(10, null)).toBe(false)
  })

  it('is due when the last one is not pointed to, or what is pointed to is not there', () => {
    const listing = listLog([checkpointFileName(10)])
    expect(isCheckpointDue(listing, null, 11, 10)).toBe(true)
    expect(isCheckpointDue(listing, 11, 12, 10)).toBe(true)
    expect(isCheckpointDue(listing, 10, 11, 10)).toBe(false)
    expect(isCheckpointDue(listLog([checkpointFileName(40)]), 40, 11, 10)).toBe(true)
  })

  it('is pointed to with its version and size', () => {
    const actions: Action[] = [{ protocol }, { metaData: metaData() }, { add: add('a') }]
    const text = formatLastCheckpoint(10, actions, 99)
    expect(JSON.parse(text)).toEqual({ version: 10, size: 3, sizeInBytes: 99, numOfAddFiles: 1 })
    expect(parseLastCheckpoint(text)).toBe(10)
    expect(['', '{"version":', '[10]', '{"version":"10"}', 'null'].map(parseLastCheckpoint)).toEqual(
      Array(5).fill(null),
    )
  })
})

describe('the interval between checkpoints', () => {
  it.each([
    [undefined, 10],
    ['3', 3],
    ['0', 10],
    ['-1', 10],
    ['2.5', 10],
    ['often', 10],
    ['', 10],
  ])('of delta.checkpointInterval %s is %s', (value, interval) => {
    expect(checkpointInterval(value === undefined ? {} : { 'delta.checkpointInterval': value })).toBe(interval)
  })

  it('is none for a table that asks for statistics in another form', () => {
    expect(checkpointInterval({ 'delta.checkpoint.writeStatsAsStruct': 'true' })).toBeNull()
    expect(checkpointInterval({ 'delta.checkpoint.writeStatsAsJson': 'false' })).toBeNull()
    expect(checkpointInterval({ 'delta.checkpoint.writeStatsAsJson': 'true' })).toBe(10)
  })
})

describe('the retention of removed files', () => {
  it.each([
    [undefined, 7 * day],
    ['interval 30 days', 30 * day],
    ['INTERVAL 1 WEEK', 7 * day],
    ['36 hours', 1.5 * day],
    ['interval 1 day 12 hours', 1.5 * day],
    ['interval 0 seconds', 0],
    ['interval 1 month', 7 * day],
    ['30', 7 * day],
    ['interval 1 constructor', 7 * day],
  ])('of %s is %d milliseconds', (value, expected) => {
    const configuration = value === undefined ? {} : { 'delta.deletedFileRetentionDuration': value }
    expect(tombstoneRetention(configuration)).toBe(expected)
  })
})
