import { dataFilePath, tableFolder } from '@/domain/delta/paths'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { csvHeader, csvRows } from '@/domain/format/csv'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { plainRows } from '@/engine/arrow/plain-values'
import { GoldStore, type GoldTable } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { ArchiveEntry, Archiver, FileStore, ParquetCodec } from '@/engine/ports'
import { storedType } from '@/engine/run/store-table'
import { isState } from '@/engine/run/streaming/stream-state'
import type { EngineEvent, ExportRequest } from '@/rpc/contract'
import { csvParts, joinedText } from './csv-in-sql'

const CSV_ROWS_A_READ = 20_000

type Unit = Extract<EngineEvent, { type: 'export.progress' }>['unit']

export interface ExportContext {
  gold: GoldStore
  /** Whether a table is the pipeline's own business. */
  isPrivate(name: string): boolean
  files: FileStore
  lakehouse: Lakehouse
  codec: ParquetCodec
  archiver: Archiver
  emit: (event: EngineEvent) => void
}

/** A file of the export: known by name and size before it is read. */
interface Item {
  name: string
  /** Bytes of a stored file, rows of a table that has yet to be written. */
  size: number
  modified: number
  /** `advance` hears how much of the size is done. */
  open: (advance: (done: number) => void) => Promise<Blob>
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
  const tables = chosen(context, request.tables)
  const format = request.format ?? 'delta'
  const items: Item[] = []
  for (const table of tables) {
    if (format === 'delta') items.push(...(await deltaItems(context.files, table)))
    else if (format === 'parquet') items.push(...(await parquetItems(context, table)))
    else items.push(csvItem(context, table, signal))
  }
  const unit: Unit = format === 'csv' ? 'rows' : 'bytes'
  return context.archiver.pack(entries(items, unit, context.emit, signal))
}

async function* entries(
  items: readonly Item[],
  unit: Unit,
  emit: ExportContext['emit'],
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry> {
  const total = items.reduce((sum, item) => sum + item.size, 0)
  const tell = (files: number, done: number) =>
    emit({ type: 'export.progress', files, totalFiles: items.length, unit, done, total })
  let before = 0
  for (const [index, item] of items.entries()) {
    throwIfCanceled(signal)
    const content = await item.open((done) => tell(index, before + done))
    yield { name: item.name, content, modified: item.modified }
    before += item.size
    tell(index + 1, before)
  }
  throwIfCanceled(signal)
}

function chosen({ gold, isPrivate }: ExportContext, names: readonly string[] | undefined): GoldTable[] {
  const all = [...gold.tables.values()].filter(({ name }) => !isPrivate(name) && !isState(name))
  const published = new Map(all.map((table) => [table.name, table]))
  const tables =
    names === undefined
      ? all.filter(({ name }) => !name.startsWith('pipeline.'))
      : names.map((name) => published.get(name.toLowerCase()) ?? unknownTable(name, all))
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
    size: 0,
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
  return { name, size: stored.size, modified, open: () => files.open(path) }
}

function csvItem({ gold, lakehouse }: ExportContext, table: GoldTable, signal: AbortSignal | undefined): Item {
  return {
    name: `${tableFolder(table.name)}.csv`,
    size: table.rows,
    modified: table.snapshot.history.at(-1)?.timestamp ?? 0,
    open: (advance) => gold.using([table.name], () => csvFile(lakehouse, table, advance, signal)),
  }
}

async function csvFile(
  lakehouse: Lakehouse,
  table: GoldTable,
  advance: (rows: number) => void,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const source = quoteName(table.name)
  const parts = csvParts(table.columns)
  const types = parts.map(({ type }) => type)
  const isPrinted = types.every((type) => type === null)
  const selected = isPrinted
    ? `concat(${parts.map(({ sql }) => sql).join(', ')}, chr(13), chr(10)) AS line`
    : parts.map(({ sql }, index) => `${sql} AS c${index}`).join(', ')
  const read = async (window: string): Promise<BlobPart[]> => {
    const stream = await lakehouse.database.query(`SELECT ${selected} FROM ${source} WHERE ${window}`)
    return isPrinted ? joinedText(stream) : [csvRows(plainRows(stream), types)]
  }
  const chunks: Blob[] = [new Blob([csvHeader(table.columns.map(({ name }) => name))])]
  const [last] = await lakehouse.row(`SELECT max(rowid) FROM ${source}`)
  for (let start = 0; start <= Number(last ?? -1); start += CSV_ROWS_A_READ) {
    throwIfCanceled(signal)
    // A Blob may be kept on disk by the browser; text may not.
    chunks.push(new Blob(await read(`rowid >= ${start} AND rowid < ${start + CSV_ROWS_A_READ}`)))
    advance(Math.min(start + CSV_ROWS_A_READ, Number(last) + 1))
  }
  return new Blob(chunks, { type: 'text/csv' })
}
