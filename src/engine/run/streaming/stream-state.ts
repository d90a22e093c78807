import type { DeltaColumn } from '@/domain/delta/schema'
import { GoldsmithError } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { ReadState } from '@/domain/update/plan'
import { GoldStore, type GoldTable } from '@/engine/gold/gold-store'
import { type CommitOver, commitTable } from '@/engine/run/commit-dataset'
import { PartWriter } from '@/engine/run/part-writer'
import { TableStore } from '@/engine/run/store-table'
import { commitContext, type UpdateContext } from '@/engine/run/update-context'

/** Every batch is a file; reading many small ones takes long, so from this many on they become one. */
const MOST_FILES = 40
/** Property of the state's table that changes when what it remembered was forgotten. */
const GENERATION = 'goldsmith.generation'
const SUFFIX = '__state'

/** Name of the table in which a streaming table keeps what its flows have read. */
function stateName(dataset: string): string {
  return `${dataset}${SUFFIX}`
}

/** Whether the table is such a one, which is nobody's business but its streaming table's. */
export function isState(name: string): boolean {
  return name.endsWith(SUFFIX)
}

/** What a streaming table's version has of its state. */
export type Applied =
  /** All batches up to this number. */
  | { kind: 'batches'; last: number }
  /** It was made from another state, or from none. */
  | { kind: 'none' }

/** Rows that are to become part of the state. */
export interface Batch {
  /** DuckDB table with the state's columns. */
  table: string
  /** Whether the rows are all that is remembered from now on. */
  replaces: boolean
}

/**
 * What the flows of a streaming table have read: a Delta table beside it, which is committed right before it. The target's commit
 * names the version of the state that its rows are made of, so that a crash between the two is seen and made up for.
 */
export class StreamState {
  readonly name: string
  readonly #context: UpdateContext
  readonly #dataset: Dataset
  readonly #signal: AbortSignal
  #committing: { generation: string; version: number } | null = null

  constructor(context: UpdateContext, dataset: Dataset, signal: AbortSignal) {
    this.name = stateName(dataset.name)
    this.#context = context
    this.#dataset = dataset
    this.#signal = signal
  }

  /** What is remembered; null before the first update. */
  get present(): GoldTable | null {
    return this.#context.gold.tables.get(this.name) ?? null
  }

  /** Number of the batch that an update adds: the version that the state will have. */
  get nextBatch(): number {
    return (this.present?.snapshot.version ?? -1) + 1
  }

  /** True when the next batch should be stored with all that is remembered. */
  get isCrowded(): boolean {
    return (this.present?.snapshot.files.length ?? 0) >= MOST_FILES
  }

  /** Which batches the target's rows are made of. Throws `streaming.state_missing` when the target had a state that is gone. */
  applied(): Applied {
    const noted = notedState(this.#context.gold, this.#dataset.name)
    const { present } = this
    if (noted === undefined) return { kind: 'none' }
    if (present === null) {
      throw new GoldsmithError({
        code: 'streaming.state_missing',
        message: `${this.#dataset.name}: ${this.name}, the table of what its flows have read, is not there any more.`,
        remedy: 'Run with a full refresh of this table: it begins anew with the rows that its sources hold now.',
        file: this.#dataset.file,
      })
    }
    const isSame = noted.fingerprint === generationOf(present) && noted.version !== null
    return isSame ? { kind: 'batches', last: noted.version ?? 0 } : { kind: 'none' }
  }

  /** Says which state `commit` will lead to, for the target's commit to note. */
  announce(batch: Batch | null, isForgotten: boolean): ReadState {
    const { present } = this
    const generation = isForgotten || present === null ? crypto.randomUUID() : generationOf(present)
    const version = batch === null && present !== null ? present.snapshot.version : this.nextBatch
    this.#committing = { generation, version }
    return { fingerprint: generation, version }
  }

  /**
   * Stores and commits a batch. `definition` is that of the rows: what must be equal for later batches to go with them. Throws
   * `delta.conflict` when another tab has committed one meanwhile.
   */
  async commit(
    batch: Batch,
    definition: string,
    update: { id: string; inputs: Record<string, string> },
  ): Promise<void> {
    const { lakehouse, codec, deltaTables, gold, swap } = this.#context
    const { present } = this
    const columns = await this.#columns(batch)
    const properties = { [GENERATION]: this.#committing?.generation ?? '' }
    const table = { name: this.name, description: this.#description(), columns, partitionColumns: [], properties }
    const writer = new PartWriter(codec, deltaTables)
    const request = {
      path: GoldStore.path(this.name),
      table: batch.table,
      columns,
      partitionColumns: [],
      clusterColumns: [],
    }
    const store = new TableStore(
      { lakehouse, writer, signal: this.#signal },
      { ...request, keyValueMetadata: { ...properties, 'goldsmith.table': this.name } },
    )
    try {
      await store.add(await lakehouse.count(batch.table), true)
      const files = await store.files()
      writer.keep(files)
      const over: CommitOver = {
        mode: batch.replaces ? 'Overwrite' : 'Append',
        ...(present === null ? {} : { version: present.snapshot.version }),
      }
      const nothing = { expectations: [], rowsDropped: 0, durationMs: 0 }
      const metadata = { updateId: update.id, definition, inputs: update.inputs, ...nothing }
      await commitTable(commitContext(this.#context, this.#signal), table, files, metadata, over)
    } finally {
      await writer.close()
    }
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
    const append = `INSERT INTO ${quoteName(this.name)} (${names}) SELECT ${names} FROM ${quoteName(batch.table)}`
    await swap.run(() =>
      present === null || batch.replaces ? gold.reread(this.name) : gold.merge(this.name, [append]),
    )
  }

  async #columns({ table }: Batch): Promise<DeltaColumn[]> {
    const columns = await this.#context.lakehouse.describe(`SELECT * FROM ${quoteName(table)}`)
    return columns.map((column) => ({ ...column, nullable: true, comment: null, generationExpression: null }))
  }

  #description(): string {
    return `What the flows into ${this.#dataset.name} have read. Kept by Goldsmith; not to be changed.`
  }
}

/** Whether a streaming table's rows are not those that its state leads to: a crash came between their commits, or it was restored. */
export function isBehindState(gold: Pick<GoldStore, 'tables'>, dataset: string): boolean {
  const state = gold.tables.get(stateName(dataset)) ?? null
  const noted = notedState(gold, dataset)
  if (noted === undefined) return state !== null
  return noted.fingerprint !== generationOf(state) || noted.version !== state?.snapshot.version
}

function notedState({ tables }: Pick<GoldStore, 'tables'>, dataset: string): ReadState | undefined {
  return tables.get(dataset)?.metadata?.read?.[stateName(dataset)]
}

function generationOf(table: GoldTable | null): string {
  return table?.snapshot.metaData.configuration[GENERATION] ?? ''
}
