import type { Dataset, Project } from '@/domain/pipeline/project'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import { optionalInputs } from '@/engine/pipeline-state'
import type { SqlDialect } from '@/engine/ports'
import type { SilverStore } from '@/engine/silver/silver-store'

/** Stands in for optional Silver tables that are not loaded: empty tables, there only while an update runs. */
export class AbsentSources {
  readonly #lakehouse: Lakehouse
  readonly #project: Project
  readonly #dialect: SqlDialect
  readonly #silver: SilverStore
  readonly #supplied = new Set<string>()

  constructor(lakehouse: Lakehouse, project: Project, dialect: SqlDialect, silver: SilverStore) {
    this.#lakehouse = lakehouse
    this.#project = project
    this.#dialect = dialect
    this.#silver = silver
  }

  has(name: string): boolean {
    return this.#supplied.has(name)
  }

  /** Creates the empty tables that the dataset can do with. */
  async supply(dataset: Dataset): Promise<void> {
    for (const name of optionalInputs(dataset)) {
      const source = this.#project.sources.find((candidate) => candidate.name === name)
      if (source === undefined || this.#silver.tables.has(name) || this.#supplied.has(name)) continue
      const columns = source.columns.map((column) => {
        const type = this.#dialect.dataType(column.type)
        return `${quoteIdentifier(column.name)} ${typeof type === 'string' ? type : 'VARCHAR'}`
      })
      await this.#lakehouse.database.run(`CREATE OR REPLACE TABLE ${quoteName(name)} (${columns.join(', ')})`)
      this.#supplied.add(name)
    }
  }

  async drop(): Promise<void> {
    for (const name of this.#supplied) await this.#lakehouse.drop(name)
    this.#supplied.clear()
  }
}
