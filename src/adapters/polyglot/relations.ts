/** What stands in FROM: tables, subqueries, VALUES, joins and lateral views. */
import { instantOf, momentName, type TableMoment } from '@/domain/delta/moment'
import { quoteIdentifier } from '@/domain/sql/quote'
import { callOf } from './calls'
import {
  type Body,
  bodyOf,
  fields,
  findOffset,
  isEmpty,
  listOf,
  type Node,
  nameOf,
  nodeOf,
  spell,
  Unsupported,
  unsupportedSyntax,
} from './nodes'
import { explodeArgument } from './specials'
import type { Translator } from './translator'
import { printVersionFunction } from './version-functions'

export function printFrom(from: unknown, joins: unknown, t: Translator): string {
  const body = fields({ kind: 'from', body: bodyOf(from) }, 'expressions')
  const relations = listOf(body.expressions).map((relation) => printRelation(relation, t))
  return relations.join(', ') + printJoins(joins, t)
}

const JOINS: Record<string, string> = {
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Cross: 'CROSS JOIN',
  LeftSemi: 'SEMI JOIN',
  LeftAnti: 'ANTI JOIN',
  Semi: 'SEMI JOIN',
  Anti: 'ANTI JOIN',
}

function printJoins(joins: unknown, t: Translator): string {
  return listOf(joins)
    .map((join) => {
      const body = fields({ kind: 'join', body: bodyOf(join) }, 'this', 'on', 'using', 'kind')
      const kind = String(body.kind)
      let keyword = JOINS[kind]
      if (keyword === undefined) throw unsupportedSyntax(`A ${kind} join`, findOffset(body))
      const using = listOf(body.using)
      for (const name of using) t.found.columnNames.add(nameOf(name).toLowerCase())
      // A JOIN without a condition is a cross join in Spark; DuckDB wants it said.
      if (kind === 'Inner' && using.length === 0 && isEmpty(body.on)) keyword = 'CROSS JOIN'
      const on = isEmpty(body.on) ? '' : ` ON ${t.expression(body.on)}`
      const columns = using.map((name) => quoteIdentifier(nameOf(name))).join(', ')
      return ` ${keyword} ${printRelation(body.this, t)}${on}${using.length > 0 ? ` USING (${columns})` : ''}`
    })
    .join('')
}

/** ` AS "t"("a", "b")` or nothing; a relation that Spark lets stand without a name gets `fallback`. */
function printAlias(body: Record<string, unknown>, fallback?: { table: string; columns: string[] }): string {
  const columns = listOf(body.column_aliases).map(nameOf)
  const names = columns.length > 0 ? columns : (fallback?.columns ?? [])
  const table = isEmpty(body.alias) ? fallback?.table : nameOf(body.alias)
  if (table === undefined) return ''
  return ` AS ${quoteIdentifier(table)}${names.length > 0 ? `(${names.map(quoteIdentifier).join(', ')})` : ''}`
}

function printRelation(value: unknown, t: Translator): string {
  const node = nodeOf(value)
  switch (node.kind) {
    case 'table':
      return printTable(node, t)
    case 'subquery': {
      const body = fields(node, 'this', 'alias', 'column_aliases', 'lateral', 'with', 'order_by', 'limit', 'offset')
      const { alias, column_aliases: _, lateral, ...query } = body
      return `${lateral === true ? 'LATERAL ' : ''}(${t.query({ subquery: query })})${isEmpty(alias) ? '' : printAlias(body)}`
    }
    case 'values':
      return printValues(node, t)
    case 'paren':
      return printRelation(fields(node, 'this').this, t)
    case 'joined_table': {
      const body = fields(node, 'left', 'joins', 'alias')
      return `(${printRelation(body.left, t)}${printJoins(body.joins, t)})${printAlias(body)}`
    }
    case 'alias':
    case 'lateral': {
      const body = fields(node, 'this', 'alias', 'column_aliases')
      return printTableFunction(body.this, body, node.kind === 'lateral', t)
    }
    case 'function':
    case 'explode':
      return printTableFunction(value, {}, false, t)
    default:
      throw unsupportedSyntax(`${spell(node.kind)} in FROM`, findOffset(node.body) ?? node.kind)
  }
}

/** explode(array) and range(…) as relations. */
function printTableFunction(value: unknown, alias: Record<string, unknown>, lateral: boolean, t: Translator): string {
  const exploded = explodeArgument(value)
  if (exploded !== null) {
    const name = printAlias(alias, { table: 'explode', columns: ['col'] })
    return `${lateral ? 'LATERAL ' : ''}(SELECT unnest(${t.expression(exploded)}))${name}`
  }
  const call = callOf(nodeOf(value))
  if (call?.name === 'range' && call.args.length >= 1 && call.args.length <= 3) {
    const name = printAlias(alias, { table: 'range', columns: ['id'] })
    return `(SELECT unnest(range(${call.args.map(t.expression).join(', ')})))${name}`
  }
  const versions = call === null ? null : printVersionFunction(call, t)
  if (versions !== null) return versions.sql + printAlias(alias, { table: versions.name, columns: [] })
  const name = call?.name ?? nodeOf(value).kind
  throw new Unsupported(
    'sql.unsupported_function',
    name === 'stream' ? 'STREAM cannot be read here' : `The table function ${name} is not supported here`,
    name === 'stream'
      ? 'Read the table without STREAM: only streaming tables, flows and the views that they read have streams.'
      : 'Read from a table or a query.',
    name,
  )
}

export function printValues(node: Node, t: Translator): string {
  const body = fields(node, 'expressions', 'alias', 'column_aliases')
  const rows = listOf(body.expressions).map((row) => listOf(bodyOf(row).expressions))
  const columns = (rows[0] ?? []).map((_, index) => `col${index + 1}`)
  const text = rows.map((row) => `(${row.map(t.expression).join(', ')})`).join(', ')
  return `(VALUES ${text})${printAlias(body, { table: 'values', columns })}`
}

function printTable(node: Node, t: Translator): string {
  const body = fields(node, 'schema', 'catalog', 'alias', 'column_aliases', 'version')
  const name = tableName(node, t)
  const offset = findOffset(node.body) ?? 0
  const moment = isEmpty(body.version) ? null : momentOf(body.version, offset)
  if (name.external) t.found.tables.push({ name: name.parts.join('.'), offset, ...(moment === null ? {} : { moment }) })
  if (moment === null && name.external && t.slots) return printSlot(body, name.parts, t)
  if (moment === null) return printName(name.parts) + (isEmpty(body.alias) ? '' : printAlias(body))
  if (!name.external) throw unsupportedSyntax('A version of a common table expression', offset)
  const [bare = ''] = name.parts.slice(-1)
  const stored = [...name.parts.slice(0, -1), momentName(bare, moment)]
  // Columns are still qualified by the name that the query gives.
  return printName(stored) + printAlias(body, { table: bare, columns: [] })
}

/** A table as a placeholder, under the name by which the query qualifies its columns. */
function printSlot(body: Body, parts: readonly string[], t: Translator): string {
  const { slots } = t.found
  const table = parts.join('.')
  const slot = slots.get(body) ?? { placeholder: quoteIdentifier(`__input_${slots.size}`), table }
  slots.set(body, slot)
  return slot.placeholder + printAlias(body, { table: parts.at(-1) ?? table, columns: [] })
}

function printName(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join('.')
}

/** VERSION AS OF 3, TIMESTAMP AS OF '2024-01-31 12:00:00': a literal, since the table is fetched before the query runs. */
function momentOf(version: unknown, offset: number): TableMoment {
  const body = fields({ kind: 'version', body: bodyOf(version) }, 'this', 'kind', 'expression')
  const { kind, body: literal } = nodeOf(body.expression)
  const value = String(literal.value)
  const type = kind === 'literal' ? literal.literal_type : null
  const by = nameOf(nodeOf(body.this).body).toUpperCase()
  if (body.kind === 'AS OF' && by === 'VERSION' && type === 'number' && /^\d{1,15}$/.test(value)) {
    return { version: Number(value) }
  }
  const timestampMs = body.kind === 'AS OF' && by === 'TIMESTAMP' && type === 'string' ? instantOf(value) : null
  if (timestampMs !== null) return { timestampMs }
  throw new Unsupported(
    'sql.unsupported_syntax',
    `${by} ${String(body.kind)} ${value.slice(0, 40)} names no version`,
    "Write VERSION AS OF 3 or TIMESTAMP AS OF '2024-01-31 12:00:00'.",
    offset,
  )
}

/** The lower-case name of a table, and whether it comes from outside the query. */
export function tableName(
  node: Node,
  t: Pick<Translator, 'context' | 'scopes'>,
): { parts: string[]; external: boolean } {
  const name = nameOf(node.body.name).toLowerCase()
  let schema = isEmpty(node.body.schema) ? null : nameOf(node.body.schema).toLowerCase()
  const catalog = isEmpty(node.body.catalog) ? null : nameOf(node.body.catalog)
  if (catalog !== null && catalog.toLowerCase() !== t.context.catalog?.toLowerCase()) {
    throw new Unsupported(
      'sql.unknown_catalog',
      `The catalog ${catalog} is not the pipeline's`,
      'Name tables as schema.table.',
      findOffset(node.body),
    )
  }
  if (schema === null && t.scopes.some((scope) => scope.has(name))) return { parts: [name], external: false }
  // The legacy prefix for tables of the pipeline itself.
  if (schema === 'live') schema = null
  schema ??= t.context.defaultSchema?.toLowerCase() ?? null
  return { parts: schema === null ? [name] : [schema, name], external: true }
}

/** LATERAL VIEW [OUTER] explode(array) t AS c */
export function printLateralView(value: unknown, t: Translator): string {
  const body = fields({ kind: 'lateral_view', body: bodyOf(value) }, 'this', 'table_alias', 'column_aliases', 'outer')
  const exploded = explodeArgument(body.this)
  const [column, ...more] = listOf(body.column_aliases)
  if (exploded === null || more.length > 0) {
    throw unsupportedSyntax('LATERAL VIEW of another generator than explode', 'lateral')
  }
  const name = column === undefined ? 'col' : nameOf(column)
  const alias = isEmpty(body.table_alias) ? `lateral_${name}` : nameOf(body.table_alias)
  const join = body.outer === true ? ['LEFT JOIN', ' ON TRUE'] : ['CROSS JOIN', '']
  const query = `(SELECT unnest(${t.expression(exploded)}) AS ${quoteIdentifier(name)})`
  return ` ${join[0]} LATERAL ${query} AS ${quoteIdentifier(alias)}${join[1]}`
}
