import type { UpdateReport } from '@/domain/automation'
import { parseTableCommand, type TableCommand } from '@/domain/delta/commands/table-command'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import type { PipelineFile, Project } from '@/domain/pipeline/project'
import type { EngineApi, EngineEvent, EngineInfo, QueryRequest } from '@/rpc/contract'
import { plainRows } from './arrow/plain-values'
import { Catalog } from './catalog'
import { explain } from './commands/explain'
import { runCommand } from './commands/run-command'
import { DeltaTables } from './delta/delta-table'
import { exportGold } from './export/export-gold'
import { exportResult } from './export/export-result'
import { GoldStore } from './gold/gold-store'
import { tableHistory } from './history'
import { Lakehouse } from './lakehouse'
import { readLastUpdate, UPDATES_FOLDER, writeLastUpdate } from './last-update'
import { lineageView, openLineage } from './lineage-view'
import { Mutex } from './mutex'
import { schemasOf, silverContracts } from './pipeline-state'
import type { Archiver, Clock, Database, FileStore, ParquetCodec, SqlDialect } from './ports'
import { readProject } from './project'
import { translateDashboard } from './project-translate'
import { projectView, sourceViews } from './project-view'
import { describeRequest, detailSql, historySql } from './query/describe-table'
import { arrangementError, queryError } from './query/query-errors'
import { queryPlan } from './query/query-plan'
import { readingStatement } from './query/read-only'
import { Results, resultClosed } from './query/results'
import { translateQuery } from './query/translate-query'
import { runUpdate } from './run/run-update'
import { loadSample } from './sample/load-sample'
import { SilverStore } from './silver/silver-store'
import { recordQuality } from './system-tables/quality'
import { UpdateJournal } from './system-tables/update-journal'

const RESOURCE_INTERVAL_MS = 1000

/** What takes time to open. */
type Stores = Pick<EngineParts, 'database' | 'files' | 'persistent'>

export interface EngineParts {
  database: Database
  files: FileStore
  codec: ParquetCodec
  dialect: SqlDialect
  clock: Clock
  archiver: Archiver
  /** The pipeline folder. */
  pipeline: readonly PipelineFile[]
  parseYaml: (text: string) => unknown
  /** DuckDB macros that translated SQL calls. */
  macros: readonly string[]
  version: string
  persistent: boolean
  crossOriginIsolated: boolean
}

/**
 * The engine behind the page: reads the pipeline and the committed tables, then answers calls. The pipeline is read while the
 * database and the file store are still being opened, which takes as long.
 */
export async function createEngine(
  { dialect, pipeline, parseYaml, ...others }: Omit<EngineParts, keyof Stores>,
  stores: Stores | Promise<Stores>,
): Promise<EngineApi> {
  const opening = Promise.resolve(stores)
  // Reported where it is awaited; until then it must not count as unhandled.
  opening.catch(() => undefined)
  await dialect.load()
  const project = readProject(pipeline, dialect, parseYaml)
  const parts: EngineParts = { dialect, pipeline, parseYaml, ...others, ...(await opening) }
  const lakehouse = await Lakehouse.open(parts.database, schemasOf(project), parts.macros)
  const engine = new Engine(parts, project, lakehouse)
  await engine.open()
  return engine
}

class Engine implements EngineApi {
  readonly #parts: EngineParts
  readonly #project: Project
  readonly #lakehouse: Lakehouse
  readonly #silver: SilverStore
  readonly #gold: GoldStore
  readonly #deltaTables: DeltaTables
  readonly #catalog: Catalog
  readonly #results: Results
  readonly #listeners = new Set<(event: EngineEvent) => void>()
  /** Held by queries while they run and by updates while they swap a table. */
  readonly #swap = new Mutex()
  /** Loads, samples, updates and resets: one at a time. */
  readonly #work = new Mutex()
  #lastUpdate: UpdateReport | null = null
  #resourcesAt = 0

  constructor(parts: EngineParts, project: Project, lakehouse: Lakehouse) {
    const { codec, files, clock, dialect } = parts
    this.#parts = parts
    this.#project = project
    this.#lakehouse = lakehouse
    const emit = (event: EngineEvent) => this.#emit(event)
    this.#deltaTables = new DeltaTables({ files, codec, clock })
    this.#silver = new SilverStore({
      lakehouse,
      codec,
      contracts: silverContracts(project, dialect),
      swap: this.#swap,
      emit,
    })
    this.#gold = new GoldStore({ lakehouse, codec, files, tables: this.#deltaTables })
    this.#catalog = new Catalog(project, lakehouse, dialect, this.#silver, this.#gold)
    this.#results = new Results(lakehouse)
  }

  async open(): Promise<void> {
    await this.#gold.open()
    for (const name of this.#gold.tables.keys()) await this.#lakehouse.createSchema(name.split('.')[0] ?? name)
    this.#lastUpdate = await readLastUpdate(this.#parts.files)
  }

  async info(): Promise<EngineInfo> {
    const { threads, version, memoryLimitBytes } = this.#parts.database.info
    const { persistent, crossOriginIsolated } = this.#parts
    return { threads, duckdbVersion: version, memoryLimitBytes, persistent, crossOriginIsolated }
  }

  load: EngineApi['load'] = (request, call) =>
    this.#work.run(() => this.#measured(() => this.#silver.load(request, call?.signal)))

  loadAgain: EngineApi['loadAgain'] = ({ table, mode }, call) =>
    this.#work.run(() => this.#measured(() => this.#silver.loadAgain(table, mode, call?.signal)))

  loadSample: EngineApi['loadSample'] = (request, call) =>
    this.#work.run(() =>
      this.#measured(() =>
        loadSample(
          {
            lakehouse: this.#lakehouse,
            swap: this.#swap,
            silver: this.#silver,
            files: this.#parts.pipeline,
            emit: (event) => this.#emit(event),
          },
          request,
          call?.signal,
        ),
      ),
    )

  unload: EngineApi['unload'] = ({ table }) => this.#work.run(() => this.#measured(() => this.#silver.unload(table)))

  async project() {
    return projectView(this.#project)
  }

  async lineage() {
    const { dialect } = this.#parts
    return lineageView({ project: this.#project, dialect, committed: this.#gold.tables })
  }

  async openLineage() {
    const { clock, version } = this.#parts
    return openLineage({ project: this.#project, lastUpdate: this.#lastUpdate, version, clock })
  }

  async sources() {
    return sourceViews(this.#project, this.#silver)
  }

  run: EngineApi['run'] = (request, call) =>
    this.#work.run(async () => {
      const signal = call?.signal ?? new AbortController().signal
      const journal = new UpdateJournal(this.#project, this.#parts.clock)
      const context = this.#updateContext((event) => journal.note(event))
      const report = await this.#measured(() => runUpdate(context, request, signal))
      if (!request.dryRun) {
        await recordQuality(context, this.#project, report)
        await journal.write(context, this.#project.name, request, report)
        this.#emit({ type: 'catalog.changed' })
        this.#lastUpdate = report
        await writeLastUpdate(this.#parts.files, report)
      }
      this.#emit({ type: 'update.finished', report })
      return report
    })

  async lastUpdate() {
    return this.#lastUpdate
  }

  async tables() {
    return this.#catalog.tables()
  }

  history: EngineApi['history'] = ({ table }) =>
    tableHistory({ project: this.#project, catalog: this.#catalog, deltaTables: this.#deltaTables }, table)

  query: EngineApi['query'] = async (request, call) => {
    const startedAt = this.#parts.clock.now()
    const result = await this.#reading(request, call?.signal, (sql) => this.#results.materialize(sql, call?.signal))
    const durationMs = this.#parts.clock.now() - startedAt
    return { id: result.id, columns: result.columns, rows: result.rows, durationMs }
  }

  openTable: EngineApi['openTable'] = async ({ table }) => {
    const startedAt = this.#parts.clock.now()
    const name = table.toLowerCase()
    const isView = this.#project.datasets.some((dataset) => dataset.name === name && dataset.kind === 'view')
    if (isView) return this.query({ sql: `SELECT * FROM ${name}` })
    return this.#swap.run(async () => {
      const { id, columns, rows } = await this.#catalog.using([name], { asOf: this.#asOf() }, () =>
        this.#results.open(name, this.#catalog.state(name)),
      )
      return { id, columns, rows, durationMs: this.#parts.clock.now() - startedAt }
    })
  }

  fetchRows: EngineApi['fetchRows'] = ({ id, offset, limit }) =>
    this.#withResult(id, () => this.#results.fetch(id, offset, limit))

  arrange: EngineApi['arrange'] = async ({ id, arrangement }, call) => {
    const startedAt = this.#parts.clock.now()
    try {
      const arranged = await this.#withResult(id, () => this.#results.arrange(id, arrangement, call?.signal))
      const durationMs = this.#parts.clock.now() - startedAt
      return { id: arranged.id, columns: arranged.columns, rows: arranged.rows, durationMs }
    } catch (error) {
      throw arrangementError(error)
    }
  }

  profile: EngineApi['profile'] = ({ id, columns, exact = false }, call) =>
    this.#withResult(id, () => this.#results.profile(id, columns, exact, call?.signal))

  exportResult: EngineApi['exportResult'] = async ({ id, format }, call) => {
    const { rows } = this.#results.find(id)
    const read = (selection: string, offset: number, limit: number) =>
      this.#withResult(id, () => this.#results.window(id, selection, offset, limit))
    return exportResult({ columns: this.#results.columns(id), rows, read }, format, this.#parts, call?.signal)
  }

  closeResult: EngineApi['closeResult'] = ({ id }) => this.#results.close(id)

  plan: EngineApi['plan'] = async (request, call) => {
    // A command would be run, and only queries have a plan.
    if (commandOf(request) !== null) {
      throw new GoldsmithError({
        code: 'sql.no_plan',
        message: 'Only a query has a plan.',
        remedy: 'Ask for the plan of a SELECT.',
      })
    }
    return this.#reading(request, call?.signal, (sql) => queryPlan(this.#lakehouse, sql))
  }

  queryArrow: EngineApi['queryArrow'] = (request, call) =>
    this.#reading(request, call?.signal, (sql) => this.#results.arrow(sql, call?.signal))

  dashboard: EngineApi['dashboard'] = async ({ name, asOf }) => {
    const dashboard = this.#project.dashboards.find((candidate) => candidate.name === name)
    if (dashboard === undefined) {
      throw new GoldsmithError({
        code: 'dashboard.unknown',
        message: `The pipeline has no dashboard ${name.slice(0, 80)}.`,
        remedy: `It has ${this.#project.dashboards.map((known) => known.name).join(', ') || 'none'}.`,
      })
    }
    const { query, problems } = translateDashboard(dashboard, this.#project, this.#parts.dialect, { asOf })
    if (query === null)
      throw new GoldsmithError(problems[0] ?? { code: 'dashboard.query', message: `${dashboard.file} has no query.` })
    const tables = query.tables.map((table) => table.name)
    return this.#swap.run(() =>
      this.#catalog.using(tables, { asOf }, async () => {
        const columns = await this.#lakehouse.describe(query.duckdbSql)
        return { columns, rows: plainRows(await this.#parts.database.query(query.duckdbSql)) }
      }),
    )
  }

  exportGold: EngineApi['exportGold'] = (request, call) =>
    this.#work.run(() =>
      exportGold(
        {
          gold: this.#gold,
          isPrivate: (name) => this.#catalog.isPrivate(name),
          files: this.#parts.files,
          lakehouse: this.#lakehouse,
          codec: this.#parts.codec,
          archiver: this.#parts.archiver,
          emit: (event) => this.#emit(event),
        },
        request,
        call?.signal,
      ),
    )

  reset: EngineApi['reset'] = () =>
    this.#work.run(() =>
      this.#swap.run(async () => {
        await this.#silver.clear()
        await this.#gold.evictAll()
        for (const folder of ['lakehouse', UPDATES_FOLDER]) await this.#parts.files.removeFolder(folder)
        await this.#gold.open()
        this.#lastUpdate = null
        this.#emit({ type: 'sources.changed' })
        this.#emit({ type: 'catalog.changed' })
        await this.#emitResources()
      }),
    )

  subscribe: EngineApi['subscribe'] = (listener) => {
    this.#listeners.add(listener)
    void this.#emitResources()
    return () => this.#listeners.delete(listener)
  }

  /** Runs `work` while a result's rows are in memory and not being swapped. Throws `result.closed` when they are not any more. */
  #withResult<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#swap.run(() => {
      const { opened } = this.#results.find(id)
      if (opened === null) return work()
      if (this.#catalog.state(opened.table) !== opened.state) throw resultClosed()
      // It may have gone out of memory since it was opened.
      return this.#catalog.using([opened.table], { asOf: this.#asOf() }, work)
    })
  }

  /** Translates a user's query, makes what it reads queryable, and runs it while no table is being swapped. */
  #reading<T>(
    request: QueryRequest,
    signal: AbortSignal | undefined,
    work: (duckdbSql: string) => Promise<T>,
  ): Promise<T> {
    const command = commandOf(request)
    if (command !== null) return this.#commanding(request, command, signal, work)
    return this.#swap.run(async () => {
      try {
        throwIfCanceled(signal)
        const asOf = this.#asOf()
        const described = await this.#describe(request)
        if (described !== null) return await work(described)
        const names = { queryable: this.#catalog.names(), project: this.#project }
        const { sql, tables, moments, comparisons } = translateQuery(request, this.#parts.dialect, names, asOf)
        for (const { name } of [...moments, ...comparisons]) await this.history({ table: name })
        return await this.#catalog.using(tables, { asOf }, () =>
          this.#gold.usingMoments(moments, () => this.#gold.usingComparisons(comparisons, () => work(sql))),
        )
      } catch (error) {
        throw queryError(error, request.sql)
      } finally {
        void this.#emitResources()
      }
    })
  }

  /** Runs a command on a stored table, then the query that gives its result. */
  async #commanding<T>(
    { sql }: QueryRequest,
    command: TableCommand,
    signal: AbortSignal = new AbortController().signal,
    work: (duckdbSql: string) => Promise<T>,
  ): Promise<T> {
    try {
      throwIfCanceled(signal)
      const context = { ...this.#updateContext(() => undefined), signal }
      const result =
        command.kind === 'explain'
          ? await explain(context, command.query)
          : await this.#work.run(() => this.#measured(() => runCommand(context, command, sql)))
      return await this.#swap.run(() => work(result))
    } catch (error) {
      throw queryError(error, sql)
    }
  }

  /** The query that answers DESCRIBE HISTORY or DESCRIBE DETAIL; null for any other statement. */
  async #describe({ sql, dialect = 'databricks' }: QueryRequest): Promise<string | null> {
    const request = dialect === 'databricks' ? describeRequest(readingStatement(sql, dialect)) : null
    if (request === null) return null
    const [schema = '', name] = request.table.slice(-2)
    const table = name === undefined ? `${this.#project.defaultSchema}.${schema}` : `${schema}.${name}`
    // Also says why there is nothing to describe.
    const versions = await this.history({ table })
    const stored = this.#gold.tables.get(table)
    if (request.what === 'history') return historySql(versions)
    if (stored !== undefined) return detailSql(stored)
    throw new GoldsmithError({
      code: 'sql.table_not_built',
      message: `${table} has not been built yet.`,
      remedy: 'Run the pipeline first.',
    })
  }

  /** The business date of what is shown: that of the last update, else today in UTC. */
  #asOf(): string {
    return this.#lastUpdate?.asOf ?? new Date(this.#parts.clock.now()).toISOString().slice(0, 10)
  }

  #updateContext(note: (event: EngineEvent) => void) {
    return {
      project: this.#project,
      lakehouse: this.#lakehouse,
      codec: this.#parts.codec,
      files: this.#parts.files,
      dialect: this.#parts.dialect,
      deltaTables: this.#deltaTables,
      clock: this.#parts.clock,
      silver: this.#silver,
      gold: this.#gold,
      catalog: this.#catalog,
      swap: this.#swap,
      engineVersion: this.#parts.version,
      emit: (event: EngineEvent) => {
        note(event)
        this.#emit(event)
      },
    }
  }

  async #measured<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      await this.#emitResources()
    }
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event)
    const isProgress = event.type === 'load.progress' || event.type === 'update.dataset'
    if (isProgress && this.#parts.clock.now() - this.#resourcesAt > RESOURCE_INTERVAL_MS) void this.#emitResources()
  }

  async #emitResources(): Promise<void> {
    this.#resourcesAt = this.#parts.clock.now()
    try {
      const usage = await this.#parts.files.usage()
      const memoryBytes = await this.#lakehouse.memoryBytes()
      const storage = { storageBytes: usage?.usedBytes ?? null, storageQuotaBytes: usage?.quotaBytes ?? null }
      this.#emit({ type: 'engine.resources', memoryBytes, ...storage })
    } catch {
      // Figures for show: an engine that cannot even tell them fails whatever is asked of it next, and that is reported.
    }
  }
}

/** The command that a query's text is; null for a query. */
function commandOf({ sql, dialect = 'databricks' }: QueryRequest): TableCommand | null {
  return dialect === 'databricks' ? parseTableCommand(sql) : null
}
