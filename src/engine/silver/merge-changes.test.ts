import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lakehouse } from '@/engine/lakehouse'
import { type NodeDatabase, openNodeDatabase } from '@/testing/node-database'
import { mergeChanges } from './merge-changes'

/** Key, sequence, value. */
type Row = [number | null, number | null, string | null]
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.integer({ min: 1, max: 4 }), { nil: null, freq: 6 }),
  fc.option(fc.integer({ min: 1, max: 3 }), { nil: null, freq: 4 }),
  fc.option(fc.constantFrom('a', "b'"), { nil: null }),
)
const rows = fc.array(row, { maxLength: 10 })

let database: NodeDatabase
let lakehouse: Lakehouse
beforeAll(async () => {
  database = await openNodeDatabase()
  lakehouse = await Lakehouse.open(database, ['silver', 'engine'], [])
})
afterAll(() => database.close())

async function write(table: string, values: readonly Row[]): Promise<void> {
  const literal = (value: Row[number]) =>
    value === null ? 'NULL' : typeof value === 'number' ? value : `'${value.replace("'", "''")}'`
  await database.run(`CREATE OR REPLACE TABLE ${table} ("the ""key""" INTEGER, c1 INTEGER, old_row VARCHAR)`)
  const texts = values.map((value) => `(${value.map(literal).join(', ')})`)
  if (texts.length > 0) await database.run(`INSERT INTO ${table} VALUES ${texts.join(', ')}`)
}

async function merge(keepsHistory: boolean): Promise<{ images: unknown[][]; after: unknown[][] }> {
  const request = {
    ...{ table: 'silver.t', batch: 'silver.batch', columns: ['the "key"', 'c1', 'old_row'] },
    ...{ key: ['the "key"'], sequence: ['C1'], keepsHistory, changes: 'engine.changes' },
    signal: new AbortController().signal,
  }
  const images = await mergeChanges(lakehouse, request, async ({ changes, apply }) => {
    await lakehouse.transaction(apply)
    const found = await lakehouse.rows(`SELECT * FROM ${changes.table}`)
    expect(found).toHaveLength(changes.inserted + changes.deleted)
    return found
  })
  await lakehouse.drop('engine.changes')
  return { images, after: await lakehouse.rows('SELECT * FROM silver.t') }
}

const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort()

/** The rows of `those` without as many copies of each as `others` has. */
function without(those: readonly unknown[], others: readonly unknown[]): string[] {
  const left = sorted(those)
  for (const other of sorted(others)) {
    const at = left.indexOf(other)
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

/** What the table has to be, key by key. */
function expected(base: readonly Row[], batch: readonly Row[], keepsHistory: boolean): string[] {
  const keys = [...new Set([...base, ...batch].map(([key]) => key))]
  return keys
    .flatMap((key) => {
      const [old, arriving] = [base, batch].map((values) => values.filter(([candidate]) => candidate === key))
      if (old === undefined || arriving === undefined) return []
      if (keepsHistory || key === null || old.length > 1) return [...sorted(old), ...without(arriving, old)]
      const newest = Math.max(...[...old, ...arriving].map(([, sequence]) => sequence ?? 0))
      const winners = arriving.filter(([, sequence]) => (sequence ?? 0) === newest)
      return sorted(winners.length > 0 ? winners : old)
    })
    .sort()
}

describe('merging changes', () => {
  it.each([false, true])(
    'leaves of each key its newest row, or with history (%s) all of them, and says exactly what changed',
    async (keepsHistory) => {
      await fc.assert(
        fc.asyncProperty(rows, rows, async (base, batch) => {
          await write('silver.t', base)
          await write('silver.batch', batch)
          const { images, after } = await merge(keepsHistory)
          expect(sorted(after)).toEqual(expected(base, batch, keepsHistory))
          const side = (type: string) => images.filter((image) => image[3] === type).map((image) => image.slice(0, 3))
          const [inserted, deleted] = [side('insert'), side('delete')]
          expect(without([...base, ...inserted], deleted)).toEqual(sorted(after))
          expect(without(inserted, deleted)).toHaveLength(inserted.length)
        }),
        { numRuns: 40, endOnFailure: true },
      )
    },
  )

  it('a second time changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.boolean(), async (base, batch, keepsHistory) => {
        await write('silver.t', base)
        await write('silver.batch', batch)
        const { after } = await merge(keepsHistory)
        // Events among changes to a key that had one row make it one that keeps its history.
        fc.pre(keepsHistory || new Set(batch.map(([key]) => key)).size === batch.length)
        const again = await merge(keepsHistory)
        expect(again.images).toEqual([])
        expect(sorted(again.after)).toEqual(sorted(after))
      }),
      { numRuns: 30, endOnFailure: true },
    )
  })
})
