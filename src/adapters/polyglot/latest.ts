import { quoteIdentifier } from '@/domain/sql/quote'
import type { LatestPerKey } from '@/engine/ports'
import { columnParts } from './expressions'
import { bodyOf, integerLiteral, isEmpty, listOf, type Node, nameOf, nodeOf, unwrap } from './nodes'
import { tableName } from './relations'
import type { Translator } from './translator'

/** Clauses that would see other rows, or that see them after QUALIFY, when the duplicates went away earlier. */
const OTHERS = 'joins lateral_views where_clause group_by having windows distinct order_by limit offset'.split(' ')

/**
 * The SELECT as "latest row per key" when it is nothing else: one stored table, plain columns as keys and order, and no
 * aggregate, window or generator among its items. It is noted among the findings.
 */
export function latestPerKey(node: Node, t: Translator): LatestPerKey | null {
  const { body } = node
  if (isEmpty(body.qualify) || OTHERS.some((clause) => !isEmpty(body[clause]))) return null
  const [relation, ...others] = listOf(bodyOf(body.from).expressions)
  if (relation === undefined || others.length > 0) return null
  const table = nodeOf(relation)
  if (table.kind !== 'table' || !isEmpty(table.body.column_aliases)) return null
  const name = tableName(table, t)
  if (!name.external || !listOf(body.expressions).every(isPerRow)) return null
  const alias = isEmpty(table.body.alias) ? nameOf(table.body.name) : nameOf(table.body.alias)
  const over = rowNumberIsOne(bodyOf(body.qualify).this)
  if (over === null || !isEmpty(over.frame) || !isEmpty(over.window_name)) return null
  const keys = listOf(over.partition_by).map((key) => plainColumn(key, alias))
  const orderBy = listOf(over.order_by).map((item) => {
    const { this: of, desc, nulls_first: nulls } = bodyOf(item)
    const column = plainColumn(of, alias)
    const descending = desc === true
    return column === null ? null : { column, descending, nullsFirst: typeof nulls === 'boolean' ? nulls : !descending }
  })
  if (keys.length === 0 || keys.includes(null) || orderBy.includes(null)) return null
  const latest: LatestPerKey = {
    placeholder: quoteIdentifier(`__latest_${t.found.latestPerKey.length}`),
    table: name.parts.join('.'),
    keys: keys.filter((key) => key !== null),
    orderBy: orderBy.filter((item) => item !== null),
  }
  t.found.latestPerKey.push(latest)
  t.found.latestOf.set(body, latest)
  return latest
}

function rowNumberIsOne(condition: unknown): Record<string, unknown> | null {
  const node = unwrap(condition)
  if (node.kind !== 'eq') return null
  const window = unwrap(node.body.left)
  if (window.kind !== 'window_function' || integerLiteral(node.body.right) !== 1) return null
  return nodeOf(window.body.this).kind === 'row_number' ? { ...bodyOf(window.body.over) } : null
}

/** The lower-case name of a column of the table, or null for any other expression. */
function plainColumn(value: unknown, alias: string): string | null {
  const node = unwrap(value)
  if (node.kind !== 'column') return null
  const [first, second] = columnParts(node)
  if (second === undefined) return first?.toLowerCase() ?? null
  return first?.toLowerCase() === alias.toLowerCase() ? second.toLowerCase() : null
}

/** Kinds that only combine the values of one row. Anything else could depend on the other rows. */
const PER_ROW = new Set(
  `star alias column literal null boolean parameter paren cast try_cast case coalesce nvl nvl2 if_func add sub mul div mod neg not
  and or eq neq lt lte gt gte is_null is_true is_false between in like concat lower upper trim substring length abs year quarter
  month day day_of_month day_of_week week_of_year hour minute last_day add_months starts_with contains extract interval
  null_safe_eq null_safe_neq`.split(/\s+/),
)
const PER_ROW_FUNCTIONS = new Set(
  `nullif round to_date to_timestamp date date_add date_sub datediff date_trunc trunc date_format make_date concat concat_ws replace
  left right lpad rpad md5 sha2 conv regexp_extract regexp_replace greatest least
  current_date curdate current_timestamp now`.split(/\s+/),
)

export function isPerRow(value: unknown): boolean {
  const node = nodeOf(value)
  if (node.kind === 'function') {
    const name = nameOf(node.body.name).toLowerCase()
    return PER_ROW_FUNCTIONS.has(name) && listOf(node.body.args).every(isPerRow)
  }
  if (!PER_ROW.has(node.kind)) return false
  return childNodes(node.body).every(isPerRow)
}

/** The expressions directly inside a node's fields. */
function childNodes(body: Record<string, unknown>): unknown[] {
  const children: unknown[] = []
  for (const key of EXPRESSION_FIELDS) {
    const value = body[key]
    for (const item of Array.isArray(value) ? value.flat() : [value]) if (!isEmpty(item)) children.push(item)
  }
  return children
}

const EXPRESSION_FIELDS =
  `this expression expressions left right low high operand whens else_ condition true_value false_value
  start length query`.split(/\s+/)
