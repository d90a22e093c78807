/** Parquet files for tests, built from SQL in native DuckDB, re-encoded by parquet-wasm, or damaged on purpose. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { makeData, Table, Timestamp, TimeUnit, tableFromIPC, tableToIPC, Vector } from 'apache-arrow'
import * as parquet from 'parquet-wasm'
import { quoteLiteral } from '@/domain/sql/quote'
import type { InputFile } from '@/rpc/contract'

/** Queries that give Silver tables of a few rows in the exact columns and types of the pipeline's contract. */
export const SILVER_ROWS = {
  orders: `SELECT i::BIGINT AS order_id, 'N' || (i // 2) AS order_number, DATE '2024-01-01' + i::INT AS order_date,
    20240101 AS date_id, (1 + i % 3)::BIGINT AS customer_id, (10 + i % 2)::BIGINT AS product_id, (i % 5)::INT AS quantity,
    (i * 1.25)::DECIMAL(10,2) AS unit_price, 0.05::DECIMAL(4,3) AS discount, 'EUR' AS currency, 'credit_card' AS payment_method,
    ['delivered', 'shipped', 'cancelled'][1 + i % 3] AS order_status, TIMESTAMP '2024-02-01 02:00:00' AS _processed_date,
    TIMESTAMP '2024-01-01 10:00:00.123456' + INTERVAL (i) HOUR AS _updated_at FROM range(1, 21) AS t(i)`,
  customers: `SELECT i::BIGINT AS customer_id, 'Customer ' || i AS customer_name, i || '@example.com' AS email,
    ['Premium', 'Budget', NULL][i] AS segment, 'France' AS country, TIMESTAMP '2020-01-02 03:04:05' AS created_at,
    'web' AS acquisition_channel, TIMESTAMP '2024-01-01' AS _updated_at FROM range(1, 4) AS t(i)`,
  products: `SELECT (9 + i)::BIGINT AS product_id, 'Product ' || i AS product_name, 'Toys' AS category, 'Kites' AS subcategory,
    (i * 0.5)::DECIMAL(10,2) AS unit_cost, TIMESTAMP '2024-01-01' AS _updated_at FROM range(1, 3) AS t(i)`,
} as const

/** The rows of a query as a Parquet file that DuckDB writes; `options` as in COPY … TO. */
export async function parquetBytes(sql: string, options = ''): Promise<Uint8Array<ArrayBuffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'goldsmith-parquet-'))
  const file = join(folder, 'rows.parquet')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    await connection.run(
      `COPY (${sql}) TO ${quoteLiteral(file)} (FORMAT parquet${options === '' ? '' : `, ${options}`})`,
    )
    return new Uint8Array(readFileSync(file))
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(folder, { recursive: true })
  }
}

/** The same rows as parquet-wasm writes them. */
export function reencoded(
  bytes: Uint8Array,
  compression: parquet.Compression,
  properties: (builder: parquet.WriterPropertiesBuilder) => parquet.WriterPropertiesBuilder = (builder) => builder,
): Uint8Array<ArrayBuffer> {
  const builder = properties(new parquet.WriterPropertiesBuilder().setCompression(compression))
  return new Uint8Array(parquet.writeParquet(parquet.readParquet(bytes), builder.build()))
}

/** A copy in which a timestamp column holds this instant in every row, in the unit and kind that are wanted. */
export function withTimestamp(
  bytes: Uint8Array,
  column: string,
  { unit, isUtc, value }: { unit: 'MILLISECOND' | 'NANOSECOND'; isUtc: boolean; value: bigint },
): Uint8Array<ArrayBuffer> {
  const table = tableFromIPC(parquet.readParquet(bytes).intoIPCStream())
  const type = new Timestamp(TimeUnit[unit], isUtc ? 'UTC' : null)
  const data = makeData({ type, length: table.numRows, data: new BigInt64Array(table.numRows).fill(value) })
  const changed = table.assign(new Table({ [column]: new Vector([data]) }))
  return new Uint8Array(parquet.writeParquet(parquet.Table.fromIPCStream(tableToIPC(changed, 'stream'))))
}

/** A dropped file; `path` may have folders in it. */
export function dropped(path: string, bytes: BlobPart): InputFile {
  return { path, file: new File([bytes], path.split('/').at(-1) ?? path) }
}

export function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)))
}

/** A copy with one byte changed by exclusive or. */
export function flipped(bytes: Uint8Array, position: number, mask: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  copy[position] = (copy[position] ?? 0) ^ mask
  return copy
}

/** A copy with every occurrence of a text replaced by another of the same length: renames columns in a footer. */
export function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array<ArrayBuffer> {
  if (from.length !== to.length) throw new RangeError('the texts differ in length')
  return new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1'))
}

/** Offset of a file's footer. */
export function footerStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length - 8 - view.getUint32(bytes.length - 8, true)
}

/** A file on a disk that gives a number of reads, then fails each one with the given DOMException name. */
export class VanishingFile extends File {
  readonly #error: string
  #readsLeft: number

  constructor(bytes: BlobPart, name: string, reads: number, error: 'NotFoundError' | 'NotReadableError') {
    super([bytes], name)
    this.#readsLeft = reads
    this.#error = error
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    const part = super.slice(start, end, type)
    part.arrayBuffer = async () => {
      this.#readsLeft -= 1
      if (this.#readsLeft < 0) throw new DOMException('The file cannot be read.', this.#error)
      return super.slice(start, end, type).arrayBuffer()
    }
    return part
  }
}
