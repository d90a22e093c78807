import type { AddFile } from '@/domain/delta/actions'
import type { Dataset } from '@/domain/pipeline/project'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { type Build, builtFingerprint, type ReadState, type RefreshStrategy } from '@/domain/update/plan'
import { CHANGE_TYPE } from '@/engine/changes/change-set'
import type { AnalyzedQuery } from '@/engine/ports'
import type { TranslatedDataset } from '@/engine/project-translate'
import type { BuildContext } from '@/engine/run/build-table'
import { type CommitOver, quarantineName } from '@/engine/run/commit-dataset'
import { blueprintOf } from '@/engine/run/dataset-rows'
import { streamingStrategy } from '@/engine/run/streaming/strategy'
import type { SupersededRows } from '@/engine/run/superseded'
import type { UpdateContext } from '@/engine/run/update-context'
import { affectedRows, type Obstacle } from './affected'
import { type Refreshed, type RefreshedTable, refreshTable } from './refresh-table'
import { refreshStrategy, type Strategy, strategyOf } from './strategy'
import { behind, type Changes, countChanges, TableChanges } from './table-changes'

/** Rebuilt tables of up to so many rows are compared with what they were, so that readers need not be rebuilt for nothing. */
const COMPARED_ROWS = 250_000

/** What one update knows of changed rows. */
export class IncrementalRun {
  readonly #context: UpdateContext
  readonly #superseded: SupersededRows
  readonly #translate: (dataset: Dataset) => TranslatedDataset
  readonly #datasets: ReadonlyMap<string, Dataset>
  readonly #changes: TableChanges
  /** What datasets that follow changed rows read, themselves or through views. */
  readonly #followed = new Set<string>()

  constructor(context: UpdateContext, superseded: SupersededRows, translate: (dataset: Dataset) => TranslatedDataset) {
    this.#context = context
    this.#superseded = superseded
    this.#translate = translate
    this.#datasets = new Map(context.project.datasets.map((dataset) => [dataset.name, dataset]))
    const { lakehouse, silver, gold } = context
    this.#changes = new TableChanges({ lakehouse, silver, gold, superseded, view: (name) => this.#view(name) })
  }

  /** What the planner needs to know of a dataset. */
  planned(
    dataset: Dataset,
    translated: TranslatedDataset | undefined,
  ): { behind: string[]; strategy: RefreshStrategy } {
    const read = behind(dataset, this.#datasets)
    const strategy =
      translated && dataset.kind === 'streaming_table'
        ? streamingStrategy(dataset, translated)
        : refreshStrategy(this.#strategy(dataset, translated?.query ?? null))
    if (strategy.kind === 'rows' || strategy.kind === 'groups') for (const name of read) this.#followed.add(name)
    return { behind: read, strategy }
  }

  /** The states of all that a dataset reads, to be noted with what is built of them. */
  read({ behind: fingerprints }: Build): Record<string, ReadState> {
    const { tables } = this.#context.gold
    const states = Object.entries(fingerprints).map(([name, fingerprint]) => {
      const stored = this.#datasets.get(name)?.kind === 'view' ? undefined : tables.get(name)
      return [name, { fingerprint, version: stored?.snapshot.version ?? null }] as const
    })
    return Object.fromEntries(states)
  }

  /**
   * Computes what changed rows of the inputs lead to; the dataset, its quarantine and its inputs must be queryable. Returns an
   * obstacle when it has to be rebuilt after all. Throws what `buildTable` throws.
   */
  async refresh(
    dataset: Dataset,
    translated: TranslatedDataset,
    build: Build,
    context: BuildContext,
  ): Promise<Refreshed | Obstacle> {
    const { query } = translated
    const strategy = this.#strategy(dataset, query)
    const { tables } = this.#context.gold
    const present = tables.get(dataset.name)
    const read = present?.metadata?.read
    if (query === null || strategy.kind === 'whole') return { obstacle: 'its query' }
    if (present === undefined || read === undefined) return { obstacle: 'a version that does not say what it read' }
    const changes = new Map<string, Changes>()
    for (const { table } of query.flow.inputs) {
      if (!changes.has(table)) changes.set(table, await this.#changes.since(table, read, build.behind))
    }
    const { lakehouse } = this.#context
    const newTable = () => this.#changes.newTable()
    const affected = await affectedRows(
      { lakehouse, superseded: this.#superseded, newTable },
      strategy,
      query.flow,
      changes,
    )
    if ('obstacle' in affected) return affected
    return refreshTable(context, {
      blueprint: blueprintOf(dataset, translated),
      present,
      quarantine: tables.get(quarantineName(dataset.name)) ?? null,
      affected,
      keyColumns: strategy.identity.map(({ output }) => output),
      newTable,
    })
  }

  /** A name for a table that is dropped when the update has ended. */
  newTable(): string {
    return this.#changes.newTable()
  }

  /** Tells datasets downstream which rows a refresh changed. */
  noteRefreshed({ table }: Refreshed): void {
    const since = this.#builtFingerprint(table.name)
    if (since !== null) this.#changes.note(table.name, since, table.merge.changes)
  }

  /** Compares a rebuilt table with the version that is there, when both are small enough, for datasets downstream. */
  async noteRebuilt(name: string, built: { table: string; rows: number }): Promise<void> {
    if (!this.#followed.has(name)) return
    const { gold, lakehouse } = this.#context
    const present = gold.tables.get(name)
    const since = this.#builtFingerprint(name)
    if (present === undefined || since === null || Math.max(present.rows, built.rows) > COMPARED_ROWS) return
    const columns = await lakehouse.describe(`SELECT * FROM ${quoteName(built.table)}`)
    const isSame = (a: { name: string; type: string }, b: { name: string; type: string } | undefined) =>
      a.name === b?.name && a.type === b.type
    if (columns.length !== present.columns.length || !columns.every((column, i) => isSame(column, present.columns[i])))
      return
    const names = columns.map((column) => quoteIdentifier(column.name)).join(', ')
    await gold.using([name], async () => {
      const difference = (one: string, other: string, type: string) =>
        `SELECT *, '${type}' AS ${CHANGE_TYPE} FROM (SELECT ${names} FROM ${quoteName(one)} EXCEPT ALL SELECT ${names} FROM ${quoteName(other)})`
      const table = this.#changes.newTable()
      await lakehouse.database.run(
        `CREATE TABLE ${quoteName(table)} AS ${difference(name, built.table, 'delete')} UNION ALL ${difference(built.table, name, 'insert')}`,
      )
      this.#changes.note(name, since, await countChanges(lakehouse, table))
    })
  }

  async forget(): Promise<void> {
    await this.#changes.forget()
  }

  #strategy(dataset: Dataset, query: AnalyzedQuery | null): Strategy {
    return strategyOf(dataset, query)
  }

  #view(name: string): { query: AnalyzedQuery; drops: boolean } | null {
    const dataset = this.#datasets.get(name)
    if (dataset?.kind !== 'view') return null
    const { query, expectations } = this.#translate(dataset)
    return query === null ? null : { query, drops: expectations.some(({ action }) => action === 'drop') }
  }

  /** Fingerprint of the version that is there, as those that read it have noted it. */
  #builtFingerprint(name: string): string | null {
    const { metadata } = this.#context.gold.tables.get(name) ?? {}
    return metadata ? builtFingerprint(metadata) : null
  }
}

/** How a refreshed dataset and its quarantine are committed. */
export function mergesOf(
  { table, quarantine, keyColumns }: Refreshed,
  tables: UpdateContext['gold']['tables'],
): { table: CommitOver; quarantine: CommitOver } {
  const over = mergeOver(table, tables, keyColumns)
  return { table: over, quarantine: quarantine === null ? over : mergeOver(quarantine, tables, keyColumns) }
}

/** How a refreshed table is committed: in the place of the files of the partitions that changed. */
function mergeOver(
  { partitions, merge, name }: RefreshedTable,
  tables: UpdateContext['gold']['tables'],
  matchedBy: readonly string[],
): CommitOver {
  const snapshot = tables.get(name)?.snapshot
  const columns = snapshot?.metaData.partitionColumns ?? []
  const replaced = partitions === null ? null : new Set(partitions.map((values) => JSON.stringify(values)))
  const valuesOf = (file: AddFile) => JSON.stringify(columns.map((column) => file.partitionValues[column] ?? null))
  const { inserted, updated, deleted } = merge
  const replaces = (file: AddFile) => replaced === null || replaced.has(valuesOf(file))
  return {
    mode: { replaces, inserted, updated, deleted, matchedBy },
    ...(snapshot === undefined ? {} : { version: snapshot.version }),
  }
}
