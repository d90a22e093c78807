import { throwIfCanceled } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'
import type { SilverTable } from './silver-table'

/** Above this share of a table's rows, a rebuild of what reads it costs less than following the changes. */
const MOST_ROWS = 0.3
/** Small tables may change as a whole. */
const FEW_ROWS = 10_000
/** Loads of a table that are remembered. */
const MOST_LINKS = 8
/** Row hashes that one pass compares: about 100 MB of hash table. */
const ROWS_A_PASS = 4_000_000

/** One load that puts rows in the place of others. */
interface Link {
  from: string
  to: string
  set: ChangeSet
}

/** What a comparison found, before the new rows are in the place of the old ones. */
export interface Comparison {
  table: string
  /** Null when too much differs to be followed. */
  link: Link | null
}

/** How the rows of Silver tables changed from load to load, as far back as it is known without a gap. */
export class SilverChanges {
  readonly #lakehouse: Lakehouse
  readonly #chains = new Map<string, Link[]>()
  /** Several links as one, until the table changes again. */
  readonly #joined = new Map<string, Link[]>()
  #tables = 0

  constructor(lakehouse: Lakehouse) {
    this.#lakehouse = lakehouse
  }

  /** Whether it is known how the rows changed since the table had the fingerprint `since`. */
  knows(table: string, since: string, now: string): boolean {
    return since === now || this.#since(table, since, now).length > 0
  }

  /** How the rows changed since then; null when it is not known. The set stays the store's. */
  async since(table: string, since: string, now: string): Promise<ChangeSet | null> {
    const links = this.#since(table, since, now)
    const [first, ...more] = links
    if (first === undefined) return null
    if (more.length === 0) return first.set
    const known = this.#joined.get(table)?.find(({ from, to }) => from === since && to === now)
    if (known !== undefined) return known.set
    // A row that came and went again is on both sides, which a change set may have.
    const together = this.newTable()
    const parts = links.map(({ set }) => `SELECT * FROM ${quoteName(set.table)}`)
    await this.#lakehouse.database.run(`CREATE TABLE ${quoteName(together)} AS ${parts.join(' UNION ALL ')}`)
    const set = {
      table: together,
      inserted: links.reduce((sum, link) => sum + link.set.inserted, 0),
      deleted: links.reduce((sum, link) => sum + link.set.deleted, 0),
    }
    this.#joined.set(table, [...(this.#joined.get(table) ?? []), { from: since, to: now, set }])
    return set
  }

  /**
   * Compares the rows that are there with those of the table `rows` that will take their place. Rows are told apart by a hash of all
   * their columns, each as often as it occurs. Nothing is remembered before `accept`; on failure nothing remains.
   */
  async compare(
    before: SilverTable,
    after: SilverTable,
    rows: string,
    signal: AbortSignal | undefined,
  ): Promise<Comparison> {
    const { name } = before
    const none = { table: name, link: null }
    if (JSON.stringify(before.columns) !== JSON.stringify(after.columns)) return none
    const table = this.newTable()
    try {
      const set = await this.#difference(name, rows, after.columns, table, signal)
      if (set.inserted + set.deleted <= mostRows(before, after)) {
        return { table: name, link: { from: before.fingerprint, to: after.fingerprint, set } }
      }
      await this.#lakehouse.drop(table)
      return none
    } catch (error) {
      await this.#lakehouse.drop(table)
      throw error
    }
  }

  /** What is known already of how the rows changed; `changes` is a table that the store owns from now on. */
  async known(before: SilverTable, after: SilverTable, changes: ChangeSet): Promise<Comparison> {
    const { name } = before
    if (changes.inserted + changes.deleted <= mostRows(before, after)) {
      return { table: name, link: { from: before.fingerprint, to: after.fingerprint, set: changes } }
    }
    await this.#lakehouse.drop(changes.table)
    return { table: name, link: null }
  }

  /** Remembers a comparison: the new rows are in their place. */
  async accept({ table, link }: Comparison, after: SilverTable): Promise<void> {
    if (link === null) return this.forget(table)
    await this.#drop(this.#joined.get(table) ?? [])
    this.#joined.delete(table)
    const chain = [...(this.#chains.get(table) ?? []), link]
    const most = mostRows(after, after)
    const sizes = chain.map(({ set }) => set.inserted + set.deleted)
    let first = Math.max(0, chain.length - MOST_LINKS)
    while (first < chain.length - 1 && sizes.slice(first).reduce((sum, size) => sum + size, 0) > most) first += 1
    await this.#drop(chain.slice(0, first))
    this.#chains.set(table, chain.slice(first))
  }

  /** Forgets a comparison: the old rows stayed. */
  async discard({ link }: Comparison): Promise<void> {
    if (link !== null) await this.#drop([link])
  }

  /** The table's rows are gone, or came from nowhere. */
  async forget(table: string): Promise<void> {
    await this.#drop([...(this.#chains.get(table) ?? []), ...(this.#joined.get(table) ?? [])])
    this.#chains.delete(table)
    this.#joined.delete(table)
  }

  /** The links from then to now; none when there is a gap. */
  #since(table: string, since: string, now: string): Link[] {
    const chain = this.#chains.get(table) ?? []
    if (chain.at(-1)?.to !== now) return []
    // The last time that the table was so: what happened between two times that were alike does not matter.
    const start = chain.findLastIndex(({ from }) => from === since)
    return start < 0 ? [] : chain.slice(start)
  }

  async #difference(
    old: string,
    rows: string,
    columns: SilverTable['columns'],
    target: string,
    signal: AbortSignal | undefined,
  ): Promise<ChangeSet> {
    const { database } = this.#lakehouse
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
    const run = (sql: string) => database.runCancellable(sql, signal ?? new AbortController().signal)
    const [differing, places] = [this.newTable(), this.newTable()]
    await run(
      `CREATE TABLE ${quoteName(target)} AS SELECT ${names}, '' AS ${CHANGE_TYPE} FROM ${quoteName(rows)} WITH NO DATA`,
    )
    try {
      // A newer file mostly has its rows in the order of the one before: rows that are the same in the same place need no search.
      const rowHash = (side: string) =>
        `hash(${columns.map(({ name }) => `${side}.${quoteIdentifier(name)}`).join(', ')})`
      await run(
        `CREATE TABLE ${quoteName(places)} AS SELECT a.rowid AS old_row, b.rowid AS new_row
         FROM ${quoteName(old)} AS a POSITIONAL JOIN ${quoteName(rows)} AS b
         WHERE a.rowid IS NULL OR b.rowid IS NULL OR ${rowHash('a')} <> ${rowHash('b')}`,
      )
      const searched = 2 * (await this.#lakehouse.count(places))
      const passes = Math.ceil(searched / ROWS_A_PASS)
      // Deleted rows leave gaps in a table's row numbers: rows in the same place need not have the same one.
      const elsewhere = (table: string) =>
        `rowid IN (SELECT ${table === old ? 'old_row' : 'new_row'} FROM ${quoteName(places)})`
      for (let pass = 0; pass < passes; pass += 1) {
        throwIfCanceled(signal)
        const hashes = (table: string, sign: string) =>
          `SELECT h, ${sign} AS n FROM (SELECT hash(${names}) AS h FROM ${quoteName(table)} WHERE ${elsewhere(table)}) WHERE h % ${passes} = ${pass}`
        await run(
          `CREATE OR REPLACE TABLE ${quoteName(differing)} AS
           SELECT h, sum(n)::BIGINT AS n FROM (${hashes(rows, '1')} UNION ALL ${hashes(old, '-1')}) GROUP BY h HAVING sum(n) <> 0`,
        )
        for (const [table, type, sign] of [
          [old, 'delete', '-'],
          [rows, 'insert', ''],
        ] as const) {
          await run(
            `INSERT INTO ${quoteName(target)} SELECT ${names}, '${type}' FROM (
               SELECT t.*, ${sign}d.n AS __copies, row_number() OVER (PARTITION BY d.h) AS __copy
               FROM ${quoteName(table)} AS t JOIN ${quoteName(differing)} AS d ON d.h = ${rowHash('t')} AND ${sign}d.n > 0
               WHERE t.${elsewhere(table)}
             ) WHERE __copy <= __copies`,
          )
        }
      }
    } finally {
      for (const table of [differing, places]) await this.#lakehouse.drop(table)
    }
    const inserted = await this.#lakehouse.count(target, `${CHANGE_TYPE} = 'insert'`)
    return { table: target, inserted, deleted: (await this.#lakehouse.count(target)) - inserted }
  }

  async #drop(links: readonly Link[]): Promise<void> {
    for (const { set } of links) await this.#lakehouse.drop(set.table)
  }

  /** A name for the table of a change set. */
  newTable(): string {
    this.#tables += 1
    return `engine.silver_changes_${this.#tables}`
  }
}

function mostRows(before: SilverTable, after: SilverTable): number {
  return Math.max(FEW_ROWS, MOST_ROWS * Math.max(before.rows, after.rows))
}
