import { momentName, type TableMoment } from './moment'

/** What a query asks of a table's versions, or of two tables, instead of a table's rows. */
export type Comparison =
  /** What each commit changed, from one version to another, both included; `to` null: the last version. */
  | { kind: 'changes'; from: TableMoment; to: TableMoment | null }
  /** How one version differs from another, by the table's key. */
  | { kind: 'difference'; from: TableMoment; to: TableMoment | null }
  /** How a table of the same key differs from this one. */
  | { kind: 'difference'; other: string }

/** The name under which a comparison's rows are queried: never one of a table, since those hold no @. */
export function comparisonName(table: string, comparison: Comparison): string {
  const marked = `${table}@${comparison.kind}`
  if ('other' in comparison) return `${marked}-${comparison.other.replaceAll('.', '/')}`
  const { from, to } = comparison
  return momentName(momentName(marked, from), to ?? { version: -1 })
}
