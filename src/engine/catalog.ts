import type { TableInfo } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import type { Dataset, Project } from '@/domain/pipeline/project'
import { quoteName } from '@/domain/sql/quote'
import type { StoredTable } from '@/rpc/contract'
import type { GoldStore } from './gold/gold-store'
import type { Lakehouse } from './lakehouse'
import type { SqlDialect } from './ports'
import { translateDataset } from './project-translate'
import { isState } from './run/streaming/stream-state'
import { viewSelect } from './run/view-select'
import type { SilverStore } from './silver/silver-store'

const QUARANTINE = '__quarantine'
/** Tables that the engine keeps about its own work. */
const SYSTEM_SCHEMA = 'pipeline.'

/** What a query's names and parameters mean. */
export interface QueryScope {
  /** Business date, ISO. */
  asOf: string
  /** Values that replace the project's, in views. */
  configuration?: Record<string, string>
  /** Names that are queryable already, whatever the catalog knows of them. */
  ready?: { has(name: string): boolean }
}

/** Everything that SQL can name: Silver tables, Gold tables and their quarantines, the pipeline's views. */
export class Catalog {
  readonly #project: Project
  readonly #datasets: ReadonlyMap<string, Dataset>
  readonly #silver: SilverStore
  readonly #gold: GoldStore
  readonly #lakehouse: Lakehouse
  readonly #dialect: SqlDialect
  /** Views whose definition is an update's. */
  readonly #held = new Set<string>()
  /** Columns of the views that were defined in this session. */
  readonly #viewColumns = new Map<string, { name: string; type: string }[]>()

  constructor(project: Project, lakehouse: Lakehouse, dialect: SqlDialect, silver: SilverStore, gold: GoldStore) {
    this.#project = project
    this.#datasets = new Map(project.datasets.map((dataset) => [dataset.name, dataset]))
    this.#silver = silver
    this.#gold = gold
    this.#lakehouse = lakehouse
    this.#dialect = dialect
  }

  /**
   * Gives a view another query until it is released: that of an update, which may have another business date than queries
   * beside it, and must not lose its view to one of them.
   */
  async holdView(name: string, query: string): Promise<void> {
    this.#held.add(name)
    await this.#defineView(name, query)
  }

  async releaseView(name: string): Promise<void> {
    this.#held.delete(name)
    await this.#lakehouse.database.run(`DROP VIEW IF EXISTS ${quoteName(name)}`)
  }

  /** (Re)creates a view over queryable tables. Its columns are known from then on. */
  async #defineView(name: string, query: string): Promise<void> {
    await this.#lakehouse.database.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS ${query}`)
    this.#viewColumns.set(name, await this.#lakehouse.describe(`SELECT * FROM ${quoteName(name)}`))
  }

  /** Names of everything that can be queried now. */
  names(): string[] {
    const views = this.#project.datasets.filter(({ kind }) => kind === 'view').map(({ name }) => name)
    return [...this.#silver.tables.keys(), ...this.#gold.tables.keys(), ...this.#gold.unreadable.keys(), ...views]
  }

  /**
   * Runs `work` with the named tables and views queryable, with what they read. Throws `sql.source_absent` for a Silver table
   * of the pipeline that is not loaded, and `sql.table_not_built` for a dataset that has no version yet.
   */
  async using<T>(names: Iterable<string>, scope: QueryScope, work: () => Promise<T>): Promise<T> {
    const all = this.behind(names)
    for (const name of all) if (!scope.ready?.has(name)) this.#check(name)
    const stored = [...all].filter((name) => this.#gold.tables.has(name) || this.#gold.unreadable.has(name))
    return this.#gold.using(stored, async () => {
      // Topological order: a view may read another.
      for (const dataset of this.#project.datasets) {
        if (dataset.kind === 'view' && all.has(dataset.name) && !this.#held.has(dataset.name)) {
          await this.#createView(dataset, scope)
        }
      }
      return work()
    })
  }

  /** Changes whenever the rows of a table may have; null for a view, or when there is no such table. */
  state(name: string): string | null {
    return this.#gold.state(name) ?? this.#silver.tables.get(name)?.fingerprint ?? null
  }

  /** (Re)creates a view; what it reads must be queryable. */
  async #createView(dataset: Dataset, scope: QueryScope): Promise<void> {
    const translated = translateDataset(dataset, this.#project, this.#dialect, scope)
    const [problem] = translated.problems
    if (problem) throw new GoldsmithError(problem)
    if (translated.query === null) return
    const query = await viewSelect(this.#lakehouse, translated.query.duckdbSql, translated.expectations)
    await this.#defineView(dataset.name, query)
  }

  /** The names with everything that views among them read. */
  behind(names: Iterable<string>): Set<string> {
    const all = new Set<string>()
    for (const name of names) withUpstreamOfViews(this.#datasets, name, all)
    return all
  }

  /** True for what the pipeline declares PRIVATE, and for its quarantine. */
  isPrivate(name: string): boolean {
    const of = name.endsWith(QUARANTINE) ? name.slice(0, -QUARANTINE.length) : name
    return this.#datasets.get(of)?.private === true
  }

  tables(): StoredTable[] {
    return [
      ...[...this.#silver.tables.values()].map((table) => this.#silverInfo(table.name)),
      ...[...this.#gold.tables.keys()].filter((name) => !isState(name)).map((name) => this.#goldInfo(name)),
      ...this.#project.datasets
        .filter((dataset) => dataset.kind === 'view' && this.#isQueryable(dataset))
        .map((dataset) => viewInfo(dataset, this.#viewColumns.get(dataset.name) ?? [])),
    ].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Whether everything that a view reads is there. */
  #isQueryable({ name }: Dataset): boolean {
    return [...this.behind([name])].every(
      (input) =>
        this.#datasets.get(input)?.kind === 'view' || this.#silver.tables.has(input) || this.#gold.tables.has(input),
    )
  }

  #check(name: string): void {
    const isDeclaredSource = this.#project.sources.some((source) => source.name === name)
    if (isDeclaredSource && !this.#silver.tables.has(name)) {
      throw new GoldsmithError({
        code: 'sql.source_absent',
        message: `${name} is not loaded.`,
        remedy: 'Drop its file on the page; Silver files are not kept over a reload.',
      })
    }
    const dataset = this.#datasets.get(name)
    if (dataset && dataset.kind !== 'view' && !this.#gold.tables.has(name) && !this.#gold.unreadable.has(name)) {
      throw new GoldsmithError({
        code: 'sql.table_not_built',
        message: `${name} has not been built yet.`,
        remedy: 'Run the pipeline first.',
      })
    }
  }

  #silverInfo(name: string): TableInfo {
    const table = this.#silver.tables.get(name)
    const source = this.#project.sources.find((candidate) => candidate.name === name)
    return {
      name,
      layer: 'silver',
      kind: 'source',
      comment: source?.comment ?? null,
      columns: (table?.columns ?? []).map((column) => {
        const declared = source?.columns.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase())
        return {
          name: column.name,
          type: column.type,
          nullable: !(declared?.notNull ?? false),
          comment: declared?.comment ?? null,
          pii: listed(source?.properties.pii_columns).has(column.name.toLowerCase()),
        }
      }),
      properties: source?.properties ?? {},
      rows: table?.rows ?? null,
      version: null,
      files: table?.files.length ?? null,
      bytes: table?.bytes ?? null,
    }
  }

  #goldInfo(name: string): StoredTable {
    const table = this.#gold.tables.get(name)
    const isQuarantine = name.endsWith(QUARANTINE)
    const dataset = this.#datasets.get(name)
    const properties = table?.snapshot.metaData.configuration ?? {}
    const pii = listed(properties.pii_columns)
    const committedAt = table?.snapshot.history.at(-1)?.timestamp
    return {
      name,
      layer: name.startsWith(SYSTEM_SCHEMA) ? 'pipeline' : 'gold',
      kind: isQuarantine ? 'quarantine' : (dataset?.kind ?? 'materialized_view'),
      comment: table?.snapshot.metaData.description ?? null,
      columns: (table?.columns ?? []).map((column) => ({
        name: column.name,
        type: column.type,
        nullable: column.nullable,
        comment: column.comment,
        pii: pii.has(column.name.toLowerCase()),
      })),
      properties,
      rows: table?.rows ?? null,
      version: table?.snapshot.version ?? null,
      files: table?.snapshot.files.length ?? null,
      bytes: table?.bytes ?? null,
      ...(this.isPrivate(name) ? { private: true } : {}),
      ...(committedAt === undefined ? {} : { committedAt }),
    }
  }
}

function viewInfo(dataset: Dataset, columns: readonly { name: string; type: string }[]): TableInfo {
  return {
    name: dataset.name,
    layer: 'gold',
    kind: 'view',
    comment: dataset.comment,
    columns: columns.map(({ name, type }) => {
      const declared = dataset.columns?.find((column) => column.name.toLowerCase() === name.toLowerCase())
      return {
        name,
        type,
        nullable: !(declared?.notNull ?? false),
        comment: declared?.comment ?? null,
        pii: listed(dataset.properties.pii_columns).has(name.toLowerCase()),
      }
    }),
    properties: dataset.properties,
    rows: null,
    version: null,
    files: null,
    bytes: null,
  }
}

/** Views show their inputs' rows, so those must be there; a stored table stands for itself. */
function withUpstreamOfViews(datasets: ReadonlyMap<string, Dataset>, name: string, seen: Set<string>): void {
  if (seen.has(name)) return
  seen.add(name)
  const dataset = datasets.get(name)
  if (dataset?.kind === 'view') for (const input of dataset.inputs) withUpstreamOfViews(datasets, input, seen)
}

function listed(text: string | undefined): Set<string> {
  const names = (text ?? '').split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => name !== ''))
}
