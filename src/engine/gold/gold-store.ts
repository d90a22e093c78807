import type { ErrorData } from '@/domain/automation'
import { comparisonName } from '@/domain/delta/comparison'
import { momentName } from '@/domain/delta/moment'
import { tableFolder } from '@/domain/delta/paths'
import type { DeltaColumn } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { ChangeSet } from '@/engine/changes/change-set'
import type { DeltaTables } from '@/engine/delta/delta-table'
import type { Lakehouse } from '@/engine/lakehouse'
import { Mutex } from '@/engine/mutex'
import type { FileStore, ParquetCodec } from '@/engine/ports'
import type { CommitMetadata } from './commit-metadata'
import { type ComparisonOfTable, writeComparison } from './comparisons'
import { GOLD_ROOT, goldPath } from './gold-path'
import { goldTable } from './gold-table'
import { type MomentOfTable, snapshotAt } from './moments'
import { readRows } from './read-rows'
import { changesBetween } from './version-changes'

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
    return goldPath(name)
  }

  /** Reads the logs of all tables that the file store holds. */
  async open(): Promise<void> {
    this.tables.clear()
    this.unreadable.clear()
    const folders = new Set<string>()
    for (const file of await this.#options.files.list(GOLD_ROOT)) {
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
      const snapshot = await this.#options.tables.readSnapshot(`${GOLD_ROOT}/${folder}`)
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
        await readRows(this.#options, table, table.name)
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

  /** Changes the rows that are resident to those of the version just committed. They go out of memory when that fails. */
  merge(name: string, statements: readonly string[]): Promise<void> {
    return this.#residency.run(async () => {
      try {
        for (const statement of statements) await this.#options.lakehouse.database.run(statement)
      } catch (error) {
        await this.#evict(name)
        throw error
      } finally {
        await this.refresh(name)
      }
      this.#touch(name)
    })
  }

  /**
   * How a table's rows changed since a version, as a DuckDB table of the given name; null when that version is not there any more,
   * is that of another table, or differs in so much that a rebuild costs less.
   */
  async changesSince(name: string, version: number, target: string): Promise<ChangeSet | null> {
    const table = this.tables.get(name)
    return table === undefined ? null : changesBetween(this.#options, table, version, target)
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
          await readRows(this.#options, table, target)
        })
        targets.push(target)
      }
      return await work()
    } finally {
      for (const target of targets) await this.#options.lakehouse.drop(target)
    }
  }

  /** Runs `work` with what differs between versions or tables queryable under the names that `comparisonName` gives. */
  async usingComparisons<T>(comparisons: readonly ComparisonOfTable[], work: () => Promise<T>): Promise<T> {
    const targets = new Set<string>()
    try {
      for (const { name, comparison } of comparisons) {
        const target = comparisonName(name, comparison)
        if (targets.has(target)) continue
        await this.makeRoom()
        await writeComparison({ ...this.#options, known: this.tables }, { name, comparison }, target)
        targets.add(target)
      }
      return await work()
    } finally {
      for (const target of targets) await this.#options.lakehouse.drop(target)
    }
  }
}

/** A table that was deleted and made anew has another id. */
function stateOf({ metaData, version }: Snapshot): string {
  return `${metaData.id} ${version}`
}
