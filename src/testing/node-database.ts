import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import * as parquet from 'parquet-wasm'
import { canceled, GoldsmithError } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import type { Database } from '@/engine/ports'

const MEMORY_LIMIT_BYTES = 1_700_000_000

/**
 * Native DuckDB of the same version behind the engine's port. It speaks no Arrow, so streams go in and out through
 * Parquet files in a temporary folder: the one format that keeps every type on both sides.
 */
export async function openNodeDatabase(): Promise<NodeDatabase> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: `${MEMORY_LIMIT_BYTES}B` })
  return new NodeDatabase(instance, await instance.connect())
}

export class NodeDatabase implements Database {
  readonly info = { threads: 2, version: 'v1.4.3', memoryLimitBytes: MEMORY_LIMIT_BYTES }
  /** Every statement that was run, for tests that look at how a thing was built. */
  readonly statements: string[] = []
  readonly #instance: DuckDBInstance
  /** For tests that look at the tables a second way. */
  readonly connection: DuckDBConnection
  readonly #folder = mkdtempSync(join(tmpdir(), 'goldsmith-'))
  #queue: Promise<unknown> = Promise.resolve()
  #files = 0
  #closed = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.connection = connection
  }

  run(sql: string): Promise<void> {
    return this.#inTurn(async () => {
      this.statements.push(sql)
      await this.connection.run(sql)
    })
  }

  async runCancellable(sql: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GoldsmithError(canceled())
    const interrupt = () => this.connection.interrupt()
    signal.addEventListener('abort', interrupt)
    try {
      await this.run(sql)
    } catch (error) {
      throw signal.aborted ? new GoldsmithError(canceled()) : error
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
  }

  query(sql: string): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      this.statements.push(sql)
      const described = await this.connection.runAndReadAll(`DESCRIBE ${sql}`)
      const select = described.getRows().map(([name, type]) => {
        const column = quoteIdentifier(String(name))
        // Parquet has no 128-bit integer and DuckDB would write a DOUBLE.
        return type === 'HUGEINT' ? `CAST(${column} AS DECIMAL(38,0)) AS ${column}` : column
      })
      const file = this.#file()
      await this.connection.run(
        `COPY (SELECT ${select.join(', ')} FROM (${sql})) TO ${quoteLiteral(file)} (FORMAT parquet)`,
      )
      const bytes = readFileSync(file)
      rmSync(file)
      return parquet.readParquet(bytes).intoIPCStream()
    })
  }

  insertArrow(target: { schema: string; table: string; create: boolean }, stream: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const file = this.#file()
      writeFileSync(file, parquet.writeParquet(parquet.Table.fromIPCStream(stream)))
      const name = `${quoteIdentifier(target.schema)}.${quoteIdentifier(target.table)}`
      const rows = `SELECT * FROM read_parquet(${quoteLiteral(file)})`
      await this.connection.run(target.create ? `CREATE TABLE ${name} AS ${rows}` : `INSERT INTO ${name} ${rows}`)
      rmSync(file)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#queue
    this.connection.closeSync()
    this.#instance.closeSync()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** One connection: statements wait for each other, as they do in the browser's worker. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The database is closed'))
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  #file(): string {
    this.#files += 1
    return join(this.#folder, `${this.#files}.parquet`)
  }
}
