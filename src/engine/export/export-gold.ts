import { dataFilePath, tableFolder } from '@/domain/delta/paths'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { plainRows } from '@/engine/arrow/plain-values'
import { GoldStore, type GoldTable } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { ArchiveEntry, Archiver, FileStore, ParquetCodec } from '@/engine/ports'
import { storedType } from '@/engine/run/store-table'
import type { EngineEvent, ExportRequest } from '@/rpc/contract'
import { csvHeader, csvRows } from './csv'

const CSV_ROWS_A_READ = 20_000

export interface ExportContext {
  gold: GoldStore
  files: FileStore
  lakehouse: Lakehouse
  codec: ParquetCodec
  archiver: Archiver
  emit: (event: EngineEvent) => void
}

/** A file of the export: known by name and size before it is read. */
interface Item {
  name: string
  bytes: number
  modified: number
  open: () => Promise<Blob>
}

/**
 * Chosen Gold tables as one zip: `delta` has each table's folder with its whole history, byte for byte as it is stored;
 * `parquet` the files of the current version, Hive-style by partition; `csv` one file a table.
 * Throws `export.unknown_table`, `export.nothing`.
 */
export async function exportGold(
  context: ExportContext,
  request: ExportRequest,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const tables = chosen(context.gold, request.tables)
  const format = request.format ?? 'delta'
  const items: Item[] = []
  for (const table of tables) {
    if (format === 'delta') items.push(...(await deltaItems(context.files, table)))
    else if (format === 'parquet') items.push(...(await parquetItems(context, table)))
    else items.push(csvItem(context, table, signal))
  }
  return context.archiver.pack(entries(items, context.emit, signal))
}

async function* entries(
  items: readonly Item[],
  emit: ExportContext['emit'],
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry> {
  const totalBytes = items.reduce((sum, item) => sum + item.bytes, 0)
  let bytes = 0
  for (const [index, item] of items.entries()) {
    throwIfCanceled(signal)
    const content = await item.open()
    yield { name: item.name, content, modified: item.modified }
    bytes += item.bytes
    emit({ type: 'export.progress', files: index + 1, totalFiles: items.length, bytes, totalBytes })
  }
  throwIfCanceled(signal)
}

function chosen(gold: GoldStore, names: readonly string[] | undefined): GoldTable[] {
  const all = [...gold.tables.values()]
  const tables =
    names === undefined
      ? all.filter(({ name }) => !name.startsWith('pipeline.'))
      : names.map((name) => gold.tables.get(name.toLowerCase()) ?? unknownTable(name, all))
  if (tables.length > 0) return tables
  throw new GoldsmithError({
    code: 'export.nothing',
    message: 'There is no Gold table to export.',
    remedy: 'Run the pipeline first.',
  })
}

function unknownTable(name: string, all: readonly GoldTable[]): never {
  throw new GoldsmithError({
    code: 'export.unknown_table',
    message: `There is no Gold table ${name.slice(0, 120)}.`,
    remedy: `Choose among ${all.map((table) => table.name).join(', ') || 'none: run the pipeline first'}.`,
  })
}

/** Every file in the table’s folder. */
async function deltaItems(files: FileStore, table: GoldTable): Promise<Item[]> {
  const root = GoldStore.path(table.name)
  const names = await files.list(root)
  return Promise.all(
    names.map((name) => storedItem(files, `${root}/${name}`, `${tableFolder(table.name)}/${name}`, table)),
  )
}

async function parquetItems(context: ExportContext, table: GoldTable): Promise<Item[]> {
  const root = GoldStore.path(table.name)
  if (table.snapshot.files.length === 0) return [emptyItem(context, table)]
  return Promise.all(
    table.snapshot.files.map(({ path }) => {
      const name = dataFilePath(path)
      return storedItem(
        context.files,
        `${root}/${name}`,
        `${tableFolder(table.name)}/${name.replace('.zstd.parquet', '.parquet')}`,
        table,
      )
    }),
  )
}

/** A table without rows is stored without files; what is taken away still says which columns it has. */
function emptyItem({ lakehouse, codec }: ExportContext, table: GoldTable): Item {
  const columns = table.columns.map(({ name, type }) => `CAST(NULL AS ${storedType(type)}) AS ${quoteIdentifier(name)}`)
  return {
    name: `${tableFolder(table.name)}/part-00000.parquet`,
    bytes: 0,
    modified: table.snapshot.history.at(-1)?.timestamp ?? 0,
    open: async () => {
      const stream = await lakehouse.database.query(`SELECT ${columns.join(', ')} WHERE FALSE`)
      const options = { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: {} }
      return new Blob([new Uint8Array(await codec.encode(stream, options))])
    },
  }
}

async function storedItem(files: FileStore, path: string, name: string, table: GoldTable): Promise<Item> {
  const stored = await files.open(path)
  const modified = table.snapshot.history.at(-1)?.timestamp ?? 0
  return { name, bytes: stored.size, modified, open: () => files.open(path) }
}

function csvItem({ gold, lakehouse }: ExportContext, table: GoldTable, signal: AbortSignal | undefined): Item {
  return {
    name: `${tableFolder(table.name)}.csv`,
    bytes: table.bytes,
    modified: table.snapshot.history.at(-1)?.timestamp ?? 0,
    open: () => gold.using([table.name], () => csvFile(lakehouse, table, signal)),
  }
}

async function csvFile(lakehouse: Lakehouse, table: GoldTable, signal: AbortSignal | undefined): Promise<Blob> {
  const pieces: string[] = [csvHeader(table.columns.map(({ name }) => name))]
  const types = table.columns.map(({ type }) => type)
  const chunks: Blob[] = []
  const [last] = await lakehouse.row(`SELECT max(rowid) FROM ${quoteName(table.name)}`)
  for (let start = 0; start <= Number(last ?? -1); start += CSV_ROWS_A_READ) {
    throwIfCanceled(signal)
    const window = `rowid >= ${start} AND rowid < ${start + CSV_ROWS_A_READ}`
    const rows = plainRows(await lakehouse.database.query(`SELECT * FROM ${quoteName(table.name)} WHERE ${window}`))
    pieces.push(csvRows(rows, types))
    // A Blob may be kept on disk by the browser; text may not.
    chunks.push(new Blob(pieces.splice(0)))
  }
  return new Blob([...chunks, ...pieces], { type: 'text/csv' })
}
