/** Sums with intervals, quotients and casts: where the two engines compute differently. */
import { isIntegral } from './functions'
import { bodyOf, fields, isEmpty, literalOf, type Node, unsupportedSyntax, unwrap } from './nodes'
import { cannotBeZero, roundQuotient } from './rounding'
import type { Translator } from './translator'
import { duckdbType, INTEGER_TYPES } from './types'

const INTERVAL_UNITS = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'])
/** Adding one of these to a DATE gives a DATE. */
const DATE_UNITS = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY'])

function intervalParts(node: Node): { amount: string; unit: string } {
  const body = fields(node, 'this', 'unit')
  const literal = literalOf(body.this)
  const unit = bodyOf(body.unit)
  let text = literal ? `${literal.value} ${unit.type === 'simple' ? String(unit.unit) : ''}`.trim() : ''
  // INTERVAL '3 days': the unit is inside the text.
  if (isEmpty(body.unit)) text = text.replace(/s$/i, '')
  const [, amount, name] = /^([+-]?\d+)\s+([A-Za-z]+)$/.exec(text) ?? []
  if (amount === undefined || name === undefined || !INTERVAL_UNITS.has(name.toUpperCase())) {
    throw unsupportedSyntax('An INTERVAL of another form than INTERVAL 1 DAY', 'interval')
  }
  return { amount, unit: name.toUpperCase() }
}

export function printInterval(node: Node): string {
  const { amount, unit } = intervalParts(node)
  return `INTERVAL '${amount} ${unit.toLowerCase()}'`
}

export function printSum(node: Node, t: Translator): string {
  const body = fields(node, 'left', 'right')
  const [left, right] = [unwrap(body.left), unwrap(body.right)]
  const [a, b] = [t.expression(body.left), t.expression(body.right)]
  const addsDays = (interval: Node) => interval.kind === 'interval' && DATE_UNITS.has(intervalParts(interval).unit)
  if (left.kind !== 'interval' && addsDays(right))
    return `${node.kind === 'add' ? 'plus' : 'minus'}_interval(${a}, ${b})`
  if (right.kind !== 'interval' && node.kind === 'add' && addsDays(left)) return `plus_interval(${b}, ${a})`
  return `(${a} ${node.kind === 'add' ? '+' : '-'} ${b})`
}

export function printQuotient(node: Node, t: Translator): string {
  const body = fields(node, 'left', 'right')
  const [x, y] = [t.expression(body.left), t.expression(body.right)]
  return cannotBeZero(body.right) ? `(${x} / ${y})` : `quotient(${x}, ${y})`
}

/** Spark's CAST raises on what it cannot convert, and cuts decimals when it converts to an integer. */
export function printCast(node: Node, t: Translator): string {
  const body = fields(node, 'this', 'to')
  const to = bodyOf(body.to)
  const type = duckdbType(body.to)
  const keyword = node.kind === 'cast' ? 'CAST' : 'TRY_CAST'
  if (INTEGER_TYPES.has(type) && !isIntegral(body.this)) {
    const cut = node.kind === 'cast' ? 'cut_to_integer' : 'try_cut_to_integer'
    return `${keyword}(${cut}(${t.expression(body.this)}) AS ${type})`
  }
  if (to.data_type === 'decimal') {
    if (isEmpty(to.precision) && literalOf(body.this)?.type === 'number') {
      throw unsupportedSyntax('A DECIMAL without digits for a number', null)
    }
    const rounded = roundQuotient(body.this, Number(to.scale ?? 0), t)
    if (rounded !== null) return `${keyword}(${rounded} AS ${type})`
  }
  return `${keyword}(${t.expression(body.this)} AS ${type})`
}
