import type { LatestPerKey } from '@/engine/ports'
import { isPerRow, latestPerKey } from './latest'
import { bodyOf, isEmpty, listOf, type Node, nameOf, nodeOf, unwrap } from './nodes'
import { newFindings, type Translator } from './translator'

/** Clauses whose result depends on all rows together. */
const WHOLE = 'distinct group_by having qualify windows order_by limit offset lateral_views'.split(' ')
/** Joins that keep or repeat rows of their left side, each on its own. */
const ROW_WISE_JOINS = new Set(['Left', 'Inner', 'Cross'])

/**
 * The placeholder of the table along which the query may be cut: `WITH latest AS (<latest row per key of T>) SELECT <of each
 * row> FROM latest [LEFT | INNER JOIN others]`. Each result row then comes from one row of T, so the results for any parts of
 * T, put together, are the whole. Null when the query is anything else.
 */
export function drivingPlaceholder(statement: unknown, t: Translator): string | null {
  const { kind, body } = unwrap(statement)
  if (kind !== 'select' || isEmpty(body.with) || WHOLE.some((clause) => !isEmpty(body[clause]))) return null
  const driver = drivingTable(body)
  if (driver === null) return null
  const conditions = [bodyOf(body.where_clause).this, ...listOf(body.joins).map((join) => bodyOf(join).on)]
  const expressions = [...listOf(body.expressions), ...conditions.filter((condition) => !isEmpty(condition))]
  if (!expressions.every(isPerRow)) return null
  return placeholderOf(body, driver, t)
}

/** The common table expression that FROM begins with, when nothing else there or in the joins reads it. */
function drivingTable(body: Node['body']): string | null {
  const [relation, ...others] = listOf(bodyOf(body.from).expressions)
  if (relation === undefined || others.length > 0) return null
  const table = nodeOf(relation)
  if (table.kind !== 'table' || !isEmpty(table.body.schema)) return null
  const name = nameOf(table.body.name).toLowerCase()
  const joinsKeepRows = listOf(body.joins).every((join) => {
    const joined = nodeOf(bodyOf(join).this)
    const isOther = joined.kind === 'table' && nameOf(joined.body.name).toLowerCase() !== name
    return isOther && ROW_WISE_JOINS.has(String(bodyOf(join).kind))
  })
  return joinsKeepRows ? name : null
}

function placeholderOf(body: Node['body'], driver: string, t: Translator): string | null {
  const { ctes } = bodyOf(body.with)
  let latest: LatestPerKey | null = null
  for (const cte of listOf(ctes)) {
    const { alias, this: query } = bodyOf(cte)
    if (nameOf(alias).toLowerCase() === driver) {
      const node = unwrap(query)
      // With fresh findings: this only looks, the printing has noted it already.
      latest = node.kind === 'select' ? latestPerKey(node, { ...t, found: newFindings() }) : null
    } else if (reads(query, driver)) {
      return null
    }
  }
  if (latest === null) return null
  const { placeholder: _, ...wanted } = latest
  const same = t.found.latestPerKey.filter(
    ({ placeholder, ...entry }) => JSON.stringify(entry) === JSON.stringify(wanted),
  )
  // Two alike could not be told apart here.
  return same.length === 1 ? (same[0]?.placeholder ?? null) : null
}

/** Whether a table of this bare name stands anywhere in a query. */
function reads(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some((item) => reads(item, name))
  return Object.entries(value).some(([key, child]) => {
    const body = bodyOf(child)
    if (key === 'table' && 'name' in body && isEmpty(body.schema) && !('span' in body))
      return nameOf(body.name).toLowerCase() === name
    return reads(child, name)
  })
}
