import { type ColumnUse, distinctUses, type Usage, usedAs } from '@/domain/lineage/column-use'
import { columnParts } from './expressions'
import { readFrom, renamed } from './lineage-relations'
import {
  allInputs,
  newScope,
  type OutputColumn,
  type Reader,
  type Result,
  resolve,
  type Scope,
  starColumns,
} from './lineage-scope'
import {
  bodyOf,
  findOffset,
  integerLiteral,
  isEmpty,
  listOf,
  type Node,
  nameOf,
  nodeOf,
  unsupportedSyntax,
  unwrap,
} from './nodes'
import { explodeArgument } from './specials'

/** The columns of a query and what they, and its rows, are made of. The query is one that has been translated. */
export function queryResult(value: unknown, outer: Scope | null, reader: Reader): Result {
  const node = unwrap(value)
  const { ctes } = bodyOf(node.body.with)
  const named = new Map<string, Result>()
  reader.ctes.push(named)
  for (const cte of listOf(ctes)) {
    const { alias, this: query, columns } = bodyOf(cte)
    const result = reader.query(query, outer)
    named.set(nameOf(alias).toLowerCase(), { ...result, columns: renamed(result.columns, columns) })
  }
  const result = bodyResult(node, outer, reader)
  reader.ctes.pop()
  return result
}

function bodyResult(node: Node, outer: Scope | null, reader: Reader): Result {
  switch (node.kind) {
    case 'select':
      return selectResult(node.body, outer, reader)
    case 'union':
    case 'intersect':
    case 'except':
      return setResult(node, outer, reader)
    case 'subquery':
      return ordered(reader.query(node.body.this, outer), node.body, newScope(outer), reader)
    case 'values': {
      const scope = newScope(outer)
      readFrom({ from: { expressions: [{ values: node.body }] } }, scope, reader)
      return { columns: scope.relations.flatMap(({ columns }) => columns), rowInputs: [] }
    }
    default:
      throw unsupportedSyntax(`The lineage of ${node.kind}`, findOffset(node.body))
  }
}

/** Columns of set operations match by position and are called as the first query calls them. */
function setResult(node: Node, outer: Scope | null, reader: Reader): Result {
  const left = reader.query(node.body.left, outer)
  const right = reader.query(node.body.right, outer)
  const isUnion = node.kind === 'union'
  const columns = left.columns.map((column, index): OutputColumn => {
    const other = right.columns[index]
    if (!isUnion || other === undefined) return column
    const expression =
      other.expression === column.expression ? column.expression : `${column.expression} UNION ${other.expression}`
    return { ...column, expression, inputs: distinctUses([...column.inputs, ...other.inputs]) }
  })
  const compared = [...allInputs(left.columns), ...allInputs(right.columns)]
  const rowInputs = [...left.rowInputs, ...right.rowInputs]
  if (!isUnion) rowInputs.push(...usedAs('FILTER', compared))
  else if (node.body.all !== true) rowInputs.push(...usedAs('GROUP_BY', compared))
  return ordered({ columns, rowInputs: distinctUses(rowInputs) }, node.body, newScope(outer), reader)
}

function selectResult(body: Node['body'], outer: Scope | null, reader: Reader): Result {
  const scope = newScope(outer)
  const rowInputs = readFrom(body, scope, reader)
  for (const window of listOf(body.windows)) {
    const { name, spec } = bodyOf(window)
    scope.windows.set(nameOf(name).toLowerCase(), spec)
  }
  const columns: OutputColumn[] = []
  for (const item of listOf(body.expressions)) {
    const made = itemColumns(item, scope, reader)
    columns.push(...made)
    // explode makes rows.
    if (explodeArgument(bareItem(item)) !== null) rowInputs.push(...usedAs('JOIN', allInputs(made)))
    if (nodeOf(item).kind !== 'star') for (const column of made) scope.aliases.set(column.name.toLowerCase(), column)
  }
  for (const clause of ['where_clause', 'having', 'qualify']) {
    rowInputs.push(...usedAs('FILTER', reader.expression(bodyOf(body[clause]).this, scope)))
  }
  rowInputs.push(...groupKeys(body, columns, scope, reader))
  if (body.distinct === true) rowInputs.push(...usedAs('GROUP_BY', allInputs(columns)))
  return ordered({ columns, rowInputs: distinctUses(rowInputs) }, body, scope, reader)
}

/** GROUP BY ALL means the items without an aggregate. */
function groupKeys(body: Node['body'], columns: readonly OutputColumn[], scope: Scope, reader: Reader): ColumnUse[] {
  const { expressions, all } = bodyOf(body.group_by)
  const isAll = all === true || listOf(expressions).some(isBareAll)
  if (!isAll) return keyUses('GROUP_BY', listOf(expressions), columns, scope, reader)
  const plain = columns.filter(({ inputs }) => inputs.every(({ usage }) => usage !== 'AGGREGATION'))
  return usedAs('GROUP_BY', allInputs(plain))
}

/** Keys of groups or of an order: expressions, or positions of columns. */
function keyUses(
  usage: Usage,
  keys: readonly unknown[],
  columns: readonly OutputColumn[],
  scope: Scope,
  reader: Reader,
): ColumnUse[] {
  const uses = keys.flatMap((key) => {
    const position = integerLiteral(key)
    return position === null ? reader.expression(key, scope) : (columns[position - 1]?.inputs ?? [])
  })
  return usedAs(usage, uses)
}

/** The result with what ORDER BY uses. The order's names mean output columns first. */
function ordered(result: Result, body: Node['body'], scope: Scope, reader: Reader): Result {
  const keys = listOf(bodyOf(body.order_by).expressions).map((item) => bodyOf(item).this)
  if (keys.length === 0) return result
  const names = { ...newScope(scope), windows: scope.windows, merged: result.columns }
  const isAll = keys.some(isBareAll)
  const uses = isAll ? usedAs('SORT', allInputs(result.columns)) : keyUses('SORT', keys, result.columns, names, reader)
  return { ...result, rowInputs: distinctUses([...result.rowInputs, ...uses]) }
}

function isBareAll(value: unknown): boolean {
  const node = unwrap(value)
  return node.kind === 'column' && columnParts(node).join('.').toUpperCase() === 'ALL'
}

function itemColumns(item: unknown, scope: Scope, reader: Reader): OutputColumn[] {
  const node = nodeOf(item)
  if (node.kind === 'star') return starItem(node, scope)
  const value = bareItem(item)
  const inner = unwrap(value)
  const inputs = reader.expression(value, scope)
  const plain = inner.kind === 'column' || inner.kind === 'dot' ? columnParts(inner) : null
  const expression = plain === null ? reader.print(value) : resolve(plain, scope, 0)?.expression
  const name = node.kind === 'alias' ? nameOf(node.body.alias) : (plain?.at(-1) ?? unnamed(value, reader))
  return [{ name, expression: expression ?? reader.print(value), inputs }]
}

function unnamed(value: unknown, reader: Reader): string {
  return explodeArgument(value) === null ? reader.print(value) : 'col'
}

function bareItem(item: unknown): unknown {
  const node = nodeOf(item)
  return node.kind === 'alias' ? node.body.this : item
}

function starItem(node: Node, scope: Scope): OutputColumn[] {
  const { table, except } = node.body
  const without = new Set(listOf(except).map((name) => nameOf(name).toLowerCase()))
  const qualifier = isEmpty(table) ? null : nameOf(table).toLowerCase()
  const relations = scope.relations.filter(({ names }) => qualifier === null || names.includes(qualifier))
  const merged = new Map(scope.merged.map((column) => [column.name.toLowerCase(), column]))
  const given = new Set<string>()
  const columns = relations.flatMap(starColumns).flatMap((column) => {
    const name = column.name.toLowerCase()
    const joined = qualifier === null ? merged.get(name) : undefined
    if (without.has(name) || (joined && given.has(name))) return []
    given.add(name)
    return [joined ?? column]
  })
  return columns
}
