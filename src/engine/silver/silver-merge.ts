import { GoldsmithError } from '@/domain/errors'
import { type LoadMode, modeByContent } from '@/domain/silver/load-mode'
import type { ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'
import { batchEvidence } from './batch-evidence'
import { duplicateOf } from './duplicate-files'
import type { SilverContract, TableFiles } from './group-files'
import { mergeChanges } from './merge-changes'
import { profileSilver } from './profile'
import type { SilverTable } from './silver-table'

/** Rows that were loaded for a table, checked, before it is known what becomes of those that it has. */
export interface Batch {
  contract: SilverContract
  before: SilverTable
  loaded: SilverTable
  /** The DuckDB table that they are in. */
  rows: string
  dropped: TableFiles
}

/** Whether a batch is a whole table or changes to the one that is there, and why, as a sentence. */
export async function decideMode(
  lakehouse: Lakehouse,
  { contract, before, loaded, rows, dropped }: Batch,
  /** What was merged into the table before. */
  merged: readonly (TableFiles | null)[],
): Promise<{ mode: LoadMode; reason: string }> {
  const { name, key, sequence } = contract
  const [newest] = sequence
  if (loaded.delta !== null) return { mode: 'replace', reason: 'A Delta table is whole by itself.' }
  if (key.length === 0) return { mode: 'replace', reason: `${name} has no key by which changes could be merged.` }
  if (newest === undefined) {
    return { mode: 'replace', reason: `${name} has no column that would tell changed rows from others.` }
  }
  const earlier = merged.flatMap((files) => files?.parts ?? [])
  const again = await Promise.all(dropped.parts.map((part) => duplicateOf(part, earlier)))
  if (again.length > 0 && !again.includes(null)) {
    return { mode: 'merge', reason: 'The same changes were merged before.' }
  }
  return modeByContent(await batchEvidence(lakehouse, before.name, rows, key, newest))
}

/**
 * Merges a batch into the table `target`, which has the rows that `before` describes, in one step inside `exclusively`. Gives the
 * table as it is then, and what changed; that set is the caller's to drop. Throws `source.no_key` and `source.missing_column` when
 * merging would lose something; then, and on any failure, the table stays as it was.
 */
export async function mergeBatch(
  lakehouse: Lakehouse,
  { contract, before, loaded, rows }: Omit<Batch, 'dropped'>,
  { target, changes, reason, signal }: { target: string; changes: string; reason: string; signal: AbortSignal },
  exclusively: (work: () => Promise<SilverTable>) => Promise<SilverTable>,
): Promise<{ after: SilverTable; changes: ChangeSet }> {
  checkMergeable(contract, before, loaded)
  const { key, sequence, keepsHistory } = contract
  const columns = before.columns.map(({ name }) => name)
  const request = { table: target, batch: rows, columns, key, sequence, keepsHistory, changes, signal }
  try {
    return await mergeChanges(lakehouse, request, async (merge) => {
      const { inserted, deleted } = merge.changes
      const files = loaded.files.map(({ path }) => path)
      const counts = { rows: loaded.rows, inserted, superseded: deleted }
      const after = await exclusively(async () => ({
        ...before,
        files: [...before.files, ...loaded.files],
        bytes: before.bytes + loaded.bytes,
        available: [...new Set([...before.available, ...loaded.available])],
        lastLoad: { mode: 'merge', files, ...counts, reason, canSwitch: true },
        ...(await lakehouse.transaction(async () => {
          await merge.apply()
          return profileSilver(lakehouse, target, before.columns)
        })),
      }))
      return { after, changes: merge.changes }
    })
  } catch (error) {
    await lakehouse.drop(changes)
    throw error
  }
}

function checkMergeable({ name, key }: SilverContract, before: SilverTable, loaded: SilverTable): void {
  const [file] = loaded.files
  const place = file === undefined ? {} : { file: file.path }
  if (key.length === 0) {
    throw new GoldsmithError({
      code: 'source.no_key',
      message: `${file?.path ?? name}: changes cannot be merged into ${name}, which has no key.`,
      remedy: `Declare a PRIMARY KEY in the statement that creates ${name}, or replace the table.`,
      ...place,
    })
  }
  const given = new Set(loaded.available)
  const had = new Set(before.available)
  const lost = before.columns.find(
    (column) => had.has(column.name.toLowerCase()) && !given.has(column.name.toLowerCase()),
  )
  if (lost === undefined) return
  throw new GoldsmithError({
    code: 'source.missing_column',
    message: `${file?.path ?? name}: column ${lost.name}, which the rows of ${name} have, is missing: merging the file would lose its values.`,
    remedy: `Write the file with a column named ${lost.name}, or replace the table.`,
    ...place,
  })
}
