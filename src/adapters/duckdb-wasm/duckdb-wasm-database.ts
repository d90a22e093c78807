import { AsyncDuckDB, type AsyncDuckDBConnection, VoidLogger } from '@duckdb/duckdb-wasm'
import coiPthreadWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-coi.pthread.worker.js?url'
import coiWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-coi.worker.js?url'
import ehWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url'
import coiWasm from '@duckdb/duckdb-wasm/dist/duckdb-coi.wasm?url'
import ehWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url'
import type { ErrorData } from '@/domain/automation'
import { canceled, GoldsmithError } from '@/domain/errors'
import type { Database } from '@/engine/ports'
import { isWholeFile, streamInFile } from './arrow-file'
import { Breaking } from './breaking'
import { measured } from './statement-timing'

/**
 * The binding's pointers turn negative past 2 GiB of heap and every query after that fails, so DuckDB plans
 * inside less than that; the rest is for Arrow buffers on their way in and out.
 */
const MEMORY_LIMIT_BYTES = 1_700_000_000

/** How often work is tried whose copy in failed, or a reading query whose result came out short. */
const MOST_ATTEMPTS = 3

/**
 * DuckDB-WASM in a worker of its own: the threaded build when the page is cross-origin isolated, else the single-threaded one.
 * `onBroken` is called once when it can work no more; whatever is asked of it then rejects with the same error data.
 */
export async function openDuckDBWasm(onBroken: (error: ErrorData) => void): Promise<Database> {
  const threaded = globalThis.crossOriginIsolated === true
  // More threads than cores made streamed results come back empty in this version.
  const threads = threaded ? Math.min(navigator.hardwareConcurrency, 8) : 1
  const worker = new Worker(threaded ? coiWorker : ehWorker)
  const breaking = new Breaking(onBroken)
  // The library forgets its calls when the worker dies, so nobody would ever answer them.
  worker.addEventListener('error', ({ message }) => breaking.report(message))
  const duckdb = new AsyncDuckDB(new VoidLogger(), worker)
  await duckdb.instantiate(threaded ? coiWasm : ehWasm, threaded ? coiPthreadWorker : null)
  await duckdb.open({
    path: ':memory:',
    maximumThreads: threads,
    // The lossless conversion gives BOOLEAN as an extension type over TINYINT that Parquet writers do not know.
    arrowLosslessConversion: false,
    query: { queryPollingInterval: 50 },
  })
  const connection = await duckdb.connect()
  const database = new DuckDBWasmDatabase(duckdb, connection, breaking, {
    threads,
    version: await duckdb.getVersion(),
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
  })
  // A failed download of an extension kills the instance; a 404 on this origin is a clean SQL error.
  await database.run('SET autoload_known_extensions = false')
  await database.run(`SET custom_extension_repository = '${globalThis.location.origin}/duckdb-extensions'`)
  await database.run(`SET memory_limit = '${MEMORY_LIMIT_BYTES}B'`)
  return database
}

class DuckDBWasmDatabase implements Database {
  readonly info: Database['info']
  readonly #duckdb: AsyncDuckDB
  readonly #breaking: Breaking
  #connection: AsyncDuckDBConnection
  /** The last USE, which is a connection's own. */
  #use: string | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(duckdb: AsyncDuckDB, connection: AsyncDuckDBConnection, breaking: Breaking, info: Database['info']) {
    this.#duckdb = duckdb
    this.#connection = connection
    this.#breaking = breaking
    this.info = info
  }

  async run(sql: string): Promise<void> {
    if (sql.startsWith('USE ')) this.#use = sql
    await this.#inTurn((duckdb, connection) => measured('sql', sql, duckdb.runQuery(connection, sql)))
  }

  async query(sql: string): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt += 1) {
      const file = await this.#inTurn((duckdb, connection) => measured('sql', sql, duckdb.runQuery(connection, sql)))
      if (isWholeFile(file)) return streamInFile(file)
      // The views of memory were stale when the result was copied out; by the next statement they are not.
      if (attempt === MOST_ATTEMPTS) throw unreadableResult()
    }
  }

  runCancellable(sql: string, signal: AbortSignal): Promise<void> {
    return this.#inTurn(async (duckdb, connection) => {
      try {
        await measured('sql', sql, runPending(duckdb, connection, sql, signal))
      } catch (error) {
        if (signal.aborted && this.info.threads > 1) await this.#leaveConnection()
        throw error
      }
    })
  }

  insertArrow(target: { schema: string; table: string; create: boolean }, stream: Uint8Array): Promise<void> {
    const { schema, table: name, create } = target
    return this.#inTurn((duckdb, connection) =>
      measured('append', name, duckdb.insertArrowFromIPCStream(connection, stream, { schema, name, create })),
    )
  }

  async close(): Promise<void> {
    await this.#connection.close()
    await this.#duckdb.terminate()
  }

  /**
   * Canceling does not interrupt the other threads: each goes on to the end of its task, which may be hours away, and the next
   * statement of the same connection (or its closing) would wait for that. So the next statement gets another connection.
   */
  async #leaveConnection(): Promise<void> {
    this.#connection = await this.#duckdb.connect()
    const use = this.#use
    if (use !== null) await this.#connection.useUnsafe((duckdb, connection) => duckdb.runQuery(connection, use))
  }

  /** A pending query belongs to its connection: another statement in between would end it. */
  #inTurn<T>(work: (duckdb: AsyncDuckDB, connection: number) => Promise<T>): Promise<T> {
    const result = this.#queue.then(() =>
      this.#breaking.watch(() =>
        this.#connection.useUnsafe((duckdb, connection) => withFreshViews(duckdb, () => work(duckdb, connection))),
      ),
    )
    this.#queue = result.catch(() => undefined)
    return result
  }
}

/**
 * When a thread other than the binding's own grows the shared memory, the binding keeps its old, shorter views of it, and
 * copies in or out beyond their end fail or come out short. Passing any text renews the views; no file has this name.
 */
async function refreshMemoryViews(duckdb: AsyncDuckDB): Promise<void> {
  await duckdb.dropFile('renew-memory-views')
}

/**
 * Threads of a query that was just canceled may go on growing the memory. A copy in that fails for it is a RangeError
 * raised before the engine has seen anything of the work, so the work is begun again.
 */
async function withFreshViews<T>(duckdb: AsyncDuckDB, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await refreshMemoryViews(duckdb)
      return await work()
    } catch (error) {
      const isRange = error instanceof Error && error.name === 'RangeError'
      if (!isRange || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

function unreadableResult(): GoldsmithError {
  return new GoldsmithError({
    code: 'engine.unreadable_result',
    message: 'The result of a query could not be copied out of the engine.',
    remedy: 'Run it again; if it happens again, reload the page. What is stored is untouched.',
  })
}

async function runPending(duckdb: AsyncDuckDB, connection: number, sql: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new GoldsmithError(canceled())
  let header = await duckdb.startPendingQuery(connection, sql, false)
  while (header === null) {
    if (signal.aborted) {
      await duckdb.cancelPendingQuery(connection)
      throw new GoldsmithError(canceled())
    }
    header = await duckdb.pollPendingQuery(connection)
  }
}
