/** The work that one codec thread does, over parquet-wasm's own functions; the same in a worker and in Node. */
import type * as ParquetWasm from 'parquet-wasm'
import { GoldsmithError } from '@/domain/errors'
import type { EncodeOptions } from '@/engine/ports'
import { clusterRows } from './cluster-rows'
import { fileAccessError } from './file-access'
import { readFooter, rowGroupFile } from './row-group-file'
import type { ThriftStruct } from './thrift-compact'

/** DuckDB's row group: one record batch of this size is appended without being split or joined. */
const BATCH_ROWS = 122_880
/** spec: 128 Ki rows a row group. */
const ROW_GROUP_ROWS = 131_072
const MAX_FOOTERS = 8

export interface DecodeTask {
  file: Blob
  name: string
  rowGroup: number
  /** Rows that the footer gives the row group. */
  rows: number
  columns: string[]
}

export class ParquetTasks {
  readonly #library: typeof ParquetWasm
  /** The footers of the files that were read last. */
  readonly #footers = new Map<Blob, Promise<ThriftStruct>>()

  constructor(library: typeof ParquetWasm) {
    this.#library = library
  }

  /** Decodes one row group to an Arrow IPC stream. */
  async decode(task: DecodeTask): Promise<Uint8Array> {
    try {
      const bytes = await rowGroupFile(task.file, await this.#footer(task.file), task.rowGroup, task.columns)
      const table = this.#library.readParquet(bytes, { batchSize: BATCH_ROWS })
      const rows = table.recordBatches().reduce((sum, batch) => sum + takeRowCount(batch), 0)
      if (rows !== task.rows) {
        table.free()
        throw new Error(`it gave ${rows} rows where the footer says ${task.rows}`)
      }
      return table.intoIPCStream()
    } catch (error) {
      this.#footers.delete(task.file)
      throw fileAccessError(error, task.name) ?? corruptPages(error, task)
    }
  }

  /** Encodes an Arrow IPC stream to a zstd Parquet file. */
  encode(stream: Uint8Array, options: EncodeOptions): Uint8Array {
    const { Compression, EnabledStatistics, Encoding, Table, WriterPropertiesBuilder, writeParquet } = this.#library
    let properties = new WriterPropertiesBuilder()
      .setCompression(Compression.ZSTD)
      .setMaxRowGroupSize(ROW_GROUP_ROWS)
      .setStatisticsEnabled(EnabledStatistics.Chunk)
      .setKeyValueMetadata(new Map(Object.entries(options.keyValueMetadata)))
      .setDictionaryEnabled(false)
    for (const column of options.dictionaryColumns) properties = properties.setColumnDictionaryEnabled(column, true)
    for (const column of options.deltaColumns)
      properties = properties.setColumnEncoding(column, Encoding.DELTA_BINARY_PACKED)
    const rows = options.curve === undefined ? stream : clusterRows(stream, options.curve, ROW_GROUP_ROWS)
    return writeParquet(Table.fromIPCStream(rows), properties.build())
  }

  #footer(file: Blob): Promise<ThriftStruct> {
    const known = this.#footers.get(file)
    if (known) return known
    const [oldest] = this.#footers.keys()
    if (oldest !== undefined && this.#footers.size >= MAX_FOOTERS) this.#footers.delete(oldest)
    const footer = readFooter(file)
    this.#footers.set(file, footer)
    return footer
  }
}

function takeRowCount(batch: ParquetWasm.RecordBatch): number {
  const rows = batch.numRows
  batch.free()
  return rows
}

function corruptPages(error: unknown, task: DecodeTask): GoldsmithError {
  return new GoldsmithError({
    code: 'parquet.corrupt_page',
    message: `${task.name}: row group ${task.rowGroup + 1} (${task.rows} rows) cannot be decoded: ${reasonOf(error)}`,
    remedy: 'Copy the file again from where it was written, or write it again.',
    file: task.name,
  })
}

function reasonOf(error: unknown): string {
  // A trap says no more than "unreachable"; with its name the pool knows it from a message of the decoder's.
  if (error instanceof WebAssembly.RuntimeError) return String(error)
  const message = error instanceof Error ? error.message : String(error)
  // The decoder was built without the texts of some of its errors.
  return message.includes('Error strings stripped') ? 'the pages do not decode to values of their columns' : message
}
