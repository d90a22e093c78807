import type { DatasetReport, RunOptions } from '@/domain/automation'
import { canceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { Build, Decision } from '@/domain/update/plan'
import type { QueryScope } from '@/engine/catalog'
import type { CommitMetadata } from '@/engine/gold/commit-metadata'
import { type TranslatedDataset, translateDataset } from '@/engine/project-translate'
import type { DatasetProgress } from '@/rpc/contract'
import { AbsentSources } from './absent-sources'
import { type BuildContext, type BuiltTable, buildTable } from './build-table'
import { buildView } from './build-view'
import { DatasetStore, OVERWRITE, quarantineName } from './commit-dataset'
import { datasetError } from './dataset-errors'
import { blueprintOf, type DatasetRows } from './dataset-rows'
import { definitionDigest } from './definition'
import { IncrementalRun } from './incremental/incremental-run'
import { planDatasets } from './plan-datasets'
import { ProgressBoard } from './progress'
import { QueryRows } from './query-rows'
import { selectionOf } from './run-options'
import { schedule } from './schedule'
import { StreamingRun } from './streaming/streaming-run'
import { SupersededRows } from './superseded'
import { commitContext, type UpdateContext } from './update-context'

/** Below this share of the memory limit a dataset may be built while another is stored. */
const SHARE_FOR_TWO = 0.35

/** What happens to the selected datasets of one update. */
export class Update {
  readonly id = crypto.randomUUID()
  readonly #asOf: string
  readonly #context: UpdateContext
  readonly #options: Omit<RunOptions, 'signal'>
  readonly #signal: AbortSignal
  readonly #configuration: Record<string, string>
  readonly #progress: ProgressBoard
  /** Datasets that failed, and those that were not built because of them. */
  readonly #blocked = new Set<string>()
  /** To be called when a dataset's rows are there, by its name. */
  readonly #built = new Map<string, () => void>()
  /** Views that this update has created. */
  readonly #views = new Set<string>()
  readonly #viewExpectations = new Map<string, DatasetReport['expectations']>()
  readonly #superseded: SupersededRows
  readonly #absent: AbsentSources
  readonly #incremental: IncrementalRun
  readonly #streaming: StreamingRun

  constructor(context: UpdateContext, options: Omit<RunOptions, 'signal'>, asOf: string, signal: AbortSignal) {
    this.#context = context
    this.#options = options
    this.#signal = signal
    this.#configuration = options.configuration ?? {}
    this.#asOf = asOf
    this.#superseded = new SupersededRows(context.lakehouse)
    this.#progress = new ProgressBoard((dataset) =>
      context.emit({ type: 'update.dataset', updateId: this.id, dataset }),
    )
    this.#absent = new AbsentSources(context.lakehouse, context.project, context.dialect, context.silver)
    this.#incremental = new IncrementalRun(context, this.#superseded, (dataset) => this.#translate(dataset))
    const fullRefresh = selectionOf(context.project, options).fullRefresh
    const shared = { superseded: this.#superseded, newTable: () => this.#incremental.newTable() }
    this.#streaming = new StreamingRun({ context, updateId: this.id, fullRefresh, signal, ...shared })
  }

  get #scope(): QueryScope {
    const ready = { has: (name: string) => this.#absent.has(name) || this.#views.has(name) }
    return { asOf: this.#asOf, configuration: this.#configuration, ready }
  }

  /** Plans all datasets, then builds and commits those that need it, in topological order. */
  async run(): Promise<DatasetReport[]> {
    const { project, gold, emit } = this.#context
    const translated = new Map(project.datasets.map((dataset) => [dataset.name, this.#translate(dataset)]))
    const decisions = await planDatasets(this.#context, this.#options, translated, this.#incremental, this.id)
    const { names } = selectionOf(project, this.#options)
    const datasets = project.datasets.filter(({ name }) => names.has(name))
    for (const dataset of datasets) {
      const decision = decisions.get(dataset.name)
      this.#progress.begin(dataset, decision, gold.tables.get(dataset.name)?.snapshot.version ?? null)
    }
    emit({ type: 'update.started', updateId: this.id, datasets: datasets.map(({ name }) => name) })
    this.#progress.announce()
    try {
      await schedule(
        datasets,
        (dataset, built) => {
          this.#built.set(dataset.name, built)
          return this.#perform(dataset, decisions.get(dataset.name), translated.get(dataset.name))
        },
        () => this.#hasMemoryForTwo(),
      )
    } finally {
      await this.#context.swap.run(() => this.#cleanUp())
    }
    return this.#progress.finished()
  }

  async #hasMemoryForTwo(): Promise<boolean> {
    const { lakehouse } = this.#context
    return (await lakehouse.memoryBytes()) < lakehouse.database.info.memoryLimitBytes * SHARE_FOR_TWO
  }

  async #cleanUp(): Promise<void> {
    for (const name of this.#views) await this.#context.catalog.releaseView(name)
    await this.#absent.drop()
    await this.#superseded.forget()
    await this.#incremental.forget()
  }

  async #perform(
    dataset: Dataset,
    decision: Decision | undefined,
    translated: TranslatedDataset | undefined,
  ): Promise<void> {
    if (decision === undefined || translated === undefined) return
    if (this.#signal.aborted) return this.#set(dataset.name, { status: 'canceled', error: canceled() })
    if (decision.action === 'wait') return this.#set(dataset.name, { status: 'waiting' })
    const blocked = this.#blockedInput(dataset)
    if (blocked !== null) {
      this.#blocked.add(dataset.name)
      return this.#set(dataset.name, { status: 'skipped', reason: `${blocked} was not built in this update` })
    }
    if (this.#options.dryRun || decision.action === 'skip') {
      return this.#set(dataset.name, { status: 'skipped', expectations: this.#committedExpectations(dataset.name) })
    }
    const startedAt = this.#context.clock.now()
    try {
      await this.#absent.supply(dataset)
      if (decision.action === 'view') await this.#createView(dataset, translated, startedAt)
      else await this.#build(dataset, decision, translated, startedAt)
    } catch (error) {
      const data = datasetError(error, dataset).cause
      const status = data.code === 'canceled' ? 'canceled' : 'failed'
      this.#blocked.add(dataset.name)
      this.#set(dataset.name, { status, error: data, durationMs: this.#context.clock.now() - startedAt })
    }
  }

  async #createView(dataset: Dataset, translated: TranslatedDataset, startedAt: number): Promise<void> {
    const { clock } = this.#context
    const judgement = await buildView(this.#context, this.#superseded, this.#scope, dataset, translated)
    this.#views.add(dataset.name)
    const expectations = judgement?.expectations ?? []
    this.#viewExpectations.set(dataset.name, expectations)
    this.#set(dataset.name, { status: 'completed', expectations, durationMs: clock.now() - startedAt })
  }

  async #build(
    dataset: Dataset,
    decision: Build & { action: 'full' | 'incremental' },
    translated: TranslatedDataset,
    startedAt: number,
  ): Promise<void> {
    this.#set(dataset.name, { status: 'building' })
    const rows = this.#rows(dataset, translated, decision)
    const store = new DatasetStore(commitContext(this.#context, this.#signal), dataset, translated.checks)
    try {
      if (decision.action === 'incremental') {
        const obstacle = await this.#refresh(dataset, decision, rows, store, startedAt)
        if (obstacle === null) return
        const reason = `${decision.reason.replace(/;.*/, '')}; in full, because of ${obstacle}`
        this.#set(dataset.name, { plan: 'full', reason })
      }
      const built = await this.#buildTable(dataset, translated, rows, store, startedAt)
      await this.#commit(dataset, decision, rows, built, store, startedAt)
    } finally {
      await store.close()
    }
  }

  /** Computes and commits what changed rows lead to. Returns what keeps it from that, or null. */
  async #refresh(
    dataset: Dataset,
    build: Build,
    rows: DatasetRows,
    store: DatasetStore,
    startedAt: number,
  ): Promise<string | null> {
    const { catalog, gold, swap } = this.#context
    const quarantine = quarantineName(dataset.name)
    const own = [dataset.name, ...(gold.tables.has(quarantine) ? [quarantine] : [])]
    return catalog.using([...dataset.inputs, ...own, ...rows.reads], this.#scope, async () => {
      const context = { ...this.#buildContext(dataset, store, startedAt), pieceBuilt: async () => undefined }
      const result = await rows.refresh(context)
      if ('obstacle' in result) return result.obstacle
      const { refreshed, over } = result
      const { table, quarantine: held } = refreshed
      const publish = () =>
        swap.run(async () => {
          if (held) await gold.merge(held.name, held.statements)
          await gold.merge(table.name, table.statements)
        })
      this.#incremental.noteRefreshed(refreshed)
      const { inserted, updated, deleted, changes } = table.merge
      const counts = { rowsWritten: changes.inserted, rowsUpserted: inserted + updated, rowsDeleted: deleted }
      await this.#store(dataset, build, rows, refreshed, counts, startedAt, (metadata) =>
        store.commit({ ...table, quarantine: held }, metadata, publish, over, () => rows.commitFirst()),
      )
      return null
    })
  }

  async #buildTable(
    dataset: Dataset,
    translated: TranslatedDataset,
    rows: DatasetRows,
    store: DatasetStore,
    startedAt: number,
  ): Promise<BuiltTable> {
    const { catalog, gold } = this.#context
    return catalog.using([...dataset.inputs, ...rows.reads], this.#scope, async () => {
      // The version that is there stays on disk; holding it in memory beside the new one would halve what fits.
      await gold.makeRoom()
      const pieces = await rows.pieces()
      return buildTable(this.#buildContext(dataset, store, startedAt), blueprintOf(dataset, translated), { pieces })
    })
  }

  #rows(dataset: Dataset, translated: TranslatedDataset, build: Build): DatasetRows {
    if (dataset.kind === 'streaming_table') return this.#streaming.rows(dataset, translated, build)
    return new QueryRows(this.#context, this.#superseded, this.#incremental, dataset, translated, build)
  }

  #buildContext(dataset: Dataset, store: DatasetStore, startedAt: number): BuildContext {
    const { lakehouse, clock } = this.#context
    return {
      lakehouse,
      updateId: this.id,
      signal: this.#signal,
      progress: (rows) => this.#set(dataset.name, { rowsWritten: rows, durationMs: clock.now() - startedAt }),
      pieceBuilt: (soFar) => store.add(soFar),
    }
  }

  async #commit(
    dataset: Dataset,
    build: Build,
    rows: DatasetRows,
    built: BuiltTable,
    store: DatasetStore,
    startedAt: number,
  ): Promise<void> {
    const { gold, lakehouse, swap } = this.#context
    const publish = () =>
      swap.run(async () => {
        if (built.quarantine) await gold.publish(quarantineName(dataset.name), built.quarantine.table)
        await gold.publish(dataset.name, built.table)
      })
    const found = { expectations: built.expectations, rowsDropped: built.quarantine?.rows ?? 0 }
    try {
      await this.#incremental.noteRebuilt(dataset.name, built)
      await this.#store(dataset, build, rows, found, { rowsWritten: built.rows }, startedAt, (metadata) =>
        store.commit(built, metadata, publish, OVERWRITE, () => rows.commitFirst()),
      )
    } catch (error) {
      await lakehouse.drop(built.table)
      if (built.quarantine) await lakehouse.drop(built.quarantine.table)
      throw error
    }
  }

  /** Stores and commits, and reports it. */
  async #store(
    dataset: Dataset,
    build: Build,
    rows: DatasetRows,
    found: Pick<DatasetReport, 'expectations' | 'rowsDropped'>,
    written: Partial<DatasetReport>,
    startedAt: number,
    commit: (metadata: CommitMetadata) => Promise<number>,
  ): Promise<void> {
    const { clock } = this.#context
    const expectations = [...found.expectations, ...this.#expectationsOfViews(dataset)]
    const counts = { ...written, rowsDropped: found.rowsDropped, expectations }
    this.#set(dataset.name, { status: 'storing', ...counts })
    this.#built.get(dataset.name)?.()
    const { read, ...edited } = rows.noted()
    const version = await commit({
      updateId: this.id,
      definition: await definitionDigest(dataset, this.#translate(dataset)),
      inputs: build.inputs,
      ...edited,
      read: { ...this.#incremental.read(build), ...read },
      expectations,
      rowsDropped: found.rowsDropped,
      durationMs: clock.now() - startedAt,
    })
    this.#context.emit({ type: 'catalog.changed' })
    this.#set(dataset.name, { status: 'completed', version, ...counts, durationMs: clock.now() - startedAt })
  }

  #translate(dataset: Dataset): TranslatedDataset {
    const { project, dialect } = this.#context
    return translateDataset(dataset, project, dialect, { asOf: this.#asOf, configuration: this.#configuration })
  }

  /** An input that should have been built in this update and was not. */
  #blockedInput(dataset: Dataset): string | null {
    return dataset.inputs.find((name) => this.#blocked.has(name)) ?? null
  }

  /** What the expectations found when the version that is there was built. */
  #committedExpectations(name: string): DatasetReport['expectations'] {
    return this.#context.gold.tables.get(name)?.metadata?.expectations ?? []
  }

  /** A view holds no rows: what its expectations found counts where its rows went. */
  #expectationsOfViews(dataset: Dataset): DatasetReport['expectations'] {
    return dataset.inputs.flatMap((name) => this.#viewExpectations.get(name) ?? [])
  }

  #set(name: string, change: Partial<DatasetProgress>): void {
    this.#progress.set(name, change)
  }
}
