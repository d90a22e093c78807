import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { LatestPerKey } from '@/engine/ports'

/** Groups that one pass of a duplicate search may hold: about 100 MB of hash table. */
const GROUPS_PER_PASS = 4_000_000

/**
 * The rows that `QUALIFY row_number() OVER (PARTITION BY keys ORDER BY …) = 1` would drop, as a condition on `rowid`.
 * A window over a large table holds all of it in memory and lets no filter through; most tables have few duplicate
 * keys or none, so the losers are listed once and every query then leaves them out.
 */
export class SupersededRows {
  readonly #lakehouse: Lakehouse
  readonly #found = new Map<string, { table: string; rows: number }>()

  constructor(lakehouse: Lakehouse) {
    this.#lakehouse = lakehouse
  }

  /** A condition that is true for the rows to keep; `TRUE` when no key occurs twice. */
  async condition(latest: LatestPerKey): Promise<string> {
    const { table, rows } = await this.#list(latest)
    return rows === 0 ? 'TRUE' : `rowid NOT IN (SELECT row_id FROM ${quoteName(table)})`
  }

  /** How many rows of a table are older versions of another. */
  async count(latest: LatestPerKey): Promise<number> {
    return (await this.#list(latest)).rows
  }

  /** Drops the lists; they hold only for the tables as they are now. */
  async forget(): Promise<void> {
    for (const { table } of this.#found.values()) await this.#lakehouse.drop(table)
    this.#found.clear()
  }

  async #list(latest: LatestPerKey): Promise<{ table: string; rows: number }> {
    const id = JSON.stringify([latest.table, latest.keys, latest.orderBy])
    const known = this.#found.get(id)
    if (known) return known
    const table = `engine.superseded_${this.#found.size}`
    const rows = await this.#search(latest, table)
    const result = { table, rows }
    this.#found.set(id, result)
    return result
  }

  async #search(latest: LatestPerKey, target: string): Promise<number> {
    const { database } = this.#lakehouse
    if (await isStrictlyAscending(this.#lakehouse, latest.table, latest.keys)) return 0
    await database.run(`CREATE OR REPLACE TABLE ${quoteName(target)} (row_id BIGINT)`)
    const source = quoteName(latest.table)
    const keys = latest.keys.map(quoteIdentifier)
    const same = keys.map((key) => `line.${key} IS NOT DISTINCT FROM duplicate.${key}`).join(' AND ')
    // Rows that are equal in everything the query orders by: the later one in the file counts as the later one.
    const order = [...latest.orderBy.map(orderTerm), 'line.rowid DESC'].join(', ')
    for (const pass of await passes(this.#lakehouse, latest.table, keys)) {
      await database.run(
        `INSERT INTO ${quoteName(target)}
         SELECT row_id FROM (
           SELECT line.rowid AS row_id,
             row_number() OVER (PARTITION BY ${keys.map((key) => `line.${key}`).join(', ')} ORDER BY ${order}) AS place
           FROM ${source} AS line
           JOIN (SELECT ${keys.join(', ')} FROM ${source} WHERE ${pass} GROUP BY ALL HAVING count(*) > 1) AS duplicate ON ${same}
         ) WHERE place > 1`,
      )
    }
    return this.#lakehouse.count(target)
  }
}

/**
 * Up to `limit` keys that occur more than once, as text; NULL is a value of the key.
 */
export async function duplicateKeys(
  lakehouse: Lakehouse,
  table: string,
  keyColumns: readonly string[],
  limit: number,
): Promise<{ key: string; rows: number }[]> {
  if (await isStrictlyAscending(lakehouse, table, keyColumns)) return []
  const keys = keyColumns.map(quoteIdentifier)
  const text = keys.map((key) => `coalesce(CAST(${key} AS VARCHAR), 'NULL')`).join(` || ', ' || `)
  const found: { key: string; rows: number }[] = []
  for (const pass of await passes(lakehouse, table, keys)) {
    const rows = await lakehouse.rows(
      `SELECT ${text}, count(*) FROM ${quoteName(table)} WHERE ${pass} GROUP BY ${keys.join(', ')} HAVING count(*) > 1 ORDER BY 1 LIMIT ${limit}`,
    )
    for (const [key, count] of rows) found.push({ key: String(key), rows: Number(count) })
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

/** One streaming pass that needs no memory: true for most keys that a source numbers by itself, and proof of uniqueness. */
async function isStrictlyAscending(lakehouse: Lakehouse, table: string, keys: readonly string[]): Promise<boolean> {
  const [key] = keys
  if (key === undefined || keys.length > 1) return false
  const column = quoteIdentifier(key)
  const [broken] = await lakehouse.row(
    `SELECT count(*) FROM (SELECT ${column} AS k, lag(${column}) OVER () AS previous, row_number() OVER () AS place FROM ${quoteName(table)})
     WHERE k IS NULL OR (place > 1 AND NOT coalesce(k > previous, FALSE))`,
  )
  return Number(broken) === 0
}

/** Predicates that split a table by a hash of its keys, so that each part's distinct keys fit in memory. */
async function passes(lakehouse: Lakehouse, table: string, keys: readonly string[]): Promise<string[]> {
  const count = Math.max(1, Math.ceil((await lakehouse.count(table)) / GROUPS_PER_PASS))
  if (count === 1) return ['TRUE']
  return Array.from({ length: count }, (_, index) => `hash(${keys.join(', ')}) % ${count} = ${index}`)
}

function orderTerm({ column, descending, nullsFirst }: LatestPerKey['orderBy'][number]): string {
  return `line.${quoteIdentifier(column)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
}
