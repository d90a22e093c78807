import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { csvHeader, csvRows } from '@/domain/format/csv'
import { quoteIdentifier } from '@/domain/sql/quote'
import { concatStreams, renameColumns } from '@/engine/arrow/ipc-stream'
import { plainRows } from '@/engine/arrow/plain-values'
import type { Archiver, ParquetCodec } from '@/engine/ports'
import type { StoredColumn } from '@/engine/query/arrangement-sql'
import { storedType } from '@/engine/run/store-table'
import type { ResultFile, ResultFormat } from '@/rpc/contract'
import { csvParts, joinedText } from './csv-in-sql'

const CSV_ROWS_A_READ = 20_000
/** Rows that are in memory at a time as Arrow. */
const ARROW_ROWS_A_READ = 200_000
/** Rows of one Parquet file, which is encoded as a whole. */
const PARQUET_ROWS = 1_000_000
/** An Arrow file is read as a whole by most who read it, and has been one here. */
const MOST_ARROW_ROWS = 5_000_000

/** A result as far as writing it needs it. */
export interface ResultReader {
  columns: readonly StoredColumn[]
  rows: number
  /** Expressions over the columns' stored names, of rows [offset, offset + limit). */
  read(selection: string, offset: number, limit: number): Promise<Uint8Array>
}

export interface ResultWriters {
  codec: ParquetCodec
  archiver: Archiver
}

/**
 * The rows of a result as a file, read in windows. Parquet of more than a million rows is a zip of files. Throws
 * `export.too_many_rows`; rejects with `canceled`.
 */
export async function exportResult(
  result: ResultReader,
  format: ResultFormat,
  writers: ResultWriters,
  signal: AbortSignal | undefined,
): Promise<ResultFile> {
  switch (format) {
    case 'csv':
      return { blob: await csvFile(result, signal), extension: 'csv' }
    case 'arrow':
      return { blob: await arrowFile(result, signal), extension: 'arrows' }
    case 'parquet':
      return parquetFile(result, writers, signal)
  }
}

async function csvFile({ columns, rows, read }: ResultReader, signal: AbortSignal | undefined): Promise<Blob> {
  const parts = csvParts(columns.map(({ stored, type }) => ({ name: stored, type })))
  const types = parts.map(({ type }) => type)
  const isPrinted = types.every((type) => type === null)
  const selection = isPrinted
    ? `concat(${parts.map(({ sql }) => sql).join(', ')}, chr(13), chr(10)) AS line`
    : parts.map(({ sql }, index) => `${sql} AS part_${index}`).join(', ')
  const chunks: Blob[] = [new Blob([csvHeader(columns.map(({ name }) => name))])]
  for (let offset = 0; offset < rows; offset += CSV_ROWS_A_READ) {
    throwIfCanceled(signal)
    const stream = await read(selection, offset, CSV_ROWS_A_READ)
    // A Blob may be kept on disk by the browser; text may not.
    chunks.push(new Blob(isPrinted ? joinedText(stream) : [csvRows(plainRows(stream), types)]))
  }
  return new Blob(chunks, { type: 'text/csv' })
}

async function arrowFile(result: ResultReader, signal: AbortSignal | undefined): Promise<Blob> {
  if (result.rows > MOST_ARROW_ROWS) {
    throw new GoldsmithError({
      code: 'export.too_many_rows',
      message: `An Arrow stream is written of up to ${MOST_ARROW_ROWS} rows, and these are ${result.rows}.`,
      remedy: 'Filter the rows, or export them as Parquet or CSV.',
    })
  }
  const stream = await arrowStream(result, 0, result.rows, signal)
  // Arrow may name two columns alike.
  const named = renameColumns(
    stream,
    result.columns.map(({ name }) => name),
  )
  return new Blob([new Uint8Array(named)], { type: 'application/vnd.apache.arrow.stream' })
}

async function arrowStream(
  { columns, read }: ResultReader,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
  expression = (column: StoredColumn) => quoteIdentifier(column.stored),
): Promise<Uint8Array> {
  const selection = columns.map((column, index) => `${expression(column)} AS c${index}`).join(', ')
  const slices: Uint8Array[] = []
  for (let offset = start; offset === start || offset < end; offset += ARROW_ROWS_A_READ) {
    throwIfCanceled(signal)
    slices.push(await read(selection, offset, Math.min(ARROW_ROWS_A_READ, end - offset)))
  }
  return concatStreams(slices)
}

async function parquetFile(
  result: ResultReader,
  { codec, archiver }: ResultWriters,
  signal: AbortSignal | undefined,
): Promise<ResultFile> {
  const names = uniqueNames(result.columns.map(({ name }) => name))
  const options = { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: {} }
  const part = async (start: number) => {
    const end = Math.min(result.rows, start + PARQUET_ROWS)
    const stream = await arrowStream(result, start, end, signal, inParquet)
    throwIfCanceled(signal)
    return new Blob([new Uint8Array(await codec.encode(renameColumns(stream, names), options))], {
      type: 'application/vnd.apache.parquet',
    })
  }
  if (result.rows <= PARQUET_ROWS) return { blob: await part(0), extension: 'parquet' }
  async function* parts() {
    for (let start = 0; start < result.rows; start += PARQUET_ROWS) {
      const number = String(start / PARQUET_ROWS).padStart(5, '0')
      yield { name: `part-${number}.parquet`, content: await part(start), modified: Date.UTC(1980, 0, 1) }
    }
  }
  return { blob: await archiver.pack(parts()), extension: 'zip' }
}

/** The column as a type that Parquet has; a timestamp is one in UTC, as in Gold tables. */
function inParquet({ stored, type }: StoredColumn): string {
  const column = quoteIdentifier(stored)
  if (/^(U?HUGEINT|INTERVAL|TIME WITH TIME ZONE|ENUM\b.*|"NULL"|NULL)$/.test(type)) return `CAST(${column} AS VARCHAR)`
  return storedType(type) === type ? column : `CAST(${column} AS ${storedType(type)})`
}

/** The names, where one comes twice with a number after it: Parquet has no two columns of a name. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`
    taken.add(unique)
    return unique
  })
}
