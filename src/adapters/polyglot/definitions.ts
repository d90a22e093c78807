import type { Call } from './calls'
import type { Translator } from './translator'

export interface FunctionCall extends Call {
  t: Translator
  /** ` OVER (…)` or nothing. */
  over: string
  /** An argument, printed. */
  arg(index: number): string
}

export interface FunctionDefinition {
  /** Fewest and most arguments. */
  arity: [number, number]
  /** Scalar functions take no DISTINCT, FILTER or OVER; window functions need OVER. */
  kind: 'scalar' | 'aggregate' | 'window'
  sql(call: FunctionCall): string
}

export const MANY = 255

export function scalar(least: number, most: number, sql: FunctionDefinition['sql']): FunctionDefinition {
  return { arity: [least, most], kind: 'scalar', sql }
}

/** The same function under DuckDB's name. */
export function same(name: string, least: number, most = least): FunctionDefinition {
  return scalar(least, most, (call) => `${name}(${allArgs(call)})`)
}

export function allArgs(call: FunctionCall): string {
  return call.args.map((_, index) => call.arg(index)).join(', ')
}

/** FILTER and OVER of an aggregate; `extra` is one more condition on the rows. */
export function suffix(call: FunctionCall, extra?: string): string {
  const conditions = [call.filter === null ? null : call.t.expression(call.filter), extra ?? null].filter(
    (c) => c !== null,
  )
  return (conditions.length > 0 ? ` FILTER (WHERE ${conditions.join(' AND ')})` : '') + call.over
}

export function aggregate(name: string, count: number): FunctionDefinition {
  return {
    arity: [count, count],
    kind: 'aggregate',
    sql: (call) => `${name}(${call.distinct ? 'DISTINCT ' : ''}${allArgs(call)})${suffix(call)}`,
  }
}

export function window(name: string, least: number, most: number): FunctionDefinition {
  return {
    arity: [least, most],
    kind: 'window',
    sql: (call) => `${name}(${allArgs(call)}${call.ignoreNulls ? ' IGNORE NULLS' : ''})${call.over}`,
  }
}
