import type { FlowJoin, QueryFlow } from '@/engine/ports'
import { plainColumnOf, Whole, whatIsWhole } from './flow-terms'
import { isPerRow } from './latest'
import { bodyOf, integerLiteral, isEmpty, listOf, type Node, nameOf, nodeOf } from './nodes'
import type { Relation } from './relation-flow'
import type { Translator } from './translator'

const WHOLE = { distinct: 'DISTINCT', qualify: 'QUALIFY', windows: 'WINDOW', limit: 'LIMIT', offset: 'OFFSET' }
/** A condition to be replaced by one that is true for the rows of the groups in question. */
const RESTRICTION = '__restriction'
const GROUPINGS = new Set(['ROLLUP', 'CUBE', 'GROUPING SETS'])

/** One GROUP BY over rows that come one by one from a table: its groups can be computed each on its own. */
export function groupShape(
  { body }: Node,
  { driver, joins }: { driver: Relation; joins: FlowJoin[] },
  t: Translator,
): QueryFlow['shape'] {
  for (const [clause, name] of Object.entries(WHOLE)) if (!isEmpty(body[clause])) throw new Whole(name)
  if (!isEmpty(body.lateral_views)) throw new Whole('LATERAL VIEW')
  if (driver.flow.latest !== null) throw new Whole('groups over the latest row of each key')
  const items = listOf(body.expressions)
  for (const value of [...items, bodyOf(body.having).this]) {
    const text = JSON.stringify(value ?? null)
    if (text.includes('"window_function"') || text.includes('"select"')) throw new Whole(whatIsWhole(value))
  }
  const condition = bodyOf(body.where_clause).this
  const conditions = [condition, ...listOf(body.joins).map((join) => bodyOf(join).on)]
  if (!conditions.every((value) => isEmpty(value) || isPerRow(value))) throw new Whole('a subquery in a condition')
  const groups = groupsOf(body, items)
  const marker = { column: { name: { name: RESTRICTION } } }
  const restricted = isEmpty(condition) ? marker : { and: { left: { paren: { this: condition } }, right: marker } }
  const keyQuery = {
    expressions: groups.map(({ expression }, index) => ({
      alias: { this: expression, alias: { name: groupColumn(index) } },
    })),
    distinct: true,
    from: body.from,
    joins: body.joins,
    where_clause: body.where_clause,
    with: body.with,
  }
  return {
    kind: 'groups',
    driver: driver.flow,
    joins,
    groups: groups.map(({ output, expression }, index) => ({
      output,
      column: groupColumn(index),
      sql: t.expression(expression),
    })),
    keysSql: t.query({ select: keyQuery }),
    restrictedSql: t.query({ select: { ...body, where_clause: { this: restricted } } }),
  }
}

/** A name that no column of a table hides. */
function groupColumn(index: number): string {
  return `__group_${index}`
}

function groupsOf(body: Node['body'], items: readonly unknown[]): { output: string; expression: unknown }[] {
  const grouping = bodyOf(body.group_by)
  if (grouping.all === true) throw new Whole('GROUP BY ALL')
  const named = items.map((item) => {
    const node = nodeOf(item)
    const expression = node.kind === 'alias' ? node.body.this : item
    const alias = node.kind === 'alias' ? nameOf(node.body.alias).toLowerCase() : null
    return { expression, alias, output: alias ?? plainColumnOf(item)?.name ?? null }
  })
  const aliases = new Set(named.flatMap(({ alias, expression }) => (isItself(alias, expression) ? [] : [alias])))
  return listOf(grouping.expressions).map((item) => {
    const node = nodeOf(item)
    if (node.kind === 'function' && GROUPINGS.has(nameOf(node.body.name).toUpperCase()))
      throw new Whole('several groupings')
    const place = integerLiteral(item)
    const column = plainColumnOf(item)
    const given =
      place !== null
        ? named[place - 1]
        : (named.find(({ expression }) => same(expression, item)) ??
          named.find(({ alias }) => column?.table === null && alias === column.name))
    if (given === undefined || given.output === null) throw new Whole('groups that are no columns of the result')
    const { expression, output } = given
    if (!isPerRow(expression)) throw new Whole(whatIsWhole(expression))
    // A name in it could be a column or another item's alias; which one cannot be told from the text.
    if (namesIn(expression).some((name) => aliases.has(name))) throw new Whole('groups by a name with two meanings')
    return { expression, output }
  })
}

function isItself(alias: string | null, expression: unknown): boolean {
  return alias === null || plainColumnOf(expression)?.name === alias
}

/** Unqualified column names anywhere in an expression. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(namesIn)
  return Object.entries(value).flatMap(([kind, child]) => {
    if (kind !== 'column') return namesIn(child)
    const { name, table } = bodyOf(child)
    return isEmpty(table) ? [nameOf(name).toLowerCase()] : []
  })
}

/** Equality of two expressions apart from where they stand and how names are written. */
function same(a: unknown, b: unknown): boolean {
  return normalized(a) === normalized(b)
}

function normalized(value: unknown): string {
  return JSON.stringify(value, (key, child: unknown) => {
    if (key === 'span' || key.endsWith('comments')) return undefined
    return key === 'name' && typeof child === 'string' ? child.toLowerCase() : child
  })
}
