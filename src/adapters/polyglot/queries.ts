import { quoteIdentifier } from '@/domain/sql/quote'
import { latestPerKey } from './latest'
import { bodyOf, fields, isEmpty, listOf, type Node, nameOf, nodeOf, spell, unsupportedSyntax, unwrap } from './nodes'
import { printFrom, printLateralView, printValues, tableName } from './relations'
import { explodeArgument } from './specials'
import type { Translator } from './translator'
import { printOrderItem, printWindowSpec } from './windows'

/** Prints a query without parentheses around it. Throws Unsupported. */
export function printQuery(value: unknown, t: Translator): string {
  const node = unwrap(value)
  switch (node.kind) {
    case 'select':
      return withScope(node, t, () => printSelect(node, t))
    case 'union':
    case 'intersect':
    case 'except':
      return withScope(node, t, () => printSetOperation(node, t))
    case 'subquery':
      return withScope(node, t, () => printParenthesized(node, t))
    case 'values':
      return `SELECT * FROM ${printValues(node, t)}`
    default:
      throw unsupportedSyntax(`${spell(node.kind)} in the place of a query`, node.kind)
  }
}

/** Prints the WITH clause, and the query with the clause's names in scope. */
function withScope(node: Node, t: Translator, body: () => string): string {
  const clause = node.body.with
  if (isEmpty(clause)) return body()
  const { ctes } = fields({ kind: 'with', body: bodyOf(clause) }, 'ctes')
  const scope = new Set<string>()
  t.scopes.push(scope)
  const tables = listOf(ctes).map((cte) => {
    const parts = fields({ kind: 'with', body: bodyOf(cte) }, 'alias', 'this', 'columns')
    const name = nameOf(parts.alias)
    const text = `${quoteIdentifier(name)}${printNames(parts.columns)} AS (${t.query(parts.this)})`
    scope.add(name.toLowerCase())
    return text
  })
  const text = `WITH ${tables.join(', ')} ${body()}`
  t.scopes.pop()
  return text
}

/** ` ("a", "b")` or nothing. */
function printNames(value: unknown): string {
  const names = listOf(value).map((name) => quoteIdentifier(nameOf(name)))
  return names.length > 0 ? `(${names.join(', ')})` : ''
}

function printSetOperation(node: Node, t: Translator): string {
  const body = fields(node, 'left', 'right', 'all', 'distinct', 'with', 'order_by', 'limit', 'offset')
  // In Spark INTERSECT binds tighter than UNION and EXCEPT; the parser reads them from left to right.
  const left = nodeOf(body.left)
  if (node.kind === 'intersect' && (left.kind === 'union' || left.kind === 'except')) {
    throw unsupportedSyntax('INTERSECT after UNION or EXCEPT without parentheses', 'intersect')
  }
  const keyword = `${node.kind.toUpperCase()}${body.all === true ? ' ALL' : ''}`
  // A chain of one kind stays flat, so that a long one does not nest.
  const chained =
    left.kind === node.kind &&
    left.body.all === node.body.all &&
    printTail(left.body, t) === '' &&
    isEmpty(left.body.with)
  const first = chained ? t.query(body.left) : `(${t.query(body.left)})`
  return `${first} ${keyword} (${t.query(body.right)})${printTail(body, t)}`
}

function printParenthesized(node: Node, t: Translator): string {
  const body = fields(node, 'this', 'with', 'order_by', 'limit', 'offset')
  const tail = printTail(body, t)
  const inner = t.query(body.this)
  return tail === '' ? inner : `(${inner})${tail}`
}

/** ORDER BY, LIMIT and OFFSET. */
function printTail(body: Record<string, unknown>, t: Translator): string {
  let tail = ''
  if (!isEmpty(body.order_by)) {
    const order = fields({ kind: 'order_by', body: bodyOf(body.order_by) }, 'expressions')
    tail += ` ORDER BY ${listOf(order.expressions)
      .map((item) => printOrder(item, t))
      .join(', ')}`
  }
  for (const clause of ['limit', 'offset']) {
    const value = body[clause]
    if (isEmpty(value)) continue
    const count = 'this' in bodyOf(value) ? fields({ kind: clause, body: bodyOf(value) }, 'this').this : value
    if (!isBareAll(count)) tail += ` ${clause.toUpperCase()} ${t.expression(count)}`
  }
  return tail
}

/** ORDER BY ALL and LIMIT ALL come as a column of that name. */
function isBareAll(value: unknown): boolean {
  const node = unwrap(value)
  if (node.kind !== 'column' || !isEmpty(node.body.table)) return false
  const name = bodyOf(node.body.name)
  return name.quoted !== true && String(name.name).toUpperCase() === 'ALL'
}

function printOrder(item: unknown, t: Translator): string {
  const body = bodyOf(item)
  if (!isBareAll(body.this)) return printOrderItem(item, t)
  const direction = body.desc === true ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'
  return `ALL ${direction}`
}

function printSelect(node: Node, t: Translator): string {
  const body = fields(
    node,
    ...['expressions', 'distinct', 'from', 'joins', 'lateral_views', 'where_clause', 'group_by', 'having', 'qualify'],
    ...['windows', 'with', 'order_by', 'limit', 'offset'],
  )
  const items = listOf(body.expressions)
  if (items.filter((item) => explodeArgument(bareItem(item)) !== null).length > 1) {
    throw unsupportedSyntax('More than one explode in a SELECT', 'explode')
  }
  if (items.some(isStar) && readsTable(body, t)) t.found.columnNames.add('*')
  let sql = `SELECT ${body.distinct === true ? 'DISTINCT ' : ''}${items.map((item) => printItem(item, t)).join(', ')}`
  if (!isEmpty(body.from)) sql += ` FROM ${printFrom(body.from, body.joins, t)}`
  sql += listOf(body.lateral_views)
    .map((view) => printLateralView(view, t))
    .join('')
  const latest = t.found.latestOf.get(node.body) ?? latestPerKey(node, t)
  if (latest !== null && t.reduce) return `${sql} WHERE ${latest.placeholder}`
  for (const [clause, keyword] of [
    ['where_clause', 'WHERE'],
    ['group_by', 'GROUP BY'],
    ['having', 'HAVING'],
    ['windows', 'WINDOW'],
    ['qualify', 'QUALIFY'],
  ] as const) {
    if (!isEmpty(body[clause])) sql += ` ${keyword} ${printClause(clause, body[clause], t)}`
  }
  return sql + printTail(body, t)
}

function printClause(clause: string, value: unknown, t: Translator): string {
  if (clause === 'group_by') return printGrouping(value, t)
  if (clause === 'windows') {
    return listOf(value)
      .map((window) => {
        const body = fields({ kind: 'window', body: bodyOf(window) }, 'spec')
        return `${quoteIdentifier(nameOf(bodyOf(window).name))} AS (${printWindowSpec(body.spec, t)})`
      })
      .join(', ')
  }
  return t.expression(fields({ kind: clause, body: bodyOf(value) }, 'this').this)
}

const GROUPINGS = new Set(['ROLLUP', 'CUBE', 'GROUPING SETS'])

function printGrouping(value: unknown, t: Translator): string {
  const body = fields({ kind: 'group_by', body: bodyOf(value) }, 'expressions', 'all')
  if (body.all === true) return 'ALL'
  return listOf(body.expressions)
    .map((item) => {
      const node = nodeOf(item)
      const name = node.kind === 'function' ? nameOf(node.body.name).toUpperCase() : ''
      if (!GROUPINGS.has(name)) return t.expression(item)
      return `${name} (${listOf(node.body.args).map(t.expression).join(', ')})`
    })
    .join(', ')
}

function isStar(item: unknown): boolean {
  return nodeOf(item).kind === 'star'
}

/** True when a star means columns of a table outside; those of subqueries and WITH are named inside them, or have their own star. */
function readsTable(body: Record<string, unknown>, t: Translator): boolean {
  const relations = [...listOf(bodyOf(body.from).expressions), ...listOf(body.joins).map((join) => bodyOf(join).this)]
  return relations.some((relation) => {
    const node = nodeOf(relation)
    return node.kind === 'table' ? tableName(node, t).external : node.kind === 'joined_table' || node.kind === 'paren'
  })
}

/** A select item without its alias. */
function bareItem(item: unknown): unknown {
  const node = nodeOf(item)
  return node.kind === 'alias' ? node.body.this : item
}

function printItem(item: unknown, t: Translator): string {
  const node = nodeOf(item)
  if (node.kind === 'star') return printStar(node)
  if (node.kind !== 'alias') {
    const exploded = explodeArgument(item)
    return exploded === null ? t.expression(item) : `unnest(${t.expression(exploded)}) AS "col"`
  }
  const body = fields(node, 'this', 'alias')
  const exploded = explodeArgument(body.this)
  const text = exploded === null ? t.expression(body.this) : `unnest(${t.expression(exploded)})`
  return `${text} AS ${quoteIdentifier(nameOf(body.alias))}`
}

function printStar(node: Node): string {
  const body = fields(node, 'table', 'except')
  const table = isEmpty(body.table) ? '' : `${quoteIdentifier(nameOf(body.table))}.`
  return `${table}*${isEmpty(body.except) ? '' : ` EXCLUDE ${printNames(body.except)}`}`
}
