import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listLog, missingCommit, waysToRead } from './log-listing'
import { checkpointFileName, commitFileName, parseCheckpointName } from './log-names'

const commits = (...versions: number[]) => versions.map(commitFileName)
const checkpoints = (...versions: number[]) => versions.map(checkpointFileName)
const digits = (value: number, length: number) => String(value).padStart(length, '0')
const part = (version: number, index: number, parts: number) =>
  `${digits(version, 20)}.checkpoint.${digits(index, 10)}.${digits(parts, 10)}.parquet`
const v2 = (version: number, extension: string) =>
  `${digits(version, 20)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.${extension}`

/** Each way as text: the checkpoint's version, then those of the commits. */
function ways(names: string[], version: number): string[] {
  return waysToRead(listLog(names), version).map(
    ({ checkpoint, commits: entries }) => `${checkpoint?.version ?? 'start'}: ${entries.join(' ')}`,
  )
}

describe('the name of a checkpoint', () => {
  it('says its version and kind', () => {
    expect(parseCheckpointName(checkpointFileName(10))).toEqual({ kind: 'classic', version: 10 })
    expect(parseCheckpointName(part(10, 2, 3))).toEqual({ kind: 'part', version: 10, part: 2, parts: 3 })
    expect(parseCheckpointName(v2(10, 'json'))).toEqual({ kind: 'v2', version: 10 })
    expect(parseCheckpointName(v2(10, 'parquet'))).toEqual({ kind: 'v2', version: 10 })
  })

  it.each([
    commitFileName(10),
    '_last_checkpoint',
    '10.checkpoint.parquet',
    `${checkpointFileName(10)}.crc`,
    `.${checkpointFileName(10)}.crc`,
    '00000000000000000010.checkpoint',
    '_sidecars/016ae953-37a9-438e-8683-9a9a4a79a395.parquet',
  ])('is not %s', (name) => {
    expect(parseCheckpointName(name)).toBeNull()
  })
})

describe('a version', () => {
  it('is read from the newest checkpoint that is not newer, then from older ones, then from the first entry', () => {
    const names = [...commits(0, 1, 2, 3, 4, 5, 6, 7), ...checkpoints(2, 4, 6)]
    expect(ways(names, 7)).toEqual(['6: 7', '4: 5 6 7', '2: 3 4 5 6 7', 'start: 0 1 2 3 4 5 6 7'])
    expect(ways(names, 5)).toEqual(['4: 5', '2: 3 4 5', 'start: 0 1 2 3 4 5'])
    expect(ways(names, 1)).toEqual(['start: 0 1'])
  })

  it('that has a checkpoint of its own is read with its entry, which alone says who committed it', () => {
    expect(ways([...commits(3, 4), ...checkpoints(4)], 4)).toEqual(['4: 4'])
    expect(ways(checkpoints(4), 4)).toEqual(['4: '])
  })

  it('is not read across a gap', () => {
    const names = [...commits(0, 1, 5, 6, 7), ...checkpoints(1, 4)]
    expect(ways(names, 7)).toEqual(['4: 5 6 7'])
    expect(ways(names, 4)).toEqual(['4: '])
    expect(ways(names, 3)).toEqual([])
    expect(ways(names, 1)).toEqual(['1: 1', 'start: 0 1'])
    expect(ways(names, -1)).toEqual([])
    expect(ways(names, 8)).toEqual([])
  })

  it('is read from a checkpoint in parts only when all of them are there', () => {
    const whole = [part(4, 2, 2), part(4, 1, 2)]
    expect(waysToRead(listLog(whole), 4)[0]?.checkpoint?.files).toEqual([part(4, 1, 2), part(4, 2, 2)])
    expect(ways([part(4, 1, 3), part(4, 2, 2), part(4, 3, 3), ...commits(5)], 5)).toEqual([])
    expect(waysToRead(listLog([...whole, ...checkpoints(4)]), 4)[0]?.checkpoint?.files).toEqual(checkpoints(4))
  })

  it('is not read from a V2 checkpoint, but exists by it', () => {
    const listing = listLog([v2(4, 'json'), ...commits(5)])
    expect(listing).toMatchObject({ latest: 5, v2: [4], checkpoints: [] })
    expect(waysToRead(listing, 5)).toEqual([])
    expect(missingCommit(listing)).toBeNull()
  })

  it('is found in whatever a cleanup leaves: everything from some checkpoint on', () => {
    const arbitrary = fc.record({ latest: fc.nat(40), interval: fc.integer({ min: 1, max: 12 }), cut: fc.nat(40) })
    fc.assert(
      fc.property(arbitrary, ({ latest, interval, cut }) => {
        const all = Array.from({ length: latest + 1 }, (_, version) => version)
        const due = all.filter((version) => version > 0 && version % interval === 0)
        const kept = Math.max(0, ...due.filter((version) => version <= cut))
        const listing = listLog([
          ...commits(...all.filter((version) => version >= kept)),
          ...checkpoints(...due.filter((version) => version >= kept)),
        ])
        expect(listing.latest).toBe(latest)
        expect(missingCommit(listing)).toBeNull()
        for (const version of all) {
          const [first] = waysToRead(listing, version)
          expect(first === undefined).toBe(version < kept)
          // Never more entries than lie between two checkpoints, however long the log is.
          if (first !== undefined) expect(first.commits.length).toBeLessThanOrEqual(interval)
        }
      }),
    )
  })
})

describe('an entry', () => {
  it('is missing when there are later ones and no checkpoint stands for it', () => {
    expect(missingCommit(listLog([]))).toBeNull()
    expect(missingCommit(listLog(commits(0, 1, 2)))).toBeNull()
    expect(missingCommit(listLog(commits(0, 2)))).toBe(1)
    expect(missingCommit(listLog(commits(1, 2)))).toBe(0)
    expect(missingCommit(listLog([...commits(2, 4), ...checkpoints(2)]))).toBe(3)
    expect(missingCommit(listLog([...commits(4), ...checkpoints(2)]))).toBe(3)
    expect(missingCommit(listLog([...commits(0, 2), ...checkpoints(2)]))).toBeNull()
  })
})
