import type { AddFile } from '@/domain/delta/actions'
import { planCommit, type TableDefinition, type WriteMode } from '@/domain/delta/plan-commit'
import type { DeltaColumn } from '@/domain/delta/schema'
import { throwIfCanceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import { quoteName } from '@/domain/sql/quote'
import { conflict } from '@/engine/delta/delta-errors'
import type { DeltaTables } from '@/engine/delta/delta-table'
import { type CommitMetadata, formatCommitMetadata } from '@/engine/gold/commit-metadata'
import { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Clock, FileStore, ParquetCodec } from '@/engine/ports'
import { CHECK_PROPERTY, type TranslatedCheck } from '@/engine/project-checks'
import type { BuiltTable } from './build-table'
import { checkRows } from './check-rows'
import { PartWriter } from './part-writer'
import { TableStore } from './store-table'

type NamedTable = TableDefinition & { name: string }

export interface CommitContext {
  projectName: string
  lakehouse: Lakehouse
  codec: ParquetCodec
  deltaTables: DeltaTables
  files: Pick<FileStore, 'withLock'>
  clock: Clock
  engineVersion: string
  signal: AbortSignal
}

/** Name of the table that holds the rows a dataset's DROP rules reject. */
export function quarantineName(dataset: string): string {
  return `${dataset}__quarantine`
}

/** What a commit does with the rows that are there, and the version that it was made for; without one any will do. */
export interface CommitOver {
  mode: WriteMode
  version?: number
}

/** All rows that are there go, whoever has written them. */
export const OVERWRITE: { table: CommitOver; quarantine: CommitOver } = {
  table: { mode: 'Overwrite' },
  quarantine: { mode: 'Overwrite' },
}

/** How many rows a dataset's tables have so far. */
export interface RowsSoFar {
  table: string
  rows: number
  held: { table: string; rows: number } | null
}

/** Stores a dataset and its quarantine, what is built of them while the rest is built, and commits both. */
export class DatasetStore {
  readonly #context: CommitContext
  readonly #dataset: Dataset
  readonly #checks: readonly TranslatedCheck[]
  readonly #writer: PartWriter
  #checkedRows = 0
  readonly #tables = new Map<string, { definition: NamedTable; store: TableStore }>()
  #adding: Promise<void> = Promise.resolve()

  constructor(context: CommitContext, dataset: Dataset, checks: readonly TranslatedCheck[]) {
    this.#context = context
    this.#dataset = dataset
    this.#checks = checks
    this.#writer = new PartWriter(context.codec, context.deltaTables)
  }

  /**
   * Begins to store the rows that came since the last call, between the statements that build the next ones. Waits until those
   * of the call before are handed over: storing is at most one piece behind. Rejects when they could not be.
   */
  async add(soFar: RowsSoFar): Promise<void> {
    await this.#adding
    this.#adding = this.#store(soFar, false)
    // Reported by the next call or by `commit`; it must not count as unhandled until then.
    this.#adding.catch(() => undefined)
  }

  /**
   * Stores the rest, calls `commitFirst`, commits the tables, then calls `publish`. Returns the dataset's new version. Nothing is committed once the
   * signal has aborted, and nothing stops between the two commits but a failure of the store.
   */
  async commit(
    built: Pick<BuiltTable, 'table' | 'rows'> & { quarantine: Pick<BuiltTable, 'table' | 'rows'> | null },
    metadata: CommitMetadata,
    publish: () => Promise<void>,
    over: { table: CommitOver; quarantine: CommitOver },
    commitFirst: () => Promise<void>,
  ): Promise<number> {
    await this.#adding
    await this.#store({ table: built.table, rows: built.rows, held: built.quarantine }, true)
    const table = await this.#table(built.table, this.#dataset, this.#dataset.name)
    const quarantine = built.quarantine && (await this.#quarantine(built.quarantine.table))
    const held = await quarantine?.store.files()
    const kept = await table.store.files()
    // Another tab that commits the same dataset waits: a table and its quarantine are always those of one update.
    return this.#context.files.withLock(`commit ${this.#dataset.name}`, async () => {
      throwIfCanceled(this.#context.signal)
      await commitFirst()
      // The quarantine goes before its table: what a crash leaves then is a quarantine of another update than its table, and that is seen.
      // Files are kept from before the commit: when it fails nobody knows whether the version exists, and files too many do no harm.
      if (quarantine && held) {
        this.#writer.keep(held)
        await commitTable(this.#context, quarantine.definition, held, metadata, over.quarantine)
      }
      this.#writer.keep(kept)
      const version = await commitTable(this.#context, table.definition, kept, metadata, over.table)
      await publish()
      return version
    })
  }

  /** Waits for what is under way, and removes the files that no version names. */
  async close(): Promise<void> {
    await this.#adding.catch(() => undefined)
    await this.#writer.close()
  }

  async #store({ table, rows, held }: RowsSoFar, last: boolean): Promise<void> {
    if (held !== null) await (await this.#quarantine(held.table)).store.add(held.rows, last)
    const where = `rowid >= ${this.#checkedRows} AND rowid < ${rows}`
    await checkRows(this.#context.lakehouse, table, where, this.#checks, this.#dataset)
    this.#checkedRows = rows
    await (await this.#table(table, this.#dataset, this.#dataset.name)).store.add(rows, last)
  }

  #quarantine(table: string) {
    return this.#table(table, quarantineOf(this.#dataset), quarantineName(this.#dataset.name))
  }

  async #table(table: string, dataset: Dataset, name: string): Promise<{ definition: NamedTable; store: TableStore }> {
    const known = this.#tables.get(name)
    if (known) return known
    const { lakehouse, signal } = this.#context
    const definition = describe(dataset, name, await lakehouse.describe(`SELECT * FROM ${quoteName(table)}`))
    const { columns, partitionColumns, properties, description } = definition
    const keyValueMetadata = { ...properties, 'goldsmith.table': name, 'goldsmith.comment': description ?? '' }
    const clusterColumns = clusterColumnsOf(dataset)
    const request = { path: GoldStore.path(name), table, columns, partitionColumns, clusterColumns, keyValueMetadata }
    const created = { definition, store: new TableStore({ lakehouse, writer: this.#writer, signal }, request) }
    this.#tables.set(name, created)
    return created
  }
}

/** The Delta table that a dataset's rows go to. */
function describe(dataset: Dataset, name: string, builtColumns: BuiltTable['columns']): NamedTable {
  const columns = builtColumns.map((column) => deltaColumn(column, dataset))
  const partitionColumns = dataset.partitionedBy.map(
    (wanted) => columns.find((column) => column.name.toLowerCase() === wanted.toLowerCase())?.name ?? wanted,
  )
  return { name, description: dataset.comment, columns, partitionColumns, properties: tableProperties(dataset) }
}

/** Commits files of a table over the version that is there now. Throws `delta.conflict` when it is not the one that `over` names. */
export async function commitTable(
  { projectName, clock, deltaTables, engineVersion }: CommitContext,
  definition: NamedTable,
  files: readonly AddFile[],
  metadata: CommitMetadata,
  { mode, version }: CommitOver,
): Promise<number> {
  const path = GoldStore.path(definition.name)
  // Read anew: another tab may have committed since this update was planned.
  const snapshot = await deltaTables.readSnapshot(path)
  if (version !== undefined && snapshot?.version !== version) throw conflict(path, version, snapshot?.version ?? null)
  const transactions = watermarks(`goldsmith/${projectName}/${definition.name}`, metadata, clock.now())
  const context = {
    now: clock.now(),
    engineVersion,
    newId: () => crypto.randomUUID(),
    userMetadata: formatCommitMetadata(metadata),
  }
  const plan = planCommit(snapshot, definition, files, transactions, context, mode)
  return deltaTables.commit(path, plan)
}

/** How far the inputs had been read: a dataset by its Delta version; that of the update itself counts milliseconds. */
function watermarks(appId: string, { read }: CommitMetadata, now: number): { appId: string; version: number }[] {
  const inputs = Object.entries(read ?? {}).flatMap(([name, { version }]) =>
    version === null ? [] : [{ appId: `${appId}/${name}`, version }],
  )
  return [{ appId, version: now }, ...inputs]
}

/** Columns of CLUSTER BY, or of the property by which a partitioned table, which cannot have the clause, names them. */
export function clusterColumnsOf({ clusterBy, properties }: Pick<Dataset, 'clusterBy' | 'properties'>): string[] {
  if (clusterBy.length > 0) return clusterBy
  const names = (properties['pipelines.autoOptimize.zOrderCols'] ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '')
}

function deltaColumn({ name, type }: { name: string; type: string }, dataset: Dataset): DeltaColumn {
  const declared = dataset.columns?.find((column) => column.name.toLowerCase() === name.toLowerCase())
  return {
    name,
    type,
    nullable: !(declared?.notNull ?? false),
    comment: declared?.comment ?? null,
    generationExpression: declared?.generatedAs?.text ?? null,
  }
}

/** What a quarantine has beside the dataset's own columns. */
const QUARANTINE_COLUMNS = {
  _failed_expectations: 'Names of the expectations that the row violates and that drop rows',
  _update_id: 'The update that held the row back',
}

/** Quarantined rows have the dataset's columns, but none of its promises. */
function quarantineOf(dataset: Dataset): Dataset {
  const columns = (dataset.columns ?? []).map((column) => ({ ...column, notNull: false, generatedAs: null }))
  const { position } = dataset
  const added = Object.entries(QUARANTINE_COLUMNS).map(([name, comment]) => {
    return { name, comment, type: '', notNull: false, generatedAs: null, position }
  })
  return {
    ...dataset,
    columns: [...columns, ...added],
    primaryKey: null,
    properties: quarantineProperties(dataset.properties),
    partitionedBy: [],
    comment: `Rows that the expectations of ${dataset.name} hold back, with the names of those they violate.`,
  }
}

/** Said of the dataset's rows and of nobody else's. */
const PROMISES = ['grain', 'public_contract', 'metric_definitions', 'consumers']

/** The dataset's properties without what is untrue of rows that it holds back, or only tells the engine how to build it. */
function quarantineProperties(properties: Record<string, string>): Record<string, string> {
  const isPromise = (key: string) => PROMISES.includes(key) || key.startsWith(CHECK_PROPERTY)
  const kept = Object.entries(properties).filter(([key]) => !isPromise(key) && !key.startsWith('pipeline.'))
  return Object.fromEntries(kept)
}

/** Delta has no place for a primary key, so it travels as the property by which a pipeline may declare it. */
function tableProperties({ primaryKey, properties }: Dataset): Record<string, string> {
  return primaryKey === null ? properties : { 'pipeline.key': primaryKey.join(', '), ...properties }
}
