import type { DatasetReport, RunOptions } from '@/domain/automation'
import { canceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { Build, Decision } from '@/domain/update/plan'
import type { QueryScope } from '@/engine/catalog'
import type { CommitMetadata } from '@/engine/gold/commit-metadata'
import type { AnalyzedQuery } from '@/engine/ports'
import { type TranslatedDataset, translateDataset } from '@/engine/project-translate'
import type { DatasetProgress } from '@/rpc/contract'
import { AbsentSources } from './absent-sources'
import { type BuildContext, type BuiltTable, buildTable } from './build-table'
import { buildView } from './build-view'
import { type CommitContext, DatasetStore, quarantineName } from './commit-dataset'
import { datasetError } from './dataset-errors'
import { definitionDigest } from './definition'
import { IncrementalRun, mergesOf } from './incremental/incremental-run'
import { planDatasets } from './plan-datasets'
import { ProgressBoard } from './progress'
import { queryPieces } from './query-pieces'
import { selectionOf } from './run-options'
import { SupersededRows } from './superseded'
import type { UpdateContext } from './update-context'

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
  /** Views that this update has created. */
  readonly #views = new Set<string>()
  readonly #viewExpectations = new Map<string, DatasetReport['expectations']>()
  readonly #superseded: SupersededRows
  readonly #absent: AbsentSources
  readonly #incremental: IncrementalRun

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
  }

  get #scope(): QueryScope {
    const ready = { has: (name: string) => this.#absent.has(name) || this.#views.has(name) }
    return { asOf: this.#asOf, configuration: this.#configuration, ready }
  }

  /** Plans all datasets, then builds and commits those that need it, in topological order. */
  async run(): Promise<DatasetReport[]> {
    const { project, gold, emit } = this.#context
    const translated = new Map(project.datasets.map((dataset) => [dataset.name, this.#translate(dataset)]))
    const decisions = await planDatasets(this.#context, this.#options, translated, this.#incremental)
    const { names } = selectionOf(project, this.#options)
    const datasets = project.datasets.filter(({ name }) => names.has(name))
    for (const dataset of datasets) {
      const decision = decisions.get(dataset.name)
      this.#progress.begin(dataset, decision, gold.tables.get(dataset.name)?.snapshot.version ?? null)
    }
    emit({ type: 'update.started', updateId: this.id, datasets: datasets.map(({ name }) => name) })
    this.#progress.announce()
    try {
      for (const dataset of datasets) {
        await this.#perform(dataset, decisions.get(dataset.name), translated.get(dataset.name))
      }
    } finally {
      await this.#context.swap.run(() => this.#cleanUp())
    }
    return this.#progress.finished()
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
    const { query } = translated
    if (query === null) throw new RangeError(`${dataset.name} has no query`)
    this.#set(dataset.name, { status: 'building' })
    const store = new DatasetStore(this.#commitContext(), dataset, translated.checks)
    try {
      if (decision.action === 'incremental') {
        const obstacle = await this.#refresh(dataset, decision, translated, store, startedAt)
        if (obstacle === null) return
        const reason = `${decision.reason.replace(/;.*/, '')}; in full, because of ${obstacle}`
        this.#set(dataset.name, { plan: 'full', reason })
      }
      const built = await this.#buildTable(dataset, translated, query, store, startedAt)
      await this.#commit(dataset, decision, built, store, startedAt)
    } finally {
      await store.close()
    }
  }

  /** Computes and commits what changed rows lead to. Returns what keeps it from that, or null. */
  async #refresh(
    dataset: Dataset,
    build: Build,
    translated: TranslatedDataset,
    store: DatasetStore,
    startedAt: number,
  ): Promise<string | null> {
    const { catalog, gold, swap } = this.#context
    const quarantine = quarantineName(dataset.name)
    const own = [dataset.name, ...(gold.tables.has(quarantine) ? [quarantine] : [])]
    return catalog.using([...dataset.inputs, ...own], this.#scope, async () => {
      const context = { ...this.#buildContext(dataset, store, startedAt), pieceBuilt: async () => undefined }
      const refreshed = await this.#incremental.refresh(dataset, translated, build, context)
      if ('obstacle' in refreshed) return refreshed.obstacle
      const { table, quarantine: held } = refreshed
      const publish = () =>
        swap.run(async () => {
          if (held) await gold.merge(held.name, held.statements)
          await gold.merge(table.name, table.statements)
        })
      this.#incremental.noteRefreshed(refreshed)
      const { inserted, updated, deleted, changes } = table.merge
      const counts = { rowsWritten: changes.inserted, rowsUpserted: inserted + updated, rowsDeleted: deleted }
      await this.#store(dataset, build, refreshed, counts, startedAt, (metadata) =>
        store.commit({ ...table, quarantine: held }, metadata, publish, mergesOf(refreshed, gold.tables)),
      )
      return null
    })
  }

  async #buildTable(
    dataset: Dataset,
    translated: TranslatedDataset,
    query: AnalyzedQuery,
    store: DatasetStore,
    startedAt: number,
  ): Promise<BuiltTable> {
    const { catalog, gold, lakehouse } = this.#context
    return catalog.using(dataset.inputs, this.#scope, async () => {
      // The version that is there stays on disk; holding it in memory beside the new one would halve what fits.
      await gold.makeRoom()
      return buildTable(
        this.#buildContext(dataset, store, startedAt),
        {
          name: dataset.name,
          file: dataset.file,
          columns: translated.columns,
          expectations: translated.expectations,
          primaryKey: dataset.primaryKey,
        },
        { pieces: await queryPieces(lakehouse, this.#superseded, query) },
      )
    })
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

  #commitContext(): CommitContext {
    const { project, lakehouse, codec, files, deltaTables, engineVersion, clock } = this.#context
    const signal = this.#signal
    return { projectName: project.name, lakehouse, codec, files, deltaTables, clock, engineVersion, signal }
  }

  async #commit(
    dataset: Dataset,
    build: Build,
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
      await this.#store(dataset, build, found, { rowsWritten: built.rows }, startedAt, (metadata) =>
        store.commit(built, metadata, publish),
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
    found: Pick<DatasetReport, 'expectations' | 'rowsDropped'>,
    rows: Partial<DatasetReport>,
    startedAt: number,
    commit: (metadata: CommitMetadata) => Promise<number>,
  ): Promise<void> {
    const { clock } = this.#context
    const expectations = [...found.expectations, ...this.#expectationsOfViews(dataset)]
    const counts = { ...rows, rowsDropped: found.rowsDropped, expectations }
    this.#set(dataset.name, { status: 'storing', ...counts })
    const version = await commit({
      updateId: this.id,
      definition: await definitionDigest(dataset, this.#translate(dataset)),
      inputs: build.inputs,
      read: this.#incremental.read(build),
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
