import { quoteIdentifier } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import { actionMask, datasetSelect, type JudgedExpectation, violates } from './dataset-select'

/** A view's rows with every expectation judged, or null when it has none. */
export async function judgedViewSelect(
  lakehouse: Lakehouse,
  query: string,
  expectations: readonly JudgedExpectation[],
): Promise<string | null> {
  if (expectations.length === 0) return null
  const columns = await lakehouse.describe(query)
  return datasetSelect(
    query,
    columns.map(({ name }) => ({ name, type: null, generatedSql: null })),
    expectations,
  )
}

/** The query that a view shows: a row that violates a DROP rule is not in it. */
export async function viewSelect(
  lakehouse: Lakehouse,
  query: string,
  expectations: readonly JudgedExpectation[],
): Promise<string> {
  const dropped = actionMask(expectations, 'drop')
  const judged = dropped === 0n ? null : await judgedViewSelect(lakehouse, query, expectations)
  if (judged === null) return query
  const names = (await lakehouse.describe(query)).map(({ name }) => quoteIdentifier(name))
  return `SELECT ${names.join(', ')} FROM (${judged}) AS judged WHERE NOT ${violates(dropped)}`
}
