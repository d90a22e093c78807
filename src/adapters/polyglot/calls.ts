import {
  type Body,
  bodyOf,
  fields,
  isEmpty,
  listOf,
  type Node,
  nameOf,
  stringLiteral,
  unsupportedSyntax,
} from './nodes'

/** A function call, whichever of its shapes the syntax tree has for it. */
export interface Call {
  /** Lower-case. */
  name: string
  args: readonly unknown[]
  distinct: boolean
  filter: unknown
  ignoreNulls: boolean
  /** count(*) */
  star: boolean
}

/** Functions that have a node kind of their own: the Spark name and the fields with the arguments, in order. */
const TYPED: Record<string, { name: string; args: string[] }> = {
  coalesce: { name: 'coalesce', args: ['expressions'] },
  nvl: { name: 'nvl', args: ['this', 'expression'] },
  nvl2: { name: 'nvl2', args: ['this', 'true_value', 'false_value'] },
  if_func: { name: 'if', args: ['condition', 'true_value', 'false_value'] },
  abs: { name: 'abs', args: ['this'] },
  floor: { name: 'floor', args: ['this', 'scale'] },
  ceil: { name: 'ceil', args: ['this', 'decimals'] },
  power: { name: 'power', args: ['this', 'expression'] },
  sqrt: { name: 'sqrt', args: ['this'] },
  exp: { name: 'exp', args: ['this'] },
  ln: { name: 'ln', args: ['this'] },
  mod_func: { name: 'mod', args: ['this', 'expression'] },
  int_div: { name: 'div', args: ['this', 'expression'] },
  year: { name: 'year', args: ['this'] },
  quarter: { name: 'quarter', args: ['this'] },
  month: { name: 'month', args: ['this'] },
  day: { name: 'day', args: ['this'] },
  day_of_month: { name: 'dayofmonth', args: ['this'] },
  day_of_week: { name: 'dayofweek', args: ['this'] },
  day_of_year: { name: 'dayofyear', args: ['this'] },
  week_of_year: { name: 'weekofyear', args: ['this'] },
  hour: { name: 'hour', args: ['this'] },
  minute: { name: 'minute', args: ['this'] },
  add_months: { name: 'add_months', args: ['this', 'expression'] },
  last_day: { name: 'last_day', args: ['this'] },
  lower: { name: 'lower', args: ['this'] },
  upper: { name: 'upper', args: ['this'] },
  length: { name: 'length', args: ['this'] },
  substring: { name: 'substring', args: ['this', 'start', 'length'] },
  starts_with: { name: 'startswith', args: ['this', 'expression'] },
  contains: { name: 'contains', args: ['this', 'expression'] },
  regexp_like: { name: 'regexp_like', args: ['this', 'pattern'] },
  array_contains: { name: 'array_contains', args: ['this', 'expression'] },
  array_size: { name: 'array_size', args: ['this'] },
  sum: { name: 'sum', args: ['this'] },
  avg: { name: 'avg', args: ['this'] },
  min: { name: 'min', args: ['this'] },
  max: { name: 'max', args: ['this'] },
  count_if: { name: 'count_if', args: ['this'] },
  any_value: { name: 'any_value', args: ['this'] },
  median: { name: 'median', args: ['this'] },
  stddev: { name: 'stddev', args: ['this'] },
  stddev_samp: { name: 'stddev_samp', args: ['this'] },
  stddev_pop: { name: 'stddev_pop', args: ['this'] },
  variance: { name: 'variance', args: ['this'] },
  var_samp: { name: 'var_samp', args: ['this'] },
  var_pop: { name: 'var_pop', args: ['this'] },
  logical_and: { name: 'bool_and', args: ['this'] },
  logical_or: { name: 'bool_or', args: ['this'] },
  row_number: { name: 'row_number', args: [] },
  rank: { name: 'rank', args: [] },
  dense_rank: { name: 'dense_rank', args: [] },
  percent_rank: { name: 'percent_rank', args: [] },
  cume_dist: { name: 'cume_dist', args: [] },
  n_tile: { name: 'ntile', args: ['num_buckets'] },
  lag: { name: 'lag', args: ['this', 'offset', 'default'] },
  lead: { name: 'lead', args: ['this', 'offset', 'default'] },
  first_value: { name: 'first_value', args: ['this'] },
  last_value: { name: 'last_value', args: ['this'] },
}

/** The call that a node is, or null when the node is no function. Throws Unsupported for modifiers nobody handles. */
export function callOf(node: Node): Call | null {
  if (node.kind === 'function' || node.kind === 'aggregate_function') {
    const body = fields(node, 'args', 'distinct', 'filter', 'ignore_nulls')
    return call(nameOf(body.name), listOf(body.args), body)
  }
  if (node.kind === 'count') return countCall(node)
  if (node.kind === 'trim') return trimCall(node)
  const typed = Object.hasOwn(TYPED, node.kind) ? TYPED[node.kind] : undefined
  if (!typed) return null
  const body = fields(node, ...typed.args, 'distinct', 'filter', 'ignore_nulls')
  const args = typed.args.flatMap((field) => (field === 'expressions' ? listOf(body[field]) : [body[field]]))
  while (args.length > 0 && isEmpty(args.at(-1))) args.pop()
  return call(typed.name, args, body)
}

function call(name: string, args: readonly unknown[], body: Body): Call {
  return {
    name: name.toLowerCase(),
    args,
    distinct: body.distinct === true,
    filter: body.filter ?? null,
    ignoreNulls: body.ignore_nulls === true,
    star: false,
  }
}

function countCall(node: Node): Call {
  const body = fields(node, 'this', 'star', 'distinct', 'filter')
  const inner = bodyOf(body.this)
  const several = 'tuple' in inner ? listOf(bodyOf(inner.tuple).expressions) : null
  const args = several ?? (isEmpty(body.this) ? [] : [body.this])
  return { ...call('count', args, body), star: body.star === true }
}

function trimCall(node: Node): Call {
  const body = fields(node, 'this', 'characters', 'position')
  if (!isEmpty(body.characters) && stringLiteral(body.characters) === null) {
    throw unsupportedSyntax('TRIM of computed characters', 'trim')
  }
  const name = { Leading: 'ltrim', Trailing: 'rtrim' }[String(body.position)] ?? 'trim'
  return call(name, isEmpty(body.characters) ? [body.this] : [body.this, body.characters], {})
}
