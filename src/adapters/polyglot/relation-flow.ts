import type { FlowRelation } from '@/engine/ports'
import { plainColumnOf, Whole } from './flow-terms'
import { isPerRow } from './latest'
import { bodyOf, isEmpty, listOf, type Node, nameOf, nodeOf, unwrap } from './nodes'
import type { Translator } from './translator'

/** A relation of FROM whose rows come one by one from the rows of one stored table or view. */
export interface Relation {
  /** Lower-case name by which columns are qualified. */
  alias: string
  flow: FlowRelation
  /** The table's column that a column of the relation is, unchanged; null when it is none, or computed. */
  column(name: string): string | null
  /** True when the relation has all columns of the table under their own names. */
  passesAll: boolean
}

const OTHERS = 'joins lateral_views group_by having windows distinct order_by limit offset'.split(' ')

/**
 * Reads a relation of a SELECT: a table, or a subquery or common table expression of that SELECT that filters, renames or computes
 * row by row, or keeps the latest row of each key. Throws `Whole` for any other.
 */
export function relationOf(value: unknown, select: Node['body'], t: Translator): Relation {
  const node = nodeOf(value)
  if (node.kind === 'subquery' && !isEmpty(node.body.alias) && isEmpty(node.body.column_aliases)) {
    if (node.body.lateral === true) throw new Whole('a LATERAL subquery')
    return { ...rowWise(node.body.this, select, t), alias: nameOf(node.body.alias).toLowerCase() }
  }
  if (node.kind !== 'table' || !isEmpty(node.body.column_aliases)) throw new Whole('what stands in FROM')
  const bare = nameOf(node.body.name).toLowerCase()
  const alias = isEmpty(node.body.alias) ? bare : nameOf(node.body.alias).toLowerCase()
  const slot = t.found.slots.get(node.body)
  if (slot !== undefined) {
    return { alias, flow: { ...slot, latest: null }, column: (name) => name, passesAll: true }
  }
  const cte = isEmpty(node.body.schema) ? commonTable(bare, select) : undefined
  if (cte === undefined) throw new Whole('what stands in FROM')
  if (!isEmpty(cte.columns)) throw new Whole('renamed columns in WITH')
  return { ...rowWise(cte.this, select, t), alias }
}

function commonTable(name: string, select: Node['body']): Node['body'] | undefined {
  return listOf(bodyOf(select.with).ctes)
    .map(bodyOf)
    .find(({ alias }) => nameOf(alias).toLowerCase() === name)
}

function rowWise(query: unknown, outer: Node['body'], t: Translator): Omit<Relation, 'alias'> {
  const node = unwrap(query)
  if (node.kind !== 'select') throw new Whole('a subquery that is no plain SELECT')
  const { body } = node
  if (!isEmpty(body.with)) throw new Whole('WITH inside a subquery')
  if (OTHERS.some((clause) => !isEmpty(body[clause]))) throw new Whole('a subquery that joins, groups or orders')
  const [first, ...others] = listOf(bodyOf(body.from).expressions)
  if (first === undefined || others.length > 0) throw new Whole('a subquery over no or several relations')
  const inner = relationOf(first, outer, t)
  const latest = isEmpty(body.qualify) ? inner.flow.latest : t.found.latestOf.get(body)
  if (latest === undefined || !(isEmpty(body.qualify) || t.found.slots.has(nodeOf(first).body)))
    throw new Whole('QUALIFY')
  const condition = bodyOf(body.where_clause).this
  const items = listOf(body.expressions)
  if (!items.every(isPerRow) || !(isEmpty(condition) || isPerRow(condition))) {
    throw new Whole('a subquery that looks at several rows')
  }
  const columns = new Map<string, string>()
  let hasAll = false
  for (const item of items) {
    const given = nodeOf(item)
    if (given.kind === 'star') {
      hasAll ||= isEmpty(given.body.except)
      continue
    }
    const column = plainColumnOf(given.kind === 'alias' ? given.body.this : item)
    const name = given.kind === 'alias' ? nameOf(given.body.alias).toLowerCase() : column?.name
    const from = column === null ? null : inner.column(column.name)
    // A computed column of that name hides the table's own.
    if (name !== undefined) columns.set(name, from ?? '')
  }
  return {
    flow: { ...inner.flow, latest },
    column: (name) => (columns.has(name) ? columns.get(name) || null : hasAll ? inner.column(name) : null),
    passesAll: hasAll && inner.passesAll && columns.size === 0,
  }
}
