import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import { printCast, printInterval, printQuotient, printSum } from './arithmetic'
import { callOf } from './calls'
import { extractField } from './dates'
import { printCall } from './functions'
import {
  bodyOf,
  fields,
  findOffset,
  isEmpty,
  listOf,
  type Node,
  nameOf,
  nodeOf,
  spell,
  stringLiteral,
  UnknownNode,
  Unsupported,
  unsupportedSyntax,
  unwrap,
} from './nodes'
import { currentDate } from './now'
import type { Translator } from './translator'
import { printOver } from './windows'

/** Operators that both sides write alike and mean alike. */
const BINARY: Record<string, string> = {
  and: 'AND',
  or: 'OR',
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  mul: '*',
  concat: '||',
  null_safe_eq: 'IS NOT DISTINCT FROM',
  null_safe_neq: 'IS DISTINCT FROM',
}

/** Operators that may be chained without parentheses, which keeps long chains flat. */
const CHAINED = new Set(['and', 'or', 'mul', 'concat'])

/** Prints an expression, in parentheses wherever it could bind otherwise than it did. Throws Unsupported. */
export function printExpression(value: unknown, t: Translator): string {
  const node = unwrap(value)
  const operator = Object.hasOwn(BINARY, node.kind) ? BINARY[node.kind] : undefined
  if (operator !== undefined) return `(${printBinary(node, operator, t)})`
  const call = callOf(node)
  if (call) return printCall(call, '', t)
  return printOther(node, t)
}

function printBinary(node: Node, operator: string, t: Translator): string {
  const operands: string[] = []
  let current = node
  while (true) {
    const body = fields(current, 'left', 'right')
    operands.unshift(t.expression(body.right))
    const left = nodeOf(body.left)
    if (!CHAINED.has(node.kind) || left.kind !== node.kind) {
      operands.unshift(t.expression(body.left))
      return operands.join(` ${operator} `)
    }
    current = left
  }
}

function printOther(node: Node, t: Translator): string {
  switch (node.kind) {
    case 'column':
    case 'dot':
      return printColumn(node, t)
    case 'literal':
      return printLiteral(node)
    case 'null':
      return 'NULL'
    case 'boolean':
      return fields(node, 'value').value === true ? 'TRUE' : 'FALSE'
    case 'parameter':
      return printParameter(node, t)
    case 'interval':
      return printInterval(node)
    case 'neg':
      return `(-${t.expression(fields(node, 'this').this)})`
    case 'not':
      return `(NOT ${t.expression(fields(node, 'this').this)})`
    case 'add':
    case 'sub':
      return printSum(node, t)
    case 'div':
      return printQuotient(node, t)
    case 'mod': {
      const body = fields(node, 'left', 'right')
      return `remainder_of(${t.expression(body.left)}, ${t.expression(body.right)})`
    }
    case 'cast':
    case 'try_cast':
      return printCast(node, t)
    case 'case':
      return printCase(node, t)
    case 'extract':
      return printExtract(node, t)
    case 'tuple':
      return `(${listOf(fields(node, 'expressions').expressions).map(t.expression).join(', ')})`
    case 'window_function': {
      const body = fields(node, 'this', 'over')
      const call = callOf(nodeOf(body.this))
      if (!call) throw new UnknownNode(nodeOf(body.this).kind, findOffset(node.body))
      return printCall(call, printOver(body.over, t), t)
    }
    default:
      return printPredicate(node, t)
  }
}

function printPredicate(node: Node, t: Translator): string {
  switch (node.kind) {
    case 'is_null':
    case 'is_true':
    case 'is_false': {
      const body = fields(node, 'this', 'not')
      const state = spell(node.kind).slice('IS '.length)
      return `(${t.expression(body.this)} IS ${body.not === true ? 'NOT ' : ''}${state})`
    }
    case 'between': {
      const body = fields(node, 'this', 'low', 'high', 'not')
      const range = `${t.expression(body.low)} AND ${t.expression(body.high)}`
      return `(${t.expression(body.this)} ${body.not === true ? 'NOT ' : ''}BETWEEN ${range})`
    }
    case 'in': {
      const body = fields(node, 'this', 'expressions', 'query', 'not')
      const set = isEmpty(body.query) ? listOf(body.expressions).map(t.expression).join(', ') : t.query(body.query)
      return `(${t.expression(body.this)} ${body.not === true ? 'NOT ' : ''}IN (${set}))`
    }
    case 'exists': {
      const body = fields(node, 'this', 'not')
      return `(${body.not === true ? 'NOT ' : ''}EXISTS (${t.query(body.this)}))`
    }
    case 'subquery':
      return `(${t.query({ subquery: node.body })})`
    case 'like':
    case 'i_like':
      return printLike(node, t)
    default:
      throw new UnknownNode(node.kind, findOffset(node.body))
  }
}

/** `a`, `t.a`, `schema.t.a`, or a member of a struct: the binder tells which. */
function printColumn(node: Node, t: Translator): string {
  const parts = columnParts(node)
  for (const part of parts) t.found.columnNames.add(part.toLowerCase())
  return parts.map(quoteIdentifier).join('.')
}

export function columnParts(node: Node): string[] {
  if (node.kind === 'dot') {
    const body = fields(node, 'this', 'field')
    const inner = nodeOf(body.this)
    if (inner.kind !== 'column' && inner.kind !== 'dot')
      throw unsupportedSyntax('A field of an expression', findOffset(body))
    return [...columnParts(inner), nameOf(body.field)]
  }
  const { table } = fields(node, 'table')
  const name = nameOf(node.body.name)
  return isEmpty(table) ? [name] : [nameOf(table), name]
}

function printLiteral(node: Node): string {
  const { literal_type: type, value } = fields(node, 'literal_type', 'value')
  const text = String(value)
  switch (type) {
    case 'number':
      return text
    case 'string':
    case 'raw_string':
      return quoteLiteral(text)
    case 'date':
      return `DATE ${quoteLiteral(text)}`
    case 'timestamp':
      return `TIMESTAMP ${quoteLiteral(text)}`
    default:
      throw unsupportedSyntax(`A literal of the kind ${spell(String(type))}`, null)
  }
}

function printParameter(node: Node, t: Translator): string {
  const name = node.body.name
  if (typeof name === 'string' && name.toLowerCase() === 'as_of') return currentDate(t)
  throw new Unsupported(
    'sql.unknown_parameter',
    `Unknown parameter :${String(name)}`,
    'The only parameter is :as_of, the business date.',
    typeof name === 'string' ? name : null,
  )
}

function printCase(node: Node, t: Translator): string {
  const body = fields(node, 'operand', 'whens', 'else_')
  const operand = isEmpty(body.operand) ? '' : ` ${t.expression(body.operand)}`
  const whens = listOf(body.whens).map((when) => {
    const [condition, result] = listOf(when)
    return ` WHEN ${t.expression(condition)} THEN ${t.expression(result)}`
  })
  const otherwise = isEmpty(body.else_) ? '' : ` ELSE ${t.expression(body.else_)}`
  return `(CASE${operand}${whens.join('')}${otherwise} END)`
}

const EXTRACT_FIELDS: Record<string, string> = { DayOfWeek: 'DAYOFWEEK', DayOfYear: 'DOY' }

function printExtract(node: Node, t: Translator): string {
  const { field, this: of } = fields(node, 'this', 'field')
  const written = typeof field === 'string' ? (EXTRACT_FIELDS[field] ?? field) : String(bodyOf(field).Custom)
  const text = extractField(written, t.expression(of))
  if (text === null) {
    throw new Unsupported(
      'sql.unsupported_unit',
      `extract(${written.toUpperCase()} FROM …) is not supported here`,
      'Extract another field.',
      'extract',
    )
  }
  return text
}

/** A backslash escapes in Spark's patterns; DuckDB's have an escape character only when one is named. */
function printLike(node: Node, t: Translator): string {
  const body = fields(node, 'left', 'right', 'escape')
  const pattern = stringLiteral(body.right)
  let escaping = pattern !== null && !pattern.includes('\\') ? '' : " ESCAPE '\\'"
  if (!isEmpty(body.escape)) escaping = ` ESCAPE ${t.expression(body.escape)}`
  const keyword = node.kind === 'like' ? 'LIKE' : 'ILIKE'
  return `(${t.expression(body.left)} ${keyword} ${t.expression(body.right)}${escaping})`
}
