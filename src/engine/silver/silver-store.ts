import type { LoadReport } from '@/domain/automation'
import { GoldsmithError, throwIfCanceled, toErrorData } from '@/domain/errors'
import type { ContractColumn } from '@/domain/silver/column-plan'
import type { LoadMode } from '@/domain/silver/load-mode'
import type { ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Mutex } from '@/engine/mutex'
import type { ParquetCodec } from '@/engine/ports'
import type { EngineEvent, InputFile } from '@/rpc/contract'
import { groupFiles, type SilverContract, type TableFiles } from './group-files'
import type { LoadSource } from './load-source'
import { type LoadContext, loadTable } from './load-table'
import { describeParts, prepareSource } from './prepare-source'
import { rebuild } from './rebuild'
import { SilverChanges } from './silver-changes'
import { type Batch, decideMode, mergeBatch } from './silver-merge'
import type { SilverFailure, SilverTable } from './silver-table'

export interface SilverStoreOptions {
  lakehouse: Lakehouse
  codec: ParquetCodec
  contracts: readonly SilverContract[]
  /** Held while a table is swapped, so that no query sees it missing. */
  swap: Mutex
  emit: (event: EngineEvent) => void
}

/** Files whose rows are a table: the first ones whole, changes in the others; null for rows that the engine made. */
type Batches = (TableFiles | null)[]

/** The Silver tables that are loaded. A load that fails changes nothing of what was loaded before. */
export class SilverStore {
  readonly tables = new Map<string, SilverTable>()
  readonly failures = new Map<string, SilverFailure>()
  readonly #options: SilverStoreOptions
  readonly #changes: SilverChanges
  /** What each table's rows came from, and what those came from that the last files found there. */
  readonly #batches = new Map<string, { batches: Batches; before: Batches | null }>()

  constructor(options: SilverStoreOptions) {
    this.#options = options
    this.#changes = new SilverChanges(options.lakehouse)
  }

  /** Whether `changesSince` has an answer. */
  knowsChanges(table: string, since: string): boolean {
    const now = this.tables.get(table)?.fingerprint
    return now !== undefined && this.#changes.knows(table, since, now)
  }

  /** How a table's rows changed since it had the fingerprint; null when that is not known, or most of them did. */
  async changesSince(table: string, since: string): Promise<ChangeSet | null> {
    const now = this.tables.get(table)?.fingerprint
    return now === undefined ? null : this.#changes.since(table, since, now)
  }

  contract(table: string): SilverContract | undefined {
    return this.#options.contracts.find(({ name }) => name === table)
  }

  /** The columns to look for in a file. A table that no dataset reads is there to be queried: all of it is read. */
  #columns(table: string): ContractColumn[] {
    const columns = this.contract(table)?.columns ?? []
    return columns.some(({ used }) => used) ? columns : columns.map((column) => ({ ...column, used: true }))
  }

  /**
   * Reads the files, each into the table that its path names (or all into `as`). Without a `mode`, the content says whether files
   * for a table that has rows are the whole table or changes to it.
   */
  async load(
    { files, as, mode }: { files: readonly InputFile[]; as?: string; mode?: LoadMode },
    signal: AbortSignal | undefined,
  ): Promise<LoadReport> {
    const { codec, contracts } = this.#options
    const report: LoadReport = { sources: [], rejected: [] }
    for (const [table, dropped] of await groupFiles(codec, contracts, files, as, report.rejected)) {
      throwIfCanceled(signal)
      await this.#attempt(table, dropped, report, (source) => this.#load(table, dropped, source, mode, signal))
    }
    this.#announce()
    return report
  }

  /** Loads a table's last files again, in the given mode, onto the rows that they found there. */
  async loadAgain(table: string, mode: LoadMode, signal: AbortSignal | undefined): Promise<LoadReport> {
    const kept = this.#batches.get(table)
    const last = kept?.batches.at(-1)
    const before = kept?.before ?? null
    const onto = before?.filter((files) => files !== null) ?? []
    if (!last || before === null || (mode === 'merge' && onto.length < before.length)) throw nothingToRepeat(table)
    const report: LoadReport = { sources: [], rejected: [] }
    await this.#attempt(table, last, report, (source) =>
      mode === 'merge'
        ? this.#rebuild(table, onto, last, signal)
        : this.#load(table, last, source, mode, signal, before),
    )
    this.#announce()
    return report
  }

  /** Registers a table whose rows the engine made itself. */
  async adopt(table: SilverTable): Promise<void> {
    await this.#changes.forget(table.name)
    this.tables.set(table.name, table)
    this.#batches.set(table.name, { batches: [null], before: null })
    this.failures.delete(table.name)
    this.#announce()
  }

  async unload(table: string): Promise<void> {
    await this.#options.swap.run(async () => {
      await this.#options.lakehouse.drop(table)
      this.tables.delete(table)
    })
    await this.#changes.forget(table)
    this.#batches.delete(table)
    this.failures.delete(table)
    this.#announce()
  }

  /** Forgets all tables, inside work that holds the swap already. */
  async clear(): Promise<void> {
    for (const table of [...this.tables.keys()]) {
      await this.#options.lakehouse.drop(table)
      await this.#changes.forget(table)
    }
    this.tables.clear()
    this.#batches.clear()
    this.failures.clear()
  }

  #announce(): void {
    this.#options.emit({ type: 'sources.changed' })
    this.#options.emit({ type: 'catalog.changed' })
  }

  /** Checks files and loads them by `work`; whatever is wrong with them is noted in the report. */
  async #attempt(
    table: string,
    dropped: TableFiles,
    report: LoadReport,
    work: (source: LoadSource) => Promise<SilverTable>,
  ): Promise<void> {
    const prepared = await prepareSource(this.#options.codec, table, this.#columns(table), dropped, report.rejected)
    if (prepared === null) return
    if ('failure' in prepared) {
      report.sources.push(this.#failed(table, prepared.failure))
      return
    }
    const parts = prepared.source.parts.map(({ file }) => file)
    const files = describeParts(parts, parts)
    try {
      const { rows, bytes, columns } = await work(prepared.source)
      this.failures.delete(table)
      report.sources.push({ table, files: files.map(({ path }) => path), rows, bytes, columns, problems: [] })
    } catch (error) {
      const data = toErrorData(error)
      if (data.code === 'canceled') throw error
      report.sources.push(this.#failed(table, { files, problems: [data] }))
    }
  }

  #failed(table: string, failure: SilverFailure): LoadReport['sources'][number] {
    const { files, problems } = failure
    this.failures.set(table, failure)
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return { table, files: files.map(({ path }) => path), rows: 0, bytes, columns: [], problems }
  }

  #context(table: string, signal: AbortSignal | undefined, publish: LoadContext['publish']): LoadContext {
    const { lakehouse, codec, emit } = this.#options
    return { lakehouse, codec, signal, publish, progress: (event) => emit({ type: 'load.progress', table, ...event }) }
  }

  /** `found` is what the rows that are there came from, when that is not what they are. */
  #load(
    table: string,
    dropped: TableFiles,
    source: LoadSource,
    wanted: LoadMode | undefined,
    signal: AbortSignal | undefined,
    found?: Batches,
  ): Promise<SilverTable> {
    const context = this.#context(table, signal, async (loaded, rows) => {
      const contract = this.contract(table)
      const before = this.tables.get(table)
      const batches = found ?? this.#batches.get(table)?.batches ?? []
      if (before === undefined || contract === undefined) {
        await this.#replace(before, loaded, rows, signal)
        this.#batches.set(table, { batches: [dropped], before: null })
        return loaded
      }
      const batch: Batch = { contract, before, loaded, rows, dropped }
      const { mode, reason } = wanted
        ? { mode: wanted, reason: 'You chose so.' }
        : await decideMode(this.#options.lakehouse, batch, batches.slice(1))
      if (mode === 'merge') {
        const after = await this.#merge(batch, reason, signal)
        this.#batches.set(table, { batches: [...batches, dropped], before: batches })
        return after
      }
      const canSwitch = contract.key.length > 0 && batches.length > 0 && !batches.includes(null)
      const files = loaded.files.map(({ path }) => path)
      const counts = { rows: loaded.rows, inserted: 0, superseded: 0 }
      const after: SilverTable = { ...loaded, lastLoad: { mode, files, ...counts, reason, canSwitch } }
      await this.#replace(before, after, rows, signal)
      this.#batches.set(table, { batches: [dropped], before: batches })
      return after
    })
    return loadTable(context, table, this.#columns(table), source)
  }

  async #replace(
    before: SilverTable | undefined,
    after: SilverTable,
    rows: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { lakehouse, swap } = this.#options
    const isOther = before !== undefined && before.fingerprint !== after.fingerprint
    const compared = isOther ? await this.#changes.compare(before, after, rows, signal) : null
    try {
      await swap.run(async () => {
        await lakehouse.replace(rows, after.name)
        this.tables.set(after.name, after)
      })
    } catch (error) {
      if (compared) await this.#changes.discard(compared)
      throw error
    }
    if (compared) await this.#changes.accept(compared, after)
  }

  async #merge(batch: Batch, reason: string, signal = new AbortController().signal): Promise<SilverTable> {
    const { lakehouse, swap } = this.#options
    const { before, rows } = batch
    const request = { target: before.name, changes: this.#changes.newTable(), reason, signal }
    const { after, changes } = await mergeBatch(lakehouse, batch, request, (work) =>
      swap.run(async () => {
        const merged = await work()
        this.tables.set(merged.name, merged)
        return merged
      }),
    )
    if (before.fingerprint === after.fingerprint) await lakehouse.drop(changes.table)
    else await this.#changes.accept(await this.#changes.known(before, after, changes), after)
    await lakehouse.drop(rows)
    return after
  }

  /** Loads files one on top of the other, and puts the result in the place of the rows that are there. */
  async #rebuild(
    table: string,
    onto: readonly TableFiles[],
    last: TableFiles,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<SilverTable> {
    const { lakehouse, codec } = this.#options
    const contract = this.contract(table)
    if (contract === undefined) throw nothingToRepeat(table)
    const target = `${table}__rebuilt`
    try {
      const context = this.#context(table, signal, async (loaded) => loaded)
      const parts = { contract, columns: this.#columns(table), target, newTable: () => this.#changes.newTable() }
      const built = await rebuild({ ...context, ...parts, codec, signal }, [...onto, last])
      await this.#replace(this.tables.get(table), built, target, signal)
      this.#batches.set(table, { batches: [...onto, last], before: [...onto] })
      return built
    } finally {
      await lakehouse.drop(target)
    }
  }
}

function nothingToRepeat(table: string): GoldsmithError {
  return new GoldsmithError({
    code: 'source.nothing_to_repeat',
    message: `The last files of ${table.slice(0, 80)} cannot be loaded in another way: what they found there is not known any more.`,
    remedy: 'Drop the files again, those of the whole table first.',
  })
}
