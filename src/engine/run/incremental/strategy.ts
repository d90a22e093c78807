import type { Dataset } from '@/domain/pipeline/project'
import type { RefreshStrategy } from '@/domain/update/plan'
import type { AnalyzedQuery, GroupFlow, RowFlow } from '@/engine/ports'

/** How changed rows are followed to the rows of a dataset. */
export type Strategy =
  | { kind: 'rows'; flow: RowFlow; identity: Identity[] }
  | { kind: 'groups'; flow: GroupFlow; identity: Identity[] }
  | { kind: 'whole'; reason: string }

/** One of the columns by which rows of a dataset are told apart that are computed together. */
export interface Identity {
  /** Lower-case column of the dataset. */
  output: string
  /** Lower-case column of the driving table, or column of the group query. */
  column: string
}

/**
 * Decides from the query and the dataset's key. Rows that are computed together must be found again in the dataset by columns of
 * its own, and no row outside them may have the key of one inside.
 */
export function strategyOf(
  { primaryKey }: Pick<Dataset, 'primaryKey'>,
  query: Pick<AnalyzedQuery, 'flow'> | null,
): Strategy {
  if (query === null) return { kind: 'whole', reason: 'flows' }
  const { shape } = query.flow
  if (shape.kind === 'whole') return { kind: 'whole', reason: shape.reason }
  const identity = shape.kind === 'groups' ? shape.groups : rowIdentity(shape, primaryKey)
  if (identity === null) {
    return { kind: 'whole', reason: 'a key that is no column of the table whose rows it follows' }
  }
  const outputs = new Set(identity.map(({ output }) => output))
  const key = primaryKey?.map((column) => column.toLowerCase()) ?? null
  if (key !== null && (key.length !== outputs.size || key.some((column) => !outputs.has(column)))) {
    return {
      kind: 'whole',
      reason: `a key (${key.join(', ')}) that is not that of its rows (${[...outputs].join(', ')})`,
    }
  }
  const pairs = identity.map(({ output, column }) => ({ output, column }))
  return shape.kind === 'rows'
    ? { kind: 'rows', flow: shape, identity: pairs }
    : { kind: 'groups', flow: shape, identity: pairs }
}

/** What the planner needs to know of a strategy. */
export function refreshStrategy(strategy: Strategy): RefreshStrategy {
  if (strategy.kind === 'whole') return strategy
  return { kind: strategy.kind, by: strategy.identity.map(({ output }) => output) }
}

/** The key of which the latest row counts, or else the dataset's own key; each column must reach the dataset unchanged. */
function rowIdentity({ driver, outputs, passesAll }: RowFlow, primaryKey: readonly string[] | null): Identity[] | null {
  const identity =
    driver.latest === null
      ? (primaryKey ?? []).map((name) => {
          const output = name.toLowerCase()
          return { output, column: outputs[output] ?? (passesAll ? output : null) }
        })
      : driver.latest.keys.map((column) => {
          const [output] = Object.entries(outputs).find(([, from]) => from === column) ?? []
          return { output: output ?? (passesAll ? column : null), column }
        })
  const complete = identity.flatMap(({ output, column }) =>
    output === null || column === null ? [] : [{ output, column }],
  )
  return complete.length === 0 || complete.length < identity.length ? null : complete
}
