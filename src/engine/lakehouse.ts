import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { plainRow, plainRows } from './arrow/plain-values'
import type { Database } from './ports'

/** The catalog in which Silver, Gold and results live. Compressed: the same tables take about a tenth of the memory. */
const LAKEHOUSE = 'lakehouse'
/** DuckDB's own in-memory catalog, uncompressed: for rows on their way somewhere else. */
const STAGING = 'memory'

/** The engine's tables inside DuckDB: naming, creation, counting, swapping. */
export class Lakehouse {
  readonly database: Database
  #stagings = 0

  private constructor(database: Database) {
    this.database = database
  }

  /** Prepares a fresh database: catalog, schemas, and the macros that translated SQL calls. */
  static async open(database: Database, schemas: readonly string[], macros: readonly string[]): Promise<Lakehouse> {
    await database.run(`ATTACH ':memory:' AS ${LAKEHOUSE} (COMPRESS)`)
    await database.run(`USE ${LAKEHOUSE}`)
    const lakehouse = new Lakehouse(database)
    for (const macro of macros) await database.run(macro)
    for (const schema of schemas) await lakehouse.createSchema(schema)
    return lakehouse
  }

  async createSchema(schema: string): Promise<void> {
    await this.database.run(`CREATE SCHEMA IF NOT EXISTS ${LAKEHOUSE}.${quoteIdentifier(schema)}`)
  }

  /** Unqualified names in queries that follow mean this schema. */
  async useSchema(schema: string): Promise<void> {
    await this.database.run(`USE ${LAKEHOUSE}.${quoteIdentifier(schema)}`)
  }

  async count(table: string, where = 'TRUE'): Promise<number> {
    const [count] = await this.row(`SELECT count(*) FROM ${quoteName(table)} WHERE ${where}`)
    return Number(count)
  }

  async row(sql: string): Promise<unknown[]> {
    return plainRow(await this.database.query(sql))
  }

  async rows(sql: string): Promise<unknown[][]> {
    return plainRows(await this.database.query(sql))
  }

  /** Output columns of a query, in order. Between parentheses nothing but a query parses; the query's last line may be a comment. */
  async describe(query: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.rows(`SELECT column_name, column_type FROM (DESCRIBE (${query}\n))`)
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
  }

  async drop(table: string): Promise<void> {
    await this.database.run(`DROP TABLE IF EXISTS ${quoteName(table)}`)
  }

  async exists(table: string): Promise<boolean> {
    const [schema = '', name = ''] = table.split('.')
    const [found] = await this.row(
      `SELECT count(*) FROM duckdb_tables() WHERE database_name = '${LAKEHOUSE}' AND schema_name = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(name)}`,
    )
    return Number(found) > 0
  }

  /** Tells a table from every other that has or had its name; null when there is none. */
  async identity(table: string): Promise<string | null> {
    const [schema = '', name = ''] = table.split('.')
    const [[oid] = []] = await this.rows(
      `SELECT table_oid FROM duckdb_tables() WHERE database_name = '${LAKEHOUSE}' AND schema_name = ${quoteLiteral(schema)} AND table_name = ${quoteLiteral(name)}`,
    )
    return oid === undefined ? null : String(oid)
  }

  /** Puts `from` in the place of `to` (both `schema.table` of one schema). */
  async replace(from: string, to: string): Promise<void> {
    await this.drop(to)
    await this.database.run(`ALTER TABLE ${quoteName(from)} RENAME TO ${quoteIdentifier(to.split('.').at(-1) ?? to)}`)
  }

  /** Runs statements that change tables of this catalog; when one fails, none of them has happened. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.database.run('BEGIN TRANSACTION')
    try {
      const result = await work()
      await this.database.run('COMMIT')
      return result
    } catch (error) {
      // The engine may have rolled back by itself; what went wrong first is the error to report.
      await this.database.run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  /** Inserts an Arrow stream into an uncompressed table, hands its quoted name to `work`, and drops it. */
  async staged<T>(stream: Uint8Array, work: (table: string) => Promise<T>): Promise<T> {
    this.#stagings += 1
    const table = `staging_${this.#stagings}`
    await this.database.insertArrow({ schema: STAGING, table, create: true }, stream)
    try {
      return await work(`${STAGING}.main.${table}`)
    } finally {
      await this.database.run(`DROP TABLE IF EXISTS ${STAGING}.main.${table}`)
    }
  }

  /** Runs a query into an uncompressed table, hands its quoted name to `work`, and drops it. */
  async stagedQuery<T>(query: string, signal: AbortSignal, work: (table: string) => Promise<T>): Promise<T> {
    this.#stagings += 1
    const table = `${STAGING}.main.staging_${this.#stagings}`
    await this.database.runCancellable(`CREATE TABLE ${table} AS ${query}`, signal)
    try {
      return await work(table)
    } finally {
      await this.database.run(`DROP TABLE IF EXISTS ${table}`)
    }
  }

  /** Bytes that DuckDB holds now. */
  async memoryBytes(): Promise<number> {
    const [bytes] = await this.row('SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()')
    return Number(bytes)
  }
}
