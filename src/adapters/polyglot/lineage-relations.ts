/** What FROM lists, as relations with the uses that make their columns. */
import { type ColumnUse, distinctUses, usedAs } from '@/domain/lineage/column-use'
import {
  allInputs,
  newScope,
  type OutputColumn,
  type Reader,
  type Relation,
  type Result,
  type Scope,
  starColumns,
} from './lineage-scope'
import { bodyOf, findOffset, isEmpty, listOf, type Node, nameOf, nodeOf, unsupportedSyntax } from './nodes'
import { tableName } from './relations'
import { explodeArgument } from './specials'

/** Brings all relations of a SELECT into its scope and gives what the joins use. */
export function readFrom(body: Node['body'], scope: Scope, reader: Reader): ColumnUse[] {
  for (const relation of listOf(bodyOf(body.from).expressions)) {
    scope.relations.push(...relationsOf(relation, scope, reader))
  }
  const joined = readJoins(body.joins, scope, reader)
  for (const view of listOf(body.lateral_views)) {
    const { this: of, table_alias: table, column_aliases: columns } = bodyOf(view)
    const [name] = listOf(columns)
    scope.relations.push(
      generated(of, isEmpty(table) ? '' : nameOf(table), [name === undefined ? 'col' : nameOf(name)], scope, reader),
    )
  }
  return distinctUses([...joined, ...scope.relations.flatMap(({ rowInputs }) => rowInputs)])
}

function readJoins(joins: unknown, scope: Scope, reader: Reader): ColumnUse[] {
  const uses: ColumnUse[] = []
  for (const join of listOf(joins)) {
    const body = bodyOf(join)
    const kind = String(body.kind)
    const left = [...scope.relations]
    const right = relationsOf(body.this, scope, reader)
    scope.relations.push(...right)
    uses.push(...reader.expression(body.on, scope))
    for (const name of listOf(body.using)) {
      const sides = [left, right].map((relations) =>
        reader.expression(
          { column: { name } },
          { ...newScope(null), relations, merged: relations === left ? scope.merged : [] },
        ),
      )
      uses.push(...sides.flat())
      mergeColumn(nameOf(name), kind, sides, scope)
    }
    if (/Semi|Anti/.test(kind)) {
      uses.push(...right.flatMap(({ rowInputs }) => rowInputs))
      scope.relations.splice(left.length)
    }
  }
  return usedAs('JOIN', uses)
}

/** Of a column in USING there is one: the left one's value, or the right one's after RIGHT JOIN, or whichever there is after FULL. */
function mergeColumn(name: string, kind: string, sides: ColumnUse[][], scope: Scope): void {
  const [left = [], right = []] = sides
  const inputs = kind === 'Right' ? right : kind === 'Full' ? usedAs('TRANSFORMATION', [...left, ...right]) : left
  const same = (column: OutputColumn) => column.name.toLowerCase() === name.toLowerCase()
  scope.merged = [
    ...scope.merged.filter((column) => !same(column)),
    { name, expression: name, inputs: distinctUses(inputs) },
  ]
}

function relationsOf(value: unknown, scope: Scope, reader: Reader): Relation[] {
  const node = nodeOf(value)
  const { body } = node
  switch (node.kind) {
    case 'table':
      return [readTable(node, reader)]
    case 'subquery': {
      const { alias: _, column_aliases: __, lateral, ...query } = body
      // Only a LATERAL one sees its siblings; the others see what is around the whole SELECT.
      return [derived(reader.query({ subquery: query }, lateral === true ? scope : scope.outer), body)]
    }
    case 'values': {
      const [row] = listOf(body.expressions)
      const columns = listOf(bodyOf(row).expressions).map((_, index) => constant(`col${index + 1}`))
      return [derived({ columns, rowInputs: [] }, body)]
    }
    case 'paren':
      return relationsOf(body.this, scope, reader)
    case 'joined_table':
      return joinedTable(body, scope, reader)
    case 'alias':
    case 'lateral': {
      const names = listOf(body.column_aliases).map(nameOf)
      return [generated(body.this, isEmpty(body.alias) ? '' : nameOf(body.alias), names, scope, reader)]
    }
    case 'function':
    case 'explode':
      return [generated(value, '', [], scope, reader)]
    default:
      throw unsupportedSyntax(`The lineage of ${node.kind}`, findOffset(body))
  }
}

/** (a JOIN b): its relations keep their names unless it has one itself. */
function joinedTable(body: Node['body'], scope: Scope, reader: Reader): Relation[] {
  const inner: Scope = { ...newScope(scope.outer), relations: relationsOf(body.left, scope, reader) }
  const rowInputs = readJoins(body.joins, inner, reader)
  scope.merged.push(...inner.merged)
  const [first, ...others] = inner.relations
  if (first === undefined) return []
  const relations = [{ ...first, rowInputs: distinctUses([...first.rowInputs, ...rowInputs]) }, ...others]
  if (isEmpty(body.alias)) return relations
  const names = [nameOf(body.alias).toLowerCase()]
  return relations.map((relation) => ({ ...relation, names }))
}

function readTable(node: Node, reader: Reader): Relation {
  const { body } = node
  const scopes = reader.ctes.map((ctes) => new Set(ctes.keys()))
  const { parts, external } = tableName(node, { context: reader.context, scopes })
  const name = parts.join('.')
  const result = external ? undefined : reader.ctes.findLast((ctes) => ctes.has(name))?.get(name)
  if (result) return derived(result, { ...body, alias: isEmpty(body.alias) ? name : body.alias })
  const known = reader.columnsOf(name)
  const columns = (known ?? []).map((column) => ({ name: column, expression: column, inputs: [] }))
  const names = isEmpty(body.alias) ? [name, parts.at(-1) ?? name] : [nameOf(body.alias).toLowerCase()]
  const place = reader.offset(findOffset(body))
  const relation: Relation = { names, table: name, place, complete: known !== null, columns, rowInputs: [] }
  if (isEmpty(body.column_aliases)) return relation
  return derived({ columns: starColumns(relation), rowInputs: [] }, body)
}

/** A result under an alias, its columns renamed where the alias says so. */
function derived({ columns, rowInputs }: Result, alias: Node['body']): Relation {
  return {
    names: isEmpty(alias.alias) ? [] : [nameOf(alias.alias).toLowerCase()],
    table: null,
    place: 0,
    complete: true,
    columns: renamed(columns, alias.column_aliases),
    rowInputs,
  }
}

export function renamed(columns: readonly OutputColumn[], names: unknown): OutputColumn[] {
  const given = listOf(names).map(nameOf)
  return columns.map((column, index) => ({ ...column, name: given[index] ?? column.name }))
}

/** explode(array) and range(…): a column made of the arguments, and as many rows as they say. */
function generated(value: unknown, table: string, names: readonly string[], scope: Scope, reader: Reader): Relation {
  const inputs = usedAs('TRANSFORMATION', reader.expression(value, scope))
  const name = names[0] ?? (explodeArgument(value) === null ? 'id' : 'col')
  const columns = [{ name, expression: reader.print(value), inputs }]
  return {
    names: table === '' ? [] : [table.toLowerCase()],
    table: null,
    place: 0,
    complete: true,
    columns,
    rowInputs: usedAs('JOIN', allInputs(columns)),
  }
}

function constant(name: string): OutputColumn {
  return { name, expression: name, inputs: [] }
}
