import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { concatStreams, renameColumns } from '@/engine/arrow/ipc-stream'
import { plainRows } from '@/engine/arrow/plain-values'
import type { Lakehouse } from '@/engine/lakehouse'
import type { ResultColumn } from '@/rpc/contract'

/** Results that are kept at a time; the oldest goes when another comes. */
const KEPT_RESULTS = 8
const SCHEMA = 'engine'
/** Rows that leave the engine at a time: a copy out cannot be stopped, so this is how long a cancel waits. */
const ARROW_ROWS = 500_000

interface StoredRows {
  table: string
  columns: ResultColumn[]
  rows: number
  /** True when row numbers run from 0 without a gap: then a window is read by number. */
  contiguous: boolean
  /** The table of the catalog that the result shows, as it was when it was opened; null for a query's own rows. */
  opened: { table: string; state: string | null } | null
}

interface Result extends StoredRows {
  id: string
}

/** Query results as tables inside the engine, from which the page reads the rows that it shows. */
export class Results {
  readonly #lakehouse: Lakehouse
  readonly #results = new Map<string, Result>()
  #next = 0

  constructor(lakehouse: Lakehouse) {
    this.#lakehouse = lakehouse
  }

  /** Runs a DuckDB query (a `readingStatement`) and keeps its rows. Rejects with `canceled` when the signal aborts. */
  async materialize(sql: string, signal: AbortSignal | undefined): Promise<Result> {
    await this.#makeRoom()
    return this.#keep(await this.#store(sql, signal))
  }

  /** Runs a query as `materialize` does; its rows as an Arrow IPC stream, whose columns have the query's own names. */
  async arrow(sql: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const result = await this.#store(sql, signal)
    try {
      const slices: Uint8Array[] = []
      for (let offset = 0; offset === 0 || offset < result.rows; offset += ARROW_ROWS) {
        slices.push(await this.#read(result, offset, ARROW_ROWS))
        throwIfCanceled(signal)
      }
      const names = result.columns.map(({ name }) => name)
      return renameColumns(concatStreams(slices), names)
    } finally {
      await this.#lakehouse.drop(result.table)
    }
  }

  async #store(sql: string, signal: AbortSignal | undefined): Promise<StoredRows> {
    this.#next += 1
    const table = `${SCHEMA}.result_${this.#next}`
    const columns = await this.#lakehouse.describe(sql)
    // A result may name two columns alike or none at all; a table may not.
    const names = columns.map((_, index) => quoteIdentifier(`c${index}`)).join(', ')
    await this.#lakehouse.database.runCancellable(
      `CREATE TABLE ${quoteName(table)} AS SELECT * FROM (${sql}\n) AS result(${names})`,
      signal ?? new AbortController().signal,
    )
    return { table, columns, rows: await this.#lakehouse.count(table), contiguous: true, opened: null }
  }

  /** A table of the catalog as a result, without copying it: good for as long as the table's state is the one given here. */
  async open(table: string, state: string | null): Promise<Result> {
    const columns = await this.#lakehouse.describe(`SELECT * FROM ${quoteName(table)}`)
    const rows = await this.#lakehouse.count(table)
    const [last] = await this.#lakehouse.row(`SELECT max(rowid) FROM ${quoteName(table)}`)
    const contiguous = rows === 0 || Number(last) === rows - 1
    return this.#keep({ table, columns, rows, contiguous, opened: { table, state } })
  }

  /** Rows [offset, offset + limit) as plain values. Throws `result.closed`. */
  async fetch(id: string, offset: number, limit: number): Promise<unknown[][]> {
    return plainRows(await this.#read(this.find(id), offset, limit))
  }

  #read({ table, contiguous }: StoredRows, offset: number, limit: number): Promise<Uint8Array> {
    const window = contiguous
      ? `WHERE rowid >= ${Math.trunc(offset)} AND rowid < ${Math.trunc(offset + limit)}`
      : `LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`
    return this.#lakehouse.database.query(`SELECT * FROM ${quoteName(table)} ${window}`)
  }

  async close(id: string): Promise<void> {
    const result = this.#results.get(id)
    this.#results.delete(id)
    if (result && result.opened === null) await this.#lakehouse.drop(result.table)
  }

  #keep(result: StoredRows): Result {
    const kept = { id: crypto.randomUUID(), ...result }
    this.#results.set(kept.id, kept)
    return kept
  }

  /** Throws `result.closed`. */
  find(id: string): Result {
    const result = this.#results.get(id)
    if (result) return result
    throw resultClosed()
  }

  async #makeRoom(): Promise<void> {
    for (const id of [...this.#results.keys()].slice(0, Math.max(0, this.#results.size - KEPT_RESULTS + 1)))
      await this.close(id)
  }
}

export function resultClosed(): GoldsmithError {
  return new GoldsmithError({
    code: 'result.closed',
    message: 'These rows are no longer held by the engine: the table changed, or newer results took their place.',
    remedy: 'Open the table or run the query again.',
  })
}
