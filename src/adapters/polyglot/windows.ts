import { quoteIdentifier } from '@/domain/sql/quote'
import { bodyOf, fields, isEmpty, listOf, type Node, nameOf, unsupportedSyntax } from './nodes'
import type { Translator } from './translator'

/** ` OVER name` or ` OVER (…)`. */
export function printOver(over: unknown, t: Translator): string {
  const name = bodyOf(over).window_name
  if (!isEmpty(name)) {
    fields({ kind: 'window', body: bodyOf(over) }, 'window_name')
    return ` OVER ${quoteIdentifier(nameOf(name))}`
  }
  return ` OVER (${printWindowSpec(over, t)})`
}

export function printWindowSpec(value: unknown, t: Translator): string {
  const body = fields({ kind: 'window', body: bodyOf(value) }, 'partition_by', 'order_by', 'frame')
  const parts: string[] = []
  const keys = listOf(body.partition_by)
  if (keys.length > 0) parts.push(`PARTITION BY ${keys.map(t.expression).join(', ')}`)
  const order = listOf(body.order_by)
  if (order.length > 0) parts.push(`ORDER BY ${order.map((item) => printOrderItem(item, t)).join(', ')}`)
  if (!isEmpty(body.frame)) parts.push(printFrame({ kind: 'frame', body: bodyOf(body.frame) }, t))
  return parts.join(' ')
}

/** Spark sorts NULLs first when ascending and last when descending; DuckDB always last. So it is always said. */
export function printOrderItem(item: unknown, t: Translator): string {
  const body = fields({ kind: 'order_by', body: bodyOf(item) }, 'this', 'desc', 'nulls_first')
  const descending = body.desc === true
  const nullsFirst = typeof body.nulls_first === 'boolean' ? body.nulls_first : !descending
  return `${t.expression(body.this)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
}

function printFrame(frame: Node, t: Translator): string {
  const body = fields(frame, 'kind', 'start', 'end')
  const kind = String(body.kind).toUpperCase()
  if (kind !== 'ROWS' && kind !== 'RANGE') throw unsupportedSyntax(`A window frame of ${kind}`, kind)
  const end = isEmpty(body.end) ? 'CURRENT ROW' : printBound(body.end, t)
  return `${kind} BETWEEN ${printBound(body.start, t)} AND ${end}`
}

const BOUNDS: Record<string, string> = {
  CurrentRow: 'CURRENT ROW',
  UnboundedPreceding: 'UNBOUNDED PRECEDING',
  UnboundedFollowing: 'UNBOUNDED FOLLOWING',
}

function printBound(bound: unknown, t: Translator): string {
  const fixed = typeof bound === 'string' ? BOUNDS[bound] : undefined
  if (fixed !== undefined) return fixed
  for (const side of ['Preceding', 'Following']) {
    const distance = bodyOf(bound)[side]
    if (!isEmpty(distance)) return `${t.expression(distance)} ${side.toUpperCase()}`
  }
  throw unsupportedSyntax('This window frame', 'between')
}
