import type { ErrorData } from '@/domain/automation'
import { momentName } from '@/domain/delta/moment'
import { tableFolder } from '@/domain/delta/paths'
import { type DeltaColumn, parseSchema } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { recordCount } from '@/domain/delta/statistics'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { withoutZone } from '@/engine/arrow/arrow-types'
import { retypeStream } from '@/engine/arrow/ipc-stream'
import type { DeltaTables } from '@/engine/delta/delta-table'
import type { Lakehouse } from '@/engine/lakehouse'
import { Mutex } from '@/engine/mutex'
import { type DecodeJob, decodeAhead } from '@/engine/parquet/decode-ahead'
import type { FileStore, ParquetCodec } from '@/engine/ports'
import { type CommitMetadata, parseCommitMetadata } from './commit-metadata'
import { type MomentOfTable, snapshotAt } from './moments'

const ROOT = 'lakehouse'
/** Above this share of the memory limit, tables that can be read again are dropped before others come in. */
const EVICTION_SHARE = 0.5

export interface GoldTable {
  /** `schema.table` */
  name: string
  snapshot: Snapshot
  columns: DeltaColumn[]
  rows: number
  bytes: number
  metadata: CommitMetadata | null
}

export interface GoldStoreOptions {
  lakehouse: Lakehouse
  codec: ParquetCodec
  files: FileStore
  tables: DeltaTables
}

/**
 * The committed Gold tables. Delta tables in the file store are the truth; DuckDB holds copies of those that are in use
 * ("resident"), which may be dropped and read again at any time.
 */
export class GoldStore {
  readonly tables = new Map<string, GoldTable>()
  /** Tables whose log cannot be read, with why. */
  readonly unreadable = new Map<string, ErrorData>()
  readonly #options: GoldStoreOptions
  /** Least recently used first. */
  readonly #resident = new Set<string>()
  /** How many pieces of work need a table resident now. */
  readonly #pins = new Map<string, number>()
  /** Held while tables come in or go out: two callers that need one table read it once. */
  readonly #residency = new Mutex()

  constructor(options: GoldStoreOptions) {
    this.#options = options
  }

  /** Folder of a table in the file store. */
  static path(name: string): string {
    return `${ROOT}/${tableFolder(name)}`
  }

  /** Reads the logs of all tables that the file store holds. */
  async open(): Promise<void> {
    this.tables.clear()
    this.unreadable.clear()
    const folders = new Set<string>()
    for (const file of await this.#options.files.list(ROOT)) {
      const [, folder] = /^([^/]+\/[^/]+)\/_delta_log\//.exec(file) ?? []
      if (folder !== undefined) folders.add(folder)
    }
    for (const folder of folders) await this.#read(folder, null)
  }

  /** Reads all logs again, and drops resident copies of versions that are no longer the current ones. */
  refreshAll(): Promise<void> {
    return this.#residency.run(async () => {
      const before = new Map([...this.tables].map(([name, { snapshot }]) => [name, stateOf(snapshot)]))
      await this.open()
      for (const name of [...this.#resident]) {
        const table = this.tables.get(name)
        if (table === undefined || stateOf(table.snapshot) !== before.get(name)) await this.#evict(name)
      }
    })
  }

  /** Changes whenever the table's rows may have; null when there is no such table. */
  state(name: string): string | null {
    const table = this.tables.get(name)
    return table === undefined ? null : stateOf(table.snapshot)
  }

  /** Reads a table's log again, and lets go of the rows that were resident: somebody else than `publish` changed them. */
  reread(name: string): Promise<void> {
    return this.#residency.run(async () => {
      await this.#evict(name)
      await this.refresh(name)
    })
  }

  /** Reads one table's log again. */
  refresh(name: string): Promise<GoldTable | null> {
    return this.#read(tableFolder(name), name)
  }

  async #read(folder: string, expected: string | null): Promise<GoldTable | null> {
    // A folder's name may be a shortened form of the table's, which the log holds whole.
    let name = expected ?? folder.replace('/', '.')
    try {
      const snapshot = await this.#options.tables.readSnapshot(`${ROOT}/${folder}`)
      if (snapshot === null) return null
      name = expected ?? snapshot.metaData.name ?? name
      const table = goldTable(name, snapshot)
      this.tables.set(name, table)
      this.unreadable.delete(name)
      return table
    } catch (error) {
      this.tables.delete(name)
      this.unreadable.set(name, { ...toErrorData(error), file: name })
      return null
    }
  }

  /**
   * Runs `work` with the tables queryable, reading those from the file store that are not in DuckDB; none of them goes out
   * meanwhile. Names that are no Gold tables are left alone. Throws what makes a table unreadable.
   */
  async using<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const name of names) this.#pins.set(name, (this.#pins.get(name) ?? 0) + 1)
    try {
      await this.#residency.run(() => this.#ensureResident(names))
      return await work()
    } finally {
      for (const name of names) this.#unpin(name)
    }
  }

  async #ensureResident(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const failure = this.unreadable.get(name)
      if (failure) throw new GoldsmithError(failure)
      const table = this.tables.get(name)
      if (table === undefined) continue
      if (!this.#resident.has(name)) {
        await this.#makeRoom()
        await this.#load(table, table.name)
      }
      this.#touch(name)
    }
  }

  #unpin(name: string): void {
    const pins = (this.#pins.get(name) ?? 0) - 1
    if (pins > 0) this.#pins.set(name, pins)
    else this.#pins.delete(name)
  }

  /** Puts freshly built rows in the place of what was resident; they are those of the version just committed. */
  publish(name: string, built: string): Promise<void> {
    return this.#residency.run(async () => {
      await this.#options.lakehouse.replace(built, name)
      await this.refresh(name)
      this.#touch(name)
    })
  }

  /** Drops resident copies, least recently used first, until memory is below the threshold; those in use stay. */
  makeRoom(): Promise<void> {
    return this.#residency.run(() => this.#makeRoom())
  }

  async #makeRoom(): Promise<void> {
    const { lakehouse } = this.#options
    const limit = lakehouse.database.info.memoryLimitBytes * EVICTION_SHARE
    for (const name of [...this.#resident]) {
      if ((await lakehouse.memoryBytes()) < limit) return
      if (!this.#pins.has(name)) await this.#evict(name)
    }
  }

  /** Drops every resident copy. No work may be using one. */
  evictAll(): Promise<void> {
    return this.#residency.run(async () => {
      for (const name of [...this.#resident]) await this.#evict(name)
    })
  }

  async #evict(name: string): Promise<void> {
    this.#resident.delete(name)
    await this.#options.lakehouse.drop(name)
  }

  #touch(name: string): void {
    this.#resident.delete(name)
    this.#resident.add(name)
  }

  /**
   * Runs `work` with tables as they were queryable under the names that `momentName` gives them. Throws `delta.unknown_version`
   * for a moment that the log does not reach.
   */
  async usingMoments<T>(moments: readonly MomentOfTable[], work: () => Promise<T>): Promise<T> {
    const targets: string[] = []
    try {
      for (const { name, moment } of moments) {
        const target = momentName(name, moment)
        if (targets.includes(target)) continue
        const table = goldTable(name, await snapshotAt(this.#options.tables, GoldStore.path(name), moment))
        await this.#residency.run(async () => {
          await this.#makeRoom()
          await this.#load(table, target)
        })
        targets.push(target)
      }
      return await work()
    } finally {
      for (const target of targets) await this.#options.lakehouse.drop(target)
    }
  }

  async #load(table: GoldTable, target: string): Promise<void> {
    const { lakehouse, codec, tables } = this.#options
    const loading = `${target}__loading`
    const [schema = '', name = ''] = loading.split('.')
    await lakehouse.createSchema(schema)
    await lakehouse.drop(loading)
    const definitions = table.columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(', ')
    await lakehouse.database.run(`CREATE TABLE ${quoteName(loading)} (${definitions})`)
    try {
      const partitioned = new Set(table.snapshot.metaData.partitionColumns)
      const columns = table.columns.map((column) => column.name).filter((column) => !partitioned.has(column))
      const jobs: (DecodeJob & { partitionValues: Record<string, string | null> })[] = []
      for (const part of table.snapshot.files) {
        const file = await tables.openPart(GoldStore.path(table.name), part)
        const label = `${table.name}/${part.path}`
        const info = await codec.inspect(file, label)
        info.rowGroups.forEach((group, index) => {
          jobs.push({
            expected: group,
            file,
            name: label,
            rowGroup: { index, rows: group.rows },
            columns,
            partitionValues: part.partitionValues,
          })
        })
      }
      for await (const { index, stream } of decodeAhead(codec, jobs)) {
        const rows = retypeStream(stream, withoutZone)
        if (partitioned.size === 0) await lakehouse.database.insertArrow({ schema, table: name, create: false }, rows)
        else await this.#insertPartition(table, loading, rows, jobs[index]?.partitionValues ?? {})
      }
      const rows = await lakehouse.count(loading)
      if (rows !== table.rows) {
        throw new GoldsmithError({
          code: 'delta.row_count',
          message: `${table.name}: its files gave ${rows} rows where the log says ${table.rows}.`,
          remedy: 'Run the pipeline again with a full refresh of this table.',
        })
      }
      await lakehouse.replace(loading, target)
    } catch (error) {
      await lakehouse.drop(loading)
      throw error
    }
  }

  /** A part does not hold its partition's columns: their values come from the log. */
  async #insertPartition(
    table: GoldTable,
    target: string,
    rows: Uint8Array,
    values: Record<string, string | null>,
  ): Promise<void> {
    const { lakehouse } = this.#options
    const partitioned = new Set(table.snapshot.metaData.partitionColumns)
    const select = table.columns.map(({ name, type }) => {
      const value = values[name] ?? null
      if (!partitioned.has(name)) return quoteIdentifier(name)
      return value === null ? 'NULL' : `CAST(${quoteLiteral(value)} AS ${type})`
    })
    await lakehouse.staged(rows, (staged) =>
      lakehouse.database.run(`INSERT INTO ${quoteName(target)} SELECT ${select.join(', ')} FROM ${staged}`),
    )
  }
}

function goldTable(name: string, snapshot: Snapshot): GoldTable {
  return {
    name,
    snapshot,
    columns: parseSchema(snapshot.metaData.schemaString),
    rows: snapshot.files.reduce((sum, file) => sum + (recordCount(file.stats) ?? 0), 0),
    bytes: snapshot.files.reduce((sum, file) => sum + file.size, 0),
    metadata: parseCommitMetadata(snapshot.userMetadata),
  }
}

/** A table that was deleted and made anew has another id. */
function stateOf({ metaData, version }: Snapshot): string {
  return `${metaData.id} ${version}`
}
