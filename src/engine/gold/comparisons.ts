import type { Comparison } from '@/domain/delta/comparison'
import type { TableMoment } from '@/domain/delta/moment'
import type { DeltaColumn } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { changesSql, differenceSql, type Sides } from './comparison-sql'
import { goldPath } from './gold-path'
import type { GoldStoreOptions, GoldTable } from './gold-store'
import { goldTable, keyOf } from './gold-table'
import { snapshotAt } from './moments'
import { readRows } from './read-rows'
import { differingFiles } from './version-changes'

/** A stored table, and what its versions or another table are asked. */
export interface ComparisonOfTable {
  /** `schema.table` */
  name: string
  comparison: Comparison
}

export interface ComparisonContext extends Omit<GoldStoreOptions, 'files'> {
  /** The tables as they are now. */
  known: ReadonlyMap<string, GoldTable>
}

/**
 * Writes what a comparison finds into a DuckDB table. `changes`: the columns of the last version, `_change_type` (insert, delete,
 * update_preimage, update_postimage), `_commit_version` and `_commit_timestamp`, as Delta's change data feed has them. `difference`:
 * `_difference` (added, removed, changed), the key, `changed_columns`, and of each other column the old and the new value.
 * Throws `delta.unknown_version`, `delta.version_range`, and `delta.no_key` for a difference that no key can tell.
 */
export async function writeComparison(
  context: ComparisonContext,
  { name, comparison }: ComparisonOfTable,
  target: string,
): Promise<void> {
  if ('other' in comparison) return writeDifferenceOfTables(context, name, comparison.other, target)
  const { kind, from, to } = comparison
  const after = await versionOf(context, name, to)
  if (kind === 'changes') return writeChanges(context, after, await firstVersion(context, name, from), target)
  const before = await versionOf(context, name, from)
  const key = requireKey(after)
  await withSides(context, before, after, target, (sides) =>
    context.lakehouse.database.run(`CREATE TABLE ${quoteName(target)} AS ${differenceSql(sides, key)}`),
  )
}

async function writeChanges(context: ComparisonContext, last: GoldTable, first: number, target: string): Promise<void> {
  const { lakehouse, tables } = context
  const { name, snapshot } = last
  if (first > snapshot.version) {
    // Says which versions there are, when this is none of them.
    await versionOf(context, name, { version: first })
    throw new GoldsmithError({
      code: 'delta.version_range',
      message: `The changes of ${name} from version ${first} to ${snapshot.version} cannot be told: the first version is after the last.`,
      remedy: 'Give the earlier version first.',
    })
  }
  const history = await tables.history(goldPath(name))
  const times = new Map(history.map(({ version, timestamp }) => [version, timestamp]))
  let before = first === 0 ? null : await versionOf(context, name, { version: first - 1 })
  for (let version = first; version <= snapshot.version; version += 1) {
    const after = version === snapshot.version ? last : await versionOf(context, name, { version })
    const commit = `CAST(${version} AS BIGINT) AS _commit_version, ${timestampSql(times.get(version))} AS _commit_timestamp`
    await withSides(context, before, after, target, async (sides) => {
      const rows = `SELECT *, ${commit} FROM (${changesSql({ ...sides, columns: last.columns }, keyOf(after))})`
      const isFirst = version === first
      await lakehouse.database.run(
        isFirst ? `CREATE TABLE ${quoteName(target)} AS ${rows}` : `INSERT INTO ${quoteName(target)} ${rows}`,
      )
    })
    before = after
  }
}

async function writeDifferenceOfTables(
  { lakehouse, known }: ComparisonContext,
  name: string,
  other: string,
  target: string,
): Promise<void> {
  const [before, after] = [known.get(name), known.get(other)]
  if (before === undefined || after === undefined) throw noKey(before === undefined ? name : other)
  const key = requireKey(before)
  const otherKey = requireKey(after)
  if (key.length !== otherKey.length || key.some((column) => !otherKey.includes(column))) {
    throw new GoldsmithError({
      code: 'delta.no_key',
      message: `${name} and ${other} cannot be compared: the key of one is ${key.join(', ')}, that of the other ${otherKey.join(', ')}.`,
      remedy: 'Compare tables of the same key.',
    })
  }
  const names = new Set(after.columns.map((column) => column.name.toLowerCase()))
  const columns = before.columns.filter((column) => names.has(column.name.toLowerCase()))
  const sides: Sides = {
    columns,
    gone: { relation: quoteName(name), columns: before.columns },
    came: { relation: quoteName(other), columns: after.columns },
  }
  await lakehouse.database.run(`CREATE TABLE ${quoteName(target)} AS ${differenceSql(sides, key)}`)
}

/** Hands `work` the rows of the files that only one of two versions has; `before` null: there was no table. */
async function withSides(
  context: ComparisonContext,
  before: GoldTable | null,
  after: GoldTable,
  target: string,
  work: (sides: Sides) => Promise<void>,
): Promise<void> {
  const none: Snapshot = { ...after.snapshot, files: [] }
  const { gone, came } = differingFiles(before?.snapshot ?? none, after.snapshot)
  const side = (columns: readonly DeltaColumn[], copy: string) => ({ relation: quoteName(copy), columns })
  const copies = { gone: `${target}__gone`, came: `${target}__came` }
  try {
    await readRows(context, { ...(before ?? after), ...gone }, copies.gone)
    await readRows(context, { ...after, ...came }, copies.came)
    const columns = after.columns
    await work({ columns, gone: side((before ?? after).columns, copies.gone), came: side(columns, copies.came) })
  } finally {
    for (const copy of Object.values(copies)) await context.lakehouse.drop(copy)
  }
}

/** A table as it was; null: as it is. */
async function versionOf(
  { tables, known }: ComparisonContext,
  name: string,
  moment: TableMoment | null,
): Promise<GoldTable> {
  if (moment !== null) return goldTable(name, await snapshotAt(tables, goldPath(name), moment))
  const now = known.get(name)
  if (now !== undefined) return now
  throw new GoldsmithError({
    code: 'delta.unknown_version',
    message: `${name} has no version yet.`,
    remedy: 'Run the pipeline first.',
  })
}

/** The version that changes begin with: the first one that was not committed before a time. */
async function firstVersion({ tables }: ComparisonContext, name: string, from: TableMoment): Promise<number> {
  if ('version' in from) return from.version
  const history = await tables.history(goldPath(name))
  const found = history.findLast(({ timestamp }) => Date.parse(timestamp) >= from.timestampMs)
  if (found) return found.version
  throw new GoldsmithError({
    code: 'delta.unknown_version',
    message: `${name} has no version since ${new Date(from.timestampMs).toISOString()}.`,
    remedy: history[0]
      ? `Its last version ${history[0].version} is of ${history[0].timestamp}.`
      : 'Run the pipeline first.',
  })
}

function timestampSql(timestamp: string | undefined): string {
  if (timestamp === undefined) return 'CAST(NULL AS TIMESTAMP)'
  return `CAST(${quoteLiteral(timestamp.replace('T', ' ').replace('Z', ''))} AS TIMESTAMP)`
}

function requireKey(table: GoldTable): string[] {
  const key = keyOf(table)
  if (key.length === 0) throw noKey(table.name)
  return key
}

function noKey(table: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.no_key',
    message: `${table} has no key by which its rows could be told apart.`,
    remedy: `Declare a PRIMARY KEY, or the property pipeline.key, where ${quoteIdentifier(table)} is created; table_changes needs none.`,
  })
}
