/** The column lineage of a project: what each column is made of, and where that comes from in the end. */
import { type ColumnUse, distinctUses, usedAs } from './column-use'

export interface ColumnLineage {
  name: string
  /** SQL that makes the column; its name when a star or the table gives it. */
  expression: string
  /** Columns of the datasets and sources that the dataset reads. */
  inputs: ColumnUse[]
}

export interface DatasetLineage {
  /** Lower-case `schema.table`. */
  name: string
  columns: ColumnLineage[]
  /** Columns that decide which rows there are, for all columns alike: filters, join conditions, keys of groups. */
  rowInputs: ColumnUse[]
}

/** A column of a table that no dataset makes. */
export type SourceUse = Omit<ColumnUse, 'offset'>

/** Answers for the columns of any of the datasets; of a cycle only what comes from outside it. */
export class LineageGraph {
  readonly #datasets: ReadonlyMap<string, DatasetLineage>
  readonly #columns = new Map<string, ColumnUse[]>()
  readonly #rows = new Map<string, ColumnUse[]>()

  constructor(datasets: readonly DatasetLineage[]) {
    this.#datasets = new Map(datasets.map((dataset) => [dataset.name, dataset]))
  }

  /** What a column's values are made of and chosen by, back to the sources. */
  columnSources(table: string, column: string): SourceUse[] {
    return withoutPlaces(this.#sourcesOfColumn(table, column.toLowerCase()))
  }

  /** What decides which rows a dataset has, back to the sources: its own conditions and those of all that it reads. */
  rowSources(table: string): SourceUse[] {
    return withoutPlaces(this.#sourcesOfRows(table))
  }

  #sourcesOfColumn(table: string, column: string): ColumnUse[] {
    const key = JSON.stringify([table, column])
    const found = this.#columns.get(key)
    if (found) return found
    this.#columns.set(key, [])
    const columns = this.#datasets.get(table)?.columns ?? []
    const inputs = columns
      .filter(({ name }) => column === '*' || name.toLowerCase() === column)
      .flatMap((lineage) => lineage.inputs)
    const sources = this.#sourcesOf(inputs)
    this.#columns.set(key, sources)
    return sources
  }

  #sourcesOfRows(table: string): ColumnUse[] {
    const found = this.#rows.get(table)
    if (found) return found
    this.#rows.set(table, [])
    const dataset = this.#datasets.get(table)
    const uses = dataset ? [...dataset.rowInputs, ...dataset.columns.flatMap(({ inputs }) => inputs)] : []
    const read = new Set(uses.map((use) => use.table))
    const sources = distinctUses([
      ...this.#sourcesOf(dataset?.rowInputs ?? []),
      ...[...read].flatMap((input) => this.#sourcesOfRows(input)),
    ])
    this.#rows.set(table, sources)
    return sources
  }

  #sourcesOf(uses: readonly ColumnUse[]): ColumnUse[] {
    return distinctUses(
      uses.flatMap((use) =>
        this.#datasets.has(use.table) ? usedAs(use.usage, this.#sourcesOfColumn(use.table, use.column)) : [use],
      ),
    )
  }
}

function withoutPlaces(uses: readonly ColumnUse[]): SourceUse[] {
  return uses.map(({ table, column, usage }) => ({ table, column, usage }))
}
