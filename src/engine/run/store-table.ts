import type { AddFile } from '@/domain/delta/actions'
import { formatPartitionValue } from '@/domain/delta/partition-values'
import type { DeltaColumn } from '@/domain/delta/schema'
import {
  boundsSql,
  boundsWidth,
  type ClusterColumn,
  type CurveColumn,
  columnBounds,
  isClusterable,
} from '@/domain/delta/z-order'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { concatStreams, streamRows } from '@/engine/arrow/ipc-stream'
import type { Lakehouse } from '@/engine/lakehouse'
import type { EncodeOptions } from '@/engine/ports'
import type { PartWriter } from './part-writer'

/** Rows that one query hands over: a Parquet row group, and small enough that the copy out of the engine stays cheap. */
const SLICE_ROWS = 131_072
/** Arrow bytes that one data file is made of at most; an encoder holds about three times as much. */
const PART_BYTES = 128 * 1024 * 1024
/** A dictionary pays when a value comes back at least this often in a row group. */
const REPEATS_FOR_DICTIONARY = 8
const MOST_DIGITS_IN_64_BITS = 18
/** Rows a partition below which they wait for more: smaller files cost readers more than they save here. */
const FEWEST_ROWS_A_FILE = 16_384
/** Marks the queries that read rows for data files, for whoever looks at a timeline of statements. */
const FOR_STORAGE = '/* storage */'

export interface StoreContext {
  lakehouse: Lakehouse
  writer: PartWriter
  signal: AbortSignal
}

export interface StoreRequest {
  /** Folder of the Delta table. */
  path: string
  /** DuckDB table whose rows are stored; rows are only ever appended to it. */
  table: string
  columns: DeltaColumn[]
  partitionColumns: string[]
  /** Columns along whose Z-order the rows of a partition lie in its files. */
  clusterColumns: string[]
  /**
   * Rows of a partition are clustered from so many row groups on. By default it takes more groups than columns to cluster by: with fewer, the
   * curve cannot narrow each of the columns even once, and storing would take a fifth longer for next to nothing.
   */
  clusterFromGroups?: number
  keyValueMetadata: Record<string, string>
}

/** Row numbers [first, end). */
interface RowRange {
  first: number
  end: number
}

/** Stores a table's rows as data files, partition by partition, also while the table is still growing. */
export class TableStore {
  readonly #context: StoreContext
  readonly #request: StoreRequest
  readonly #files: Promise<AddFile>[] = []
  #options: EncodeOptions | null = null
  #storedRows = 0

  constructor(context: StoreContext, request: StoreRequest) {
    this.#context = context
    this.#request = request
  }

  /**
   * Hands the rows to the writer that came since the last call; the table has `rows` by now. Unless they are the `last` ones, rows
   * that lie thinly in many partitions wait for more, so that files do not get small.
   */
  async add(rows: number, last: boolean): Promise<void> {
    const { lakehouse, writer } = this.#context
    const range = { first: this.#storedRows, end: rows }
    if (range.first >= range.end) return
    const found = await partitions(lakehouse, this.#request, range)
    if (!last && (range.end - range.first) / found.length < FEWEST_ROWS_A_FILE) return
    this.#storedRows = rows
    this.#options ??= {
      dictionaryColumns: await dictionaryColumns(lakehouse, this.#request),
      deltaColumns: deltaColumns(this.#request),
      keyValueMetadata: this.#request.keyValueMetadata,
    }
    const nanFree = await nanFreeColumns(lakehouse, this.#request, range)
    const { columns, path } = this.#request
    for (const { values, ...partition } of found) {
      for await (const { rows: expectedRows, stream } of parts(this.#context, this.#request, partition)) {
        const part = { columns, partitionValues: values, index: this.#files.length, expectedRows, nanFree }
        const options = partition.curve === null ? this.#options : { ...this.#options, curve: partition.curve }
        const { stored } = await writer.add(path, part, stream, options)
        this.#files.push(stored)
      }
    }
  }

  /** What adds the files to a version, once they are on disk, read back and counted. No version names them yet. */
  files(): Promise<AddFile[]> {
    return Promise.all(this.#files)
  }
}

interface Partition {
  values: { column: string; value: string | null }[]
  predicate: string
  firstRow: number
  lastRow: number
  rows: number
  /** Null when rows stay in the table's order. */
  curve: CurveColumn[] | null
}

async function partitions(lakehouse: Lakehouse, request: StoreRequest, range: RowRange): Promise<Partition[]> {
  const keys = request.partitionColumns.map(quoteIdentifier)
  const clustered = clusterColumns(request)
  const fewestGroups = Math.max(2, request.clusterFromGroups ?? clustered.length + 1)
  const bounds = clustered.flatMap(boundsSql)
  const found = await lakehouse.rows(
    `${FOR_STORAGE} SELECT ${[...keys, 'min(rowid)', 'max(rowid)', 'count(*)', ...bounds].join(', ')}
     FROM ${quoteName(request.table)} WHERE ${within(range)}
     ${keys.length === 0 ? '' : `GROUP BY ${keys.join(', ')} ORDER BY ${keys.join(', ')}`}`,
  )
  return found.map((row) => {
    const values = request.partitionColumns.map((column, index) => ({
      column,
      plain: row[index],
      type: typeOf(request, column),
    }))
    const [firstRow, lastRow, rows] = row.slice(keys.length, keys.length + 3).map(Number)
    return {
      values: values.map(({ column, plain, type }) => ({ column, value: formatPartitionValue(plain, type) })),
      predicate: [within(range), ...values.map(({ column, plain, type }) => equals(column, plain, type))].join(' AND '),
      firstRow: firstRow ?? 0,
      lastRow: lastRow ?? 0,
      rows: rows ?? 0,
      curve: Number(rows) > SLICE_ROWS * (fewestGroups - 1) ? curveOf(clustered, row.slice(keys.length + 3)) : null,
    }
  })
}

/** The curve within the bounds that the partition's rows have; null when no column tells them apart. */
function curveOf(columns: readonly ClusterColumn[], values: readonly unknown[]): CurveColumn[] | null {
  let at = 0
  const curve = columns.flatMap((column) => {
    const width = boundsWidth(column)
    at += width
    const bounds = columnBounds(column, values.slice(at - width, at))
    return bounds === null ? [] : [{ name: column.name, bounds }]
  })
  return curve.length === 0 ? null : curve
}

/** The columns to cluster by that files hold and that have an order; none where rows have nested columns, which stay in place. */
function clusterColumns(request: StoreRequest): ClusterColumn[] {
  const columns = dataColumns(request)
  if (columns.some(({ type }) => /^(STRUCT|MAP)|\]$/.test(type))) return []
  return request.clusterColumns.flatMap((wanted) => {
    const column = columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
    return column !== undefined && isClusterable(column.type) ? [column] : []
  })
}

function within({ first, end }: RowRange): string {
  return `rowid >= ${first} AND rowid < ${end}`
}

/** Not `IS NOT DISTINCT FROM`, which would keep the engine from skipping row groups. */
function equals(column: string, value: unknown, type: string): string {
  const name = quoteIdentifier(column)
  return value === null ? `${name} IS NULL` : `${name} = CAST(${quoteLiteral(String(value))} AS ${type})`
}

async function* parts(
  context: StoreContext,
  request: StoreRequest,
  partition: Omit<Partition, 'values'>,
): AsyncGenerator<{ stream: Uint8Array; rows: number }> {
  const { lakehouse, signal } = context
  const span = partition.lastRow - partition.firstRow + 1
  // The partition's rows may lie thinly among others: a window is as wide as holds about one slice of them on average.
  const slicesWanted = Math.max(1, Math.round(partition.rows / SLICE_ROWS))
  const window = Math.ceil(span / slicesWanted)
  let slices: Uint8Array[] = []
  let bytes = 0
  let remaining = partition.rows
  let inPart = 0
  for (let start = partition.firstRow; start <= partition.lastRow; start += window) {
    throwIfCanceled(signal)
    const where = `${partition.predicate} AND rowid >= ${start} AND rowid < ${start + window}`
    const slice = await lakehouse.database.query(
      `${FOR_STORAGE} SELECT ${selectList(request)} FROM ${quoteName(request.table)} WHERE ${where}`,
    )
    const rows = streamRows(slice)
    if (rows === 0) continue
    slices.push(slice)
    bytes += slice.length
    inPart += rows
    remaining -= rows
    if (bytes >= PART_BYTES || remaining === 0) {
      yield { stream: concatStreams(slices), rows: inPart }
      slices = []
      bytes = 0
      inPart = 0
    }
  }
  if (remaining !== 0) {
    throw new GoldsmithError({
      code: 'storage.row_count',
      message: `${request.table}: reading it back gave ${partition.rows - remaining} of ${partition.rows} rows.`,
      remedy: 'Run again; nothing was committed.',
    })
  }
}

/** Gold writes `timestamp`, Delta's instant in UTC, which every reader knows; DuckDB's plain TIMESTAMP would be another type. */
export function storedType(type: string): string {
  return type === 'TIMESTAMP' ? 'TIMESTAMPTZ' : type
}

function selectList(request: StoreRequest): string {
  return dataColumns(request)
    .map(({ name, type }) => {
      const column = quoteIdentifier(name)
      return storedType(type) === type ? column : `CAST(${column} AS ${storedType(type)}) AS ${column}`
    })
    .join(', ')
}

async function dictionaryColumns(lakehouse: Lakehouse, request: StoreRequest): Promise<string[]> {
  const candidates = dataColumns(request).filter(({ type }) => type === 'VARCHAR')
  if (candidates.length === 0) return []
  const counts = candidates.map(({ name }) => `approx_count_distinct(${quoteIdentifier(name)})`)
  const [rows, ...distinct] = await lakehouse.row(
    `${FOR_STORAGE} SELECT count(*), ${counts.join(', ')} FROM (FROM ${quoteName(request.table)} LIMIT ${SLICE_ROWS})`,
  )
  return candidates
    .filter((_, index) => Number(distinct[index]) * REPEATS_FOR_DICTIONARY <= Number(rows))
    .map(({ name }) => name)
}

/**
 * Integers and decimals of up to 64 bits, which Parquet stores as differences in as few bits as they need. Against plain values the
 * compressor has half the work, and files are as large. Dates and times mostly repeat or ascend, which suits it as they are.
 */
function deltaColumns(request: StoreRequest): string[] {
  return dataColumns(request)
    .filter(({ type }) => {
      const precision = /^DECIMAL\((\d+),/.exec(type)?.[1]
      return precision === undefined
        ? ['SMALLINT', 'INTEGER', 'BIGINT'].includes(type)
        : Number(precision) <= MOST_DIGITS_IN_64_BITS
    })
    .map(({ name }) => name)
}

/** Delta's readers take partition columns from the log; the files do not hold them. */
function dataColumns({ columns, partitionColumns }: StoreRequest): DeltaColumn[] {
  return columns.filter(({ name }) => !partitionColumns.includes(name))
}

/** Floating point columns without a NaN, whose upper bounds can be trusted. */
async function nanFreeColumns(lakehouse: Lakehouse, request: StoreRequest, range: RowRange): Promise<Set<string>> {
  const candidates = dataColumns(request).filter(({ type }) => type === 'DOUBLE' || type === 'FLOAT')
  if (candidates.length === 0) return new Set()
  const tests = candidates.map(({ name }) => `coalesce(bool_or(isnan(${quoteIdentifier(name)})), FALSE)`)
  const found = await lakehouse.row(
    `${FOR_STORAGE} SELECT ${tests.join(', ')} FROM ${quoteName(request.table)} WHERE ${within(range)}`,
  )
  return new Set(candidates.filter((_, index) => found[index] === false).map(({ name }) => name))
}

function typeOf(request: StoreRequest, column: string): string {
  return request.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())?.type ?? 'VARCHAR'
}
