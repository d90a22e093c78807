import type { Snapshot } from '@/domain/delta/snapshot'
import { recordCount } from '@/domain/delta/statistics'
import { toErrorData } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import { goldPath } from './gold-path'
import type { GoldStoreOptions, GoldTable } from './gold-store'
import { readRows } from './read-rows'

/** Above this share of the table's rows, a rebuild of what reads it costs less. */
const MOST_ROWS = 0.5

/**
 * How a table's rows changed since a version: the rows of files that are not in it any more, and of those that are new, less those
 * that are in both. Null when that version is not readable, is that of another table, or differs in most rows.
 */
export async function changesBetween(
  options: Omit<GoldStoreOptions, 'files'>,
  table: GoldTable,
  version: number,
  target: string,
): Promise<ChangeSet | null> {
  const { lakehouse, tables } = options
  const { snapshot } = table
  if (version > snapshot.version) return null
  const before = await ifThere(tables.readSnapshot(goldPath(table.name), version))
  if (before === null || before.metaData.id !== snapshot.metaData.id) return null
  if (before.metaData.schemaString !== snapshot.metaData.schemaString) return null
  const { gone, came } = differingFiles(before, snapshot)
  const sides = [
    { type: 'delete', ...gone },
    { type: 'insert', ...came },
  ]
  if (sides.some(({ rows }) => rows > table.rows * MOST_ROWS && rows > 10_000)) return null
  const names = table.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const copies = sides.map(({ type }) => `${target}__${type}`)
  try {
    for (const [index, { snapshot: of, rows }] of sides.entries()) {
      const side = { ...table, rows, snapshot: of }
      const isRead = await ifThere(readRows(options, side, copies[index] ?? '').then(() => true))
      if (isRead === null) return null
    }
    const numbered = (copy: string) =>
      `SELECT *, row_number() OVER (PARTITION BY hash_of_row) AS place FROM (SELECT *, hash(${names}) AS hash_of_row FROM ${quoteName(copy)})`
    const [removed = '', added = ''] = copies
    const without = (one: string, other: string, type: string) =>
      `SELECT ${names}, '${type}' AS ${CHANGE_TYPE} FROM (${numbered(one)}) ANTI JOIN (${numbered(other)}) USING (hash_of_row, place)`
    await lakehouse.database.run(
      `CREATE TABLE ${quoteName(target)} AS ${without(removed, added, 'delete')} UNION ALL ${without(added, removed, 'insert')}`,
    )
  } finally {
    for (const copy of copies) await lakehouse.drop(copy)
  }
  const inserted = await lakehouse.count(target, `${CHANGE_TYPE} = 'insert'`)
  return { table: target, inserted, deleted: (await lakehouse.count(target)) - inserted }
}

/** What to read of each of two versions of a table to see how they differ: files that both have need no look. */
export function differingFiles(before: Snapshot, after: Snapshot): Record<'gone' | 'came', FilesOfVersion> {
  const [old, now] = [before, after].map(({ files }) => new Set(files.map(({ path }) => path)))
  return { gone: filesWithout(before, now), came: filesWithout(after, old) }
}

interface FilesOfVersion {
  snapshot: Snapshot
  rows: number
}

function filesWithout(snapshot: Snapshot, others: ReadonlySet<string> = new Set()): FilesOfVersion {
  const files = snapshot.files.filter(({ path }) => !others.has(path))
  return {
    snapshot: { ...snapshot, files },
    rows: files.reduce((sum, { stats }) => sum + (recordCount(stats) ?? 0), 0),
  }
}

/** What the promise gives, or null when the log or a file of an old version has been cleaned away. */
async function ifThere<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (GONE.has(toErrorData(error).code)) return null
    throw error
  }
}

const GONE = new Set(['storage.missing', 'delta.unknown_version', 'delta.missing_commit'])
