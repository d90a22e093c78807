/** Where a dataset uses of another schema's table what the table does not promise. */
import { contractColumns } from '@/domain/pipeline/contracts'
import type { Dataset } from '@/domain/pipeline/project'
import type { ColumnUse } from './column-use'
import type { DatasetLineage } from './graph'

export interface ContractBreach {
  reader: Dataset
  table: Dataset
  /** Lower-case. */
  column: string
  /** Into the text of the reader's query. */
  offset: number
  contract: string[]
}

/**
 * Each column once for each reader. A temporary view belongs to whoever reads it, so its uses are theirs; Silver tables and
 * tables without a contract may be used whole.
 */
export function contractBreaches(datasets: readonly Dataset[], lineage: readonly DatasetLineage[]): ContractBreach[] {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]))
  const lineages = new Map(lineage.map((of) => [of.name, of]))
  const isTemporary = (name: string) => byName.get(name)?.temporary === true
  const breaches: ContractBreach[] = []
  for (const reader of datasets) {
    const of = lineages.get(reader.name)
    if (!of || reader.temporary) continue
    const seen = new Set<string>()
    for (const { table: name, column, offset } of throughViews(usesOf(of), lineages, isTemporary)) {
      const table = byName.get(name)
      const contract = table && schemaOf(name) !== schemaOf(reader.name) ? contractColumns(table.properties) : null
      const key = `${name}.${column}`
      if (!table || contract === null || seen.has(key)) continue
      if (contract.some((promised) => promised.toLowerCase() === column)) continue
      seen.add(key)
      breaches.push({ reader, table, column, offset, contract })
    }
  }
  return breaches
}

function usesOf({ columns, rowInputs }: DatasetLineage): ColumnUse[] {
  return [...columns.flatMap(({ inputs }) => inputs), ...rowInputs]
}

/** The uses with those of temporary views replaced by what the views use, at the place where the view is used. */
function throughViews(
  uses: readonly ColumnUse[],
  lineages: ReadonlyMap<string, DatasetLineage>,
  isTemporary: (name: string) => boolean,
): ColumnUse[] {
  const found: ColumnUse[] = []
  const entered = new Set<string>()
  const waiting = [...uses]
  for (const use of waiting) {
    const view = isTemporary(use.table) ? lineages.get(use.table) : undefined
    if (!view) {
      found.push(use)
      continue
    }
    const key = `${use.table}.${use.column}`
    if (entered.has(key)) continue
    const column = view.columns.find(({ name }) => name.toLowerCase() === use.column)
    const rows = entered.has(use.table) ? [] : view.rowInputs
    entered.add(key).add(use.table)
    for (const inner of [...(column?.inputs ?? []), ...rows]) waiting.push({ ...inner, offset: use.offset })
  }
  return found
}

function schemaOf(name: string): string {
  return name.split('.')[0] ?? name
}
