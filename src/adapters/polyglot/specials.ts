import { quoteLiteral } from '@/domain/sql/quote'
import { callOf } from './calls'
import type { FunctionCall } from './definitions'
import { bodyOf, literalOf, nodeOf, stringLiteral, Unsupported, unwrap } from './nodes'

/** Functions that give a DATE whatever their arguments are. */
const DATE_FUNCTIONS = new Set(
  'add_months curdate current_date date date_add date_sub last_day make_date to_date trunc'.split(' '),
)

/** True when the expression is a DATE by its own form; a bare column is not, whatever its type. */
function isDate(value: unknown): boolean {
  const node = unwrap(value)
  if (node.kind === 'cast' || node.kind === 'try_cast') return bodyOf(node.body.to).data_type === 'date'
  if (node.kind === 'parameter') return true
  if (literalOf(value)?.type === 'date') return true
  if (node.kind === 'add' || node.kind === 'sub') return isDate(node.body.left)
  const call = callOf(node)
  if (call === null) return false
  if (['min', 'max', 'coalesce', 'least', 'greatest'].includes(call.name)) return call.args.some(isDate)
  return DATE_FUNCTIONS.has(call.name)
}

/**
 * sequence(start, stop[, step]) with both ends. Types of columns are unknown here, so a sequence with an interval or of dates
 * needs a start that is a DATE by its form.
 */
export function printSequence(call: FunctionCall): string {
  const [start, , step] = call.args
  const interval = step !== undefined && unwrap(step).kind === 'interval'
  if (isDate(start)) {
    const by = step === undefined ? "INTERVAL '1 day'" : call.arg(2)
    const series = `generate_series(CAST(${call.arg(0)} AS TIMESTAMP), CAST(${call.arg(1)} AS TIMESTAMP), ${by})`
    return `CAST(${series} AS DATE[])`
  }
  if (interval) {
    throw new Unsupported(
      'sql.unsupported_function',
      'sequence with an interval needs a start whose type is plain to see',
      'Write CAST(start AS DATE) as its first argument.',
      'sequence',
    )
  }
  const from = call.arg(0)
  const to = call.arg(1)
  const by = step === undefined ? `CASE WHEN ${from} <= ${to} THEN 1 ELSE -1 END` : call.arg(2)
  return `generate_series(${from}, ${to}, ${by})`
}

/** A regular expression that Java's engine and RE2 read alike: no look-around, back references or possessive repeats. */
export function checkedPattern(call: FunctionCall, index: number): string {
  const pattern = stringLiteral(call.args[index])
  if (pattern === null || /\(\?[=!<>]|\\[1-9]|[*+?}]\+|&&/.test(pattern)) {
    throw new Unsupported(
      'sql.unsupported_pattern',
      pattern === null
        ? `${call.name} needs its pattern as a string literal`
        : `The pattern '${pattern.slice(0, 60)}' uses what this engine's regular expressions do not have`,
      'Write a literal pattern without look-around, back references and possessive repeats.',
      call.name,
    )
  }
  return quoteLiteral(pattern)
}

/** The argument of explode, or null when the node is something else. */
export function explodeArgument(value: unknown): unknown {
  const node = nodeOf(value)
  if (node.kind === 'explode') return node.body.this
  const call = node.kind === 'function' ? callOf(node) : null
  return call?.name === 'explode' && call.args.length === 1 ? call.args[0] : null
}
