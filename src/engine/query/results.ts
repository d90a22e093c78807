import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import type { Arrangement } from '@/domain/result/arrangement'
import type { ColumnProfile } from '@/domain/result/profile'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { concatStreams, renameColumns } from '@/engine/arrow/ipc-stream'
import { plainRows } from '@/engine/arrow/plain-values'
import type { Lakehouse } from '@/engine/lakehouse'
import type { ResultColumn } from '@/rpc/contract'
import { arrangedRowsSql, type StoredColumn } from './arrangement-sql'
import { profileColumns } from './profile-columns'

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
  /** The columns' names in `table`. */
  names: readonly string[]
}

interface Result extends StoredRows {
  id: string
  /** Set for rows of another result that were chosen or put in another order. */
  arranged: Arranged | null
}

/** Numbers of a table's rows, in the order in which a result shows them: rows themselves are not copied. */
interface Arranged {
  /** The id of the result whose rows these are. */
  of: string
  /** The table that has the numbers. */
  table: string
  /** The query that gave them. */
  sql: string
  /** The table that they are numbers of, as the database knows it: one that was read into memory again may have others. */
  identity: string | null
}

/** Query results as tables inside the engine, from which the page reads the rows that it shows. */
export class Results {
  readonly #lakehouse: Lakehouse
  readonly #results = new Map<string, Result>()
  /** Profiles by opened table, of the state they were made of, by column. */
  readonly #profiles = new Map<string, { state: string; columns: Map<string, ColumnProfile> }>()
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
    const names = columns.map((_, index) => `c${index}`)
    await this.#lakehouse.database.runCancellable(
      `CREATE TABLE ${quoteName(table)} AS SELECT * FROM (${sql}\n) AS result(${names.map(quoteIdentifier).join(', ')})`,
      signal ?? new AbortController().signal,
    )
    return { table, columns, rows: await this.#lakehouse.count(table), contiguous: true, opened: null, names }
  }

  /** A table of the catalog as a result, without copying it: good for as long as the table's state is the one given here. */
  async open(table: string, state: string | null): Promise<Result> {
    const columns = await this.#lakehouse.describe(`SELECT * FROM ${quoteName(table)}`)
    const rows = await this.#lakehouse.count(table)
    const [last] = await this.#lakehouse.row(`SELECT max(rowid) FROM ${quoteName(table)}`)
    const contiguous = rows === 0 || Number(last) === rows - 1
    const names = columns.map(({ name }) => name)
    return this.#keep({ table, columns, rows, contiguous, opened: { table, state }, names })
  }

  /**
   * Rows of a result, chosen and in an order: a result of its own, which ends with the one it is of. Throws `result.closed`,
   * `result.unknown_column` and `result.filter_value`; rejects with `canceled`.
   */
  async arrange(id: string, arrangement: Arrangement, signal: AbortSignal | undefined): Promise<Result> {
    const found = this.find(id)
    const of = found.arranged === null ? found : this.find(found.arranged.of)
    const sql = arrangedRowsSql(quoteName(of.table), storedColumns(of), arrangement)
    this.#next += 1
    const arranged = { of: of.id, table: `${SCHEMA}.arranged_${this.#next}`, sql, identity: null }
    await this.#arrange(of, arranged, signal)
    return this.#keep({ ...of, rows: await this.#lakehouse.count(arranged.table) }, arranged)
  }

  async #arrange({ opened, table }: StoredRows, arranged: Arranged, signal?: AbortSignal): Promise<void> {
    await this.#lakehouse.drop(arranged.table)
    await this.#lakehouse.database.runCancellable(
      `CREATE TABLE ${quoteName(arranged.table)} AS ${arranged.sql}`,
      signal ?? new AbortController().signal,
    )
    arranged.identity = opened === null ? null : await this.#lakehouse.identity(table)
  }

  /**
   * What the values of columns are like. Those of an opened table are kept as long as its state lasts. `exact` counts different
   * values and the most frequent ones, however many there are. Throws `result.closed`; rejects with `canceled`.
   */
  async profile(
    id: string,
    places: readonly number[],
    exact: boolean,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ColumnProfile[]> {
    const result = this.find(id)
    const known = this.#knownProfiles(result)
    const key = (place: number) => `${place} ${exact}`
    const columns = storedColumns(result)
      .map((column, place) => ({ ...column, place }))
      .filter(({ place }) => places.includes(place) && !known.has(key(place)))
    const source = `${quoteName(result.table)}${await this.#restriction(result)}`
    const made =
      columns.length === 0
        ? []
        : await profileColumns(this.#lakehouse, { source, columns, rows: result.rows, exact }, signal)
    for (const profile of made) known.set(key(profile.column), profile)
    return places.flatMap((place) => known.get(key(place)) ?? [])
  }

  #knownProfiles({ opened, arranged }: Result): Map<string, ColumnProfile> {
    if (opened === null || opened.state === null || arranged !== null) return new Map()
    const kept = this.#profiles.get(opened.table)
    if (kept?.state === opened.state) return kept.columns
    const columns = new Map<string, ColumnProfile>()
    this.#profiles.set(opened.table, { state: opened.state, columns })
    return columns
  }

  async #restriction(result: Result): Promise<string> {
    if (result.arranged === null) return ''
    await this.#ensureArranged(result, result.arranged)
    return ` WHERE rowid IN (SELECT row_number FROM ${quoteName(result.arranged.table)})`
  }

  /** Row numbers of a table that was read into memory again since are found again. */
  async #ensureArranged(result: Result, arranged: Arranged): Promise<void> {
    if (result.opened === null || (await this.#lakehouse.identity(result.table)) === arranged.identity) return
    await this.#arrange(result, arranged)
  }

  /** Rows [offset, offset + limit) as plain values. Throws `result.closed`. */
  async fetch(id: string, offset: number, limit: number): Promise<unknown[][]> {
    const columns = this.columns(id).map(({ stored }) => quoteIdentifier(stored))
    return plainRows(await this.window(id, columns.join(', '), offset, limit))
  }

  /** The columns as they are stored. Throws `result.closed`. */
  columns(id: string): StoredColumn[] {
    return storedColumns(this.find(id))
  }

  /** Expressions over the stored columns of rows [offset, offset + limit), as an Arrow stream. Throws `result.closed`. */
  async window(id: string, selection: string, offset: number, limit: number): Promise<Uint8Array> {
    const result = this.find(id)
    if (result.arranged === null) return this.#read(result, offset, limit, selection)
    await this.#ensureArranged(result, result.arranged)
    return this.#lakehouse.database.query(
      `SELECT ${selection} FROM (
         SELECT shown.*, arranged.rowid AS "the arranged place" FROM ${quoteName(result.arranged.table)} AS arranged
         JOIN ${quoteName(result.table)} AS shown ON shown.rowid = arranged.row_number
         WHERE arranged.rowid >= ${Math.trunc(offset)} AND arranged.rowid < ${Math.trunc(offset + limit)}
       ) ORDER BY "the arranged place"`,
    )
  }

  #read({ table, contiguous }: StoredRows, offset: number, limit: number, selection = '*'): Promise<Uint8Array> {
    const window = contiguous
      ? `WHERE rowid >= ${Math.trunc(offset)} AND rowid < ${Math.trunc(offset + limit)}`
      : `LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`
    return this.#lakehouse.database.query(`SELECT ${selection} FROM ${quoteName(table)} ${window}`)
  }

  async close(id: string): Promise<void> {
    const result = this.#results.get(id)
    this.#results.delete(id)
    if (!result) return
    if (result.arranged) return this.#lakehouse.drop(result.arranged.table)
    for (const { id: other, arranged } of [...this.#results.values()]) if (arranged?.of === id) await this.close(other)
    if (result.opened === null) await this.#lakehouse.drop(result.table)
  }

  #keep(result: StoredRows, arranged: Arranged | null = null): Result {
    const kept = { ...result, id: crypto.randomUUID(), arranged }
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
    const ids = [...this.#results.values()].filter(({ arranged }) => arranged === null).map(({ id }) => id)
    for (const id of ids.slice(0, Math.max(0, ids.length - KEPT_RESULTS + 1))) await this.close(id)
  }
}

function storedColumns({ columns, names }: StoredRows): StoredColumn[] {
  return columns.map((column, place) => ({ ...column, stored: names[place] ?? column.name }))
}

export function resultClosed(): GoldsmithError {
  return new GoldsmithError({
    code: 'result.closed',
    message: 'These rows are no longer held by the engine: the table changed, or newer results took their place.',
    remedy: 'Open the table or run the query again.',
  })
}
