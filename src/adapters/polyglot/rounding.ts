/**
 * Rounding of quotients. In Spark a quotient of decimals is an exact decimal, which `round` and CAST round half away from
 * zero; in DuckDB it is a DOUBLE. So a quotient that is rounded is handed to a macro as its two integers-or-decimals.
 */
import { callOf } from './calls'
import { MAX_DIGITS, quotientMacro } from './macros'
import { fields, listOf, literalOf, type Node, nodeOf, unwrap } from './nodes'
import type { Translator } from './translator'

interface Quotient {
  numerator: string[]
  denominator: string[]
}

/** `round(value, digits)`. */
export function printRound(value: unknown, digits: number, t: Translator): string {
  return roundQuotient(value, digits, t) ?? `round(${t.expression(value)}, ${digits})`
}

/** The rounded value when it is, at its top, a quotient or a choice among some; else null. */
export function roundQuotient(value: unknown, digits: number, t: Translator): string | null {
  if (digits < 0 || digits > MAX_DIGITS || !hasQuotient(value)) return null
  const node = unwrap(value)
  const call = callOf(node)
  if (call && (call.name === 'coalesce' || call.name === 'nvl' || call.name === 'ifnull')) {
    return `coalesce(${call.args.map((arg) => printRound(arg, digits, t)).join(', ')})`
  }
  if (node.kind === 'case') return roundCase(node, digits, t)
  const quotient = quotientOf(value, t)
  if (!quotient || quotient.denominator.length === 0) return null
  return `${quotientMacro(digits)}(${product(quotient.numerator)}, ${product(quotient.denominator)})`
}

function roundCase(node: Node, digits: number, t: Translator): string {
  const body = fields(node, 'operand', 'whens', 'else_')
  const operand = body.operand ? ` ${t.expression(body.operand)}` : ''
  const whens = listOf(body.whens).map((when) => {
    const [condition, result] = listOf(when)
    return ` WHEN ${t.expression(condition)} THEN ${printRound(result, digits, t)}`
  })
  const otherwise = body.else_ ? ` ELSE ${printRound(body.else_, digits, t)}` : ''
  return `(CASE${operand}${whens.join('')}${otherwise} END)`
}

/** True when rounding the value means rounding a quotient. */
function hasQuotient(value: unknown): boolean {
  const node = unwrap(value)
  switch (node.kind) {
    case 'div':
    case 'avg':
      return true
    case 'neg':
      return hasQuotient(node.body.this)
    case 'mul':
    case 'add':
    case 'sub':
      return hasQuotient(node.body.left) || hasQuotient(node.body.right)
    case 'window_function':
      return nodeOf(node.body.this).kind === 'avg'
    case 'case':
      return [...listOf(node.body.whens).map((when) => listOf(when)[1]), node.body.else_].some(
        (branch) => branch !== null && branch !== undefined && hasQuotient(branch),
      )
    case 'function':
      return callOf(node)?.name === 'try_divide'
    case 'coalesce':
    case 'nvl':
      return callOf(node)?.args.some(hasQuotient) ?? false
    default:
      return false
  }
}

function product(factors: string[]): string {
  const [only] = factors
  return factors.length === 1 && only !== undefined ? only : factors.length === 0 ? '1' : `(${factors.join(' * ')})`
}

function quotientOf(value: unknown, t: Translator): Quotient | null {
  const node = unwrap(value)
  if (node.kind === 'neg') {
    const inner = quotientOf(fields(node, 'this').this, t)
    return inner && { ...inner, numerator: ['(-1)', ...inner.numerator] }
  }
  if (node.kind === 'mul') {
    const body = fields(node, 'left', 'right')
    const left = quotientOf(body.left, t)
    const right = quotientOf(body.right, t)
    if (!left || !right) return null
    return {
      numerator: [...left.numerator, ...right.numerator],
      denominator: [...left.denominator, ...right.denominator],
    }
  }
  if (node.kind === 'add' || node.kind === 'sub') {
    const body = fields(node, 'left', 'right')
    const left = quotientOf(body.left, t)
    const right = quotientOf(body.right, t)
    if (!left || !right) return null
    // a/b ± c/d = (a*d ± c*b) / (b*d)
    const [a, c] = [left.numerator.concat(right.denominator), right.numerator.concat(left.denominator)]
    return {
      numerator: [`(${product(a)} ${node.kind === 'add' ? '+' : '-'} ${product(c)})`],
      denominator: [...left.denominator, ...right.denominator],
    }
  }
  if (node.kind === 'div') {
    const body = fields(node, 'left', 'right')
    const left = quotientOf(body.left, t)
    return left && { ...left, denominator: [...left.denominator, t.expression(body.right)] }
  }
  const call = node.kind === 'function' ? callOf(node) : null
  if (call?.name === 'try_divide' && call.args.length === 2) {
    const left = quotientOf(call.args[0], t)
    return left && { ...left, denominator: [...left.denominator, `nullif(${t.expression(call.args[1])}, 0)`] }
  }
  const average = averageParts(node)
  if (average) {
    return { numerator: [t.expression(average.sum)], denominator: [t.expression(average.count)] }
  }
  return { numerator: [t.expression(value)], denominator: [] }
}

/** avg(x) as sum(x) / count(x), with the same DISTINCT, FILTER and OVER. */
function averageParts(node: Node): { sum: unknown; count: unknown } | null {
  if (node.kind === 'avg') {
    const { this: of, distinct, filter } = fields(node, 'this', 'distinct', 'filter')
    return { sum: { sum: { this: of, distinct, filter } }, count: { count: { this: of, distinct, filter } } }
  }
  if (node.kind !== 'window_function') return null
  const inner = averageParts(nodeOf(node.body.this))
  if (!inner) return null
  return {
    sum: { window_function: { ...node.body, this: inner.sum } },
    count: { window_function: { ...node.body, this: inner.count } },
  }
}

/** True when the divisor cannot be zero, whatever the data: NULLIF(x, 0), or a literal other than zero. */
export function cannotBeZero(value: unknown): boolean {
  const literal = literalOf(value)
  if (literal) return literal.type === 'number' && Number(literal.value) !== 0
  const call = callOf(unwrap(value))
  const compared = call?.name === 'nullif' ? literalOf(call.args[1]) : null
  return compared?.type === 'number' && Number(compared.value) === 0
}
