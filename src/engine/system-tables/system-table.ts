import type { AddFile } from '@/domain/delta/actions'
import { planCommit, type TableDefinition, type WriteMode } from '@/domain/delta/plan-commit'
import { quoteName } from '@/domain/sql/quote'
import type { DeltaTables } from '@/engine/delta/delta-table'
import { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Mutex } from '@/engine/mutex'
import type { Clock, FileStore, ParquetCodec } from '@/engine/ports'
import { storedType } from '@/engine/run/store-table'

/** Every append is a file; reading many small ones takes long, so from this many on they become one. */
const MOST_FILES = 40

export interface SystemTableContext {
  lakehouse: Lakehouse
  codec: ParquetCodec
  files: Pick<FileStore, 'withLock'>
  deltaTables: DeltaTables
  gold: GoldStore
  /** Held while a table is swapped, so that no query sees it missing. */
  swap: Mutex
  clock: Clock
  engineVersion: string
}

/**
 * Appends the rows of a DuckDB query to a table of the schema `pipeline`: Delta tables that the engine itself keeps, readable
 * like any other. Rejects with the store's errors, having changed nothing.
 */
export async function appendRows(
  context: SystemTableContext,
  definition: TableDefinition & { name: string },
  rowsSql: string,
): Promise<void> {
  const { deltaTables, files, gold, swap } = context
  const path = GoldStore.path(definition.name)
  await files.withLock(`commit ${definition.name}`, async () => {
    const snapshot = await deltaTables.readSnapshot(path)
    const isCrowded = (snapshot?.files.length ?? 0) >= MOST_FILES
    const part = isCrowded
      ? await gold.using([definition.name], () => store(context, definition, withAllRows(definition, rowsSql)))
      : await store(context, definition, rowsSql)
    const mode: WriteMode = isCrowded ? 'Overwrite' : 'Append'
    const { clock, engineVersion } = context
    const commit = { now: clock.now(), engineVersion, newId: () => crypto.randomUUID() }
    await deltaTables.commit(path, planCommit(snapshot, definition, [part], [], commit, mode))
  })
  await swap.run(() => gold.reread(definition.name))
}

function withAllRows({ name, columns }: TableDefinition & { name: string }, rowsSql: string): string {
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  return `SELECT ${names} FROM ${quoteName(name)} UNION ALL ${rowsSql}`
}

async function store(
  { lakehouse, codec, deltaTables }: SystemTableContext,
  { name, columns }: TableDefinition & { name: string },
  rowsSql: string,
): Promise<AddFile> {
  const select = columns.map(
    (column) => `CAST(${quoteName(column.name)} AS ${storedType(column.type)}) AS ${quoteName(column.name)}`,
  )
  return lakehouse.stagedQuery(rowsSql, new AbortController().signal, async (staged) => {
    const [expectedRows] = await lakehouse.row(`SELECT count(*) FROM ${staged}`)
    const stream = await lakehouse.database.query(`SELECT ${select.join(', ')} FROM ${staged}`)
    const options = { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: { 'goldsmith.table': name } }
    const part = { columns, partitionValues: [], index: 0, expectedRows: Number(expectedRows) }
    return deltaTables.writePart(GoldStore.path(name), part, await codec.encode(stream, options))
  })
}
