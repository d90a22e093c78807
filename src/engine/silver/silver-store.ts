import type { ErrorData, LoadReport } from '@/domain/automation'
import { throwIfCanceled, toErrorData } from '@/domain/errors'
import type { ContractColumn } from '@/domain/silver/column-plan'
import type { ChangeSet } from '@/engine/changes/change-set'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Mutex } from '@/engine/mutex'
import type { ParquetCodec } from '@/engine/ports'
import type { EngineEvent, InputFile } from '@/rpc/contract'
import { deltaSource } from './delta-source'
import { duplicateOf } from './duplicate-files'
import { groupFiles, type SilverContract, type TableFiles } from './group-files'
import { type InspectedFile, type LoadSource, parquetSource } from './load-source'
import { loadTable } from './load-table'
import { SilverChanges } from './silver-changes'
import type { SilverFailure, SilverTable } from './silver-table'

export interface SilverStoreOptions {
  lakehouse: Lakehouse
  codec: ParquetCodec
  contracts: readonly SilverContract[]
  /** Held while a table is swapped, so that no query sees it missing. */
  swap: Mutex
  emit: (event: EngineEvent) => void
}

/** The Silver tables that are loaded. A load that fails changes nothing of what was loaded before. */
export class SilverStore {
  readonly tables = new Map<string, SilverTable>()
  readonly failures = new Map<string, SilverFailure>()
  readonly #options: SilverStoreOptions
  readonly #changes: SilverChanges

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

  /** Reads the files, each into the table that its path names (or all into `as`). */
  async load(
    files: readonly InputFile[],
    as: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<LoadReport> {
    const { codec, contracts, emit } = this.#options
    const report: LoadReport = { sources: [], rejected: [] }
    for (const [table, dropped] of await groupFiles(codec, contracts, files, as, report.rejected)) {
      throwIfCanceled(signal)
      const source = await this.#source(table, dropped, report)
      if (source !== null) report.sources.push(await this.#loadTable(table, source, signal))
    }
    emit({ type: 'sources.changed' })
    emit({ type: 'catalog.changed' })
    return report
  }

  /** What a table is to be loaded from, or null when the report says already why it cannot be. */
  async #source(table: string, dropped: TableFiles, report: LoadReport): Promise<LoadSource | null> {
    const { parts, deltas, unreadable } = dropped
    const [delta] = deltas
    if (delta === undefined && unreadable.length === 0) return this.#parquet(table, parts, report)
    if (delta !== undefined && describeDropped(dropped).length === 1) {
      const source = await deltaSource(this.#options.codec, table, this.#columns(table), delta)
      if (source.problems.length === 0) return source
      report.sources.push(this.#failed(table, describeDropped(dropped), source.problems))
      return null
    }
    const problems = unreadable.map(({ error }) => error)
    const refused = problems.length > 0 ? problems : [severalTables(table, describeDropped(dropped))]
    report.sources.push(this.#failed(table, describeDropped(dropped), refused))
    return null
  }

  async #parquet(table: string, parts: readonly InputFile[], report: LoadReport): Promise<LoadSource | null> {
    const { inspected, unreadable } = await this.#inspect(parts, report)
    const [first] = unreadable
    if (first !== undefined && parts.length === 1) {
      report.rejected.push({ file: first.part.path, error: first.error })
      return null
    }
    // The parts that can be read would make a partial table that looks like a whole one.
    const problems = unreadable.map(({ error }) => error)
    const source = parquetSource(table, this.#columns(table), inspected)
    const refused = problems.length > 0 ? problems : source.problems
    if (refused.length === 0) return source
    const described = problems.length > 0 ? describeParts(parts, inspected) : describeParts(inspected, inspected)
    report.sources.push(this.#failed(table, described, refused))
    return null
  }

  /** Registers a table whose rows the engine made itself. */
  async adopt(table: SilverTable): Promise<void> {
    await this.#changes.forget(table.name)
    this.tables.set(table.name, table)
    this.failures.delete(table.name)
    this.#options.emit({ type: 'sources.changed' })
    this.#options.emit({ type: 'catalog.changed' })
  }

  async unload(table: string): Promise<void> {
    await this.#options.swap.run(async () => {
      await this.#options.lakehouse.drop(table)
      this.tables.delete(table)
    })
    await this.#changes.forget(table)
    this.failures.delete(table)
    this.#options.emit({ type: 'sources.changed' })
    this.#options.emit({ type: 'catalog.changed' })
  }

  /** Forgets all tables, inside work that holds the swap already. */
  async clear(): Promise<void> {
    for (const table of [...this.tables.keys()]) {
      await this.#options.lakehouse.drop(table)
      await this.#changes.forget(table)
    }
    this.tables.clear()
    this.failures.clear()
  }

  /** Reads the footers. A part dropped twice is noted in the report and read once; those that cannot be read come with why. */
  async #inspect(
    parts: readonly InputFile[],
    report: LoadReport,
  ): Promise<{ inspected: InspectedFile[]; unreadable: { part: InputFile; error: ErrorData }[] }> {
    const inspected: InspectedFile[] = []
    const unreadable: { part: InputFile; error: ErrorData }[] = []
    for (const part of parts) {
      const original = await duplicateOf(part, inspected)
      if (original !== null) {
        report.rejected.push({ file: part.path, error: duplicate(part.path, original.path) })
        continue
      }
      try {
        inspected.push({ ...part, info: await this.#options.codec.inspect(part.file, part.path) })
      } catch (error) {
        unreadable.push({ part, error: { file: part.path, ...toErrorData(error) } })
      }
    }
    return { inspected, unreadable }
  }

  async #loadTable(
    table: string,
    source: LoadSource,
    signal: AbortSignal | undefined,
  ): Promise<LoadReport['sources'][number]> {
    const { lakehouse, codec, swap, emit } = this.#options
    const files = source.parts.map(({ file }) => file)
    const described = describeParts(files, files)
    try {
      const progress = (event: Omit<Extract<EngineEvent, { type: 'load.progress' }>, 'type' | 'table'>) =>
        emit({ type: 'load.progress', table, ...event })
      const publish = async (loaded: SilverTable, rows: string) => {
        const before = this.tables.get(table)
        const isOther = before !== undefined && before.fingerprint !== loaded.fingerprint
        const compared = isOther ? await this.#changes.compare(before, loaded, rows, signal) : null
        try {
          await swap.run(async () => {
            await lakehouse.replace(rows, table)
            this.tables.set(table, loaded)
          })
        } catch (error) {
          if (compared) await this.#changes.discard(compared)
          throw error
        }
        if (compared) await this.#changes.accept(compared, loaded)
      }
      const context = { lakehouse, codec, signal, progress, publish }
      const loaded = await loadTable(context, table, this.#columns(table), source)
      this.failures.delete(table)
      return {
        table,
        files: described.map(({ path }) => path),
        rows: loaded.rows,
        bytes: loaded.bytes,
        columns: loaded.columns,
        problems: [],
      }
    } catch (error) {
      const data = toErrorData(error)
      if (data.code === 'canceled') throw error
      return this.#failed(table, described, [data])
    }
  }

  #failed(table: string, files: SilverFailure['files'], problems: ErrorData[]): LoadReport['sources'][number] {
    this.failures.set(table, { files, problems })
    return {
      table,
      files: files.map(({ path }) => path),
      rows: 0,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      columns: [],
      problems,
    }
  }
}

/** The parts with the rows that their footers promise: none where the footer cannot be read. */
function describeParts(parts: readonly InputFile[], inspected: readonly InspectedFile[]): SilverFailure['files'] {
  const rows = new Map(inspected.map(({ file, info }) => [file, info.rows]))
  return parts.map(({ path, file }) => ({ path, rows: rows.get(file) ?? 0, bytes: file.size }))
}

function describeDropped({ parts, deltas, unreadable }: TableFiles): SilverFailure['files'] {
  const folders = [...deltas, ...unreadable].map(({ folder, bytes }) => ({ path: folder, rows: 0, bytes }))
  return [...folders, ...describeParts(parts, [])]
}

function severalTables(table: string, dropped: SilverFailure['files']): ErrorData {
  const paths = dropped.map(({ path }) => path)
  return {
    code: 'source.several_tables',
    message: `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ', …' : ''} were dropped for ${table}, but a Delta table is a whole table by itself.`,
    remedy: 'Drop one of them alone.',
    ...(paths[0] === undefined ? {} : { file: paths[0] }),
  }
}

function duplicate(file: string, original: string): ErrorData {
  return {
    code: 'source.duplicate_file',
    message: `${file} holds the same bytes as ${original}; its rows were read once.`,
    remedy: 'Drop each part file once.',
    file,
  }
}
