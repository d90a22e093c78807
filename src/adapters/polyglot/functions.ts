/**
 * The functions that queries may call. A name is here only when functions.test.ts has a value for it; any other name is refused.
 */
import { AGGREGATES, WINDOWS } from './aggregates'
import type { Call } from './calls'
import type { FunctionDefinition } from './definitions'
import { literalOf, nodeOf, Unsupported, unsupportedFunction, unwrap } from './nodes'
import { SCALARS } from './scalars'
import type { Translator } from './translator'

export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({ ...SCALARS, ...AGGREGATES, ...WINDOWS }),
)

/** Prints a call of an allowed function. Throws Unsupported for any other, and for modifiers that the function does not take. */
export function printCall(call: Call, over: string, t: Translator): string {
  const definition = FUNCTIONS.get(call.name)
  if (!definition) throw unsupportedFunction(call.name)
  const refuse = (what: string): never => {
    throw new Unsupported('sql.invalid_call', `${call.name} ${what}`, 'Correct the call.', call.name)
  }
  const [least, most] = definition.arity
  const count = call.args.length
  if (count < least || count > most) {
    refuse(`takes ${least === most ? least : `${least} to ${most}`} arguments, not ${count}`)
  }
  if (call.name === 'count' && !call.star && count === 0) refuse('needs * or an argument')
  if (call.distinct && definition.kind !== 'aggregate') refuse('takes no DISTINCT')
  if (call.filter !== null && definition.kind !== 'aggregate') refuse('takes no FILTER')
  if (call.ignoreNulls && definition.kind !== 'window') refuse('takes no IGNORE NULLS here')
  if (over !== '' && definition.kind === 'scalar') refuse('is no window function')
  if (over === '' && definition.kind === 'window') refuse('needs OVER (…)')
  return definition.sql({ ...call, t, over, arg: (index) => t.expression(call.args[index]) })
}

/** True for expressions whose value is an integer whatever the columns hold, so that a cast to one need not truncate. */
export function isIntegral(value: unknown): boolean {
  const node = unwrap(value)
  const literal = literalOf(value)
  if (literal) return literal.type === 'number' && /^\d+$/.test(literal.value)
  return [
    'count',
    'count_if',
    'row_number',
    'rank',
    'dense_rank',
    'floor',
    'ceil',
    'year',
    'month',
    'day',
    'quarter',
  ].includes(node.kind === 'window_function' ? nodeOf(node.body.this).kind : node.kind)
}
