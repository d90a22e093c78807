/** Aggregate and window functions, by their Spark names. */
import { aggregate, allArgs, type FunctionCall, type FunctionDefinition, MANY, suffix, window } from './definitions'
import { unwrap } from './nodes'

/** count(DISTINCT a, b) counts the distinct combinations without any NULL. */
function printCount(call: FunctionCall): string {
  if (call.star) return `count(*)${suffix(call)}`
  const columns = call.args.map((_, index) => call.arg(index))
  if (columns.length === 1) return `count(${call.distinct ? 'DISTINCT ' : ''}${columns[0]})${suffix(call)}`
  const complete = columns.map((column) => `${column} IS NOT NULL`).join(' AND ')
  return call.distinct
    ? `count(DISTINCT CASE WHEN ${complete} THEN (${columns.join(', ')}) END)${suffix(call)}`
    : `count(*)${suffix(call, complete)}`
}

/** first_value(x, true) ignores NULLs. */
function edge(name: string): FunctionDefinition {
  return {
    arity: [1, 2],
    kind: 'window',
    sql: (call) => {
      const flag = call.args.length === 2 ? unwrap(call.args[1]) : null
      const ignore = call.ignoreNulls || (flag?.kind === 'boolean' && flag.body.value === true)
      return `${name}(${call.arg(0)}${ignore ? ' IGNORE NULLS' : ''})${call.over}`
    },
  }
}

export const AGGREGATES: Record<string, FunctionDefinition> = {
  any_value: aggregate('any_value', 1),
  avg: aggregate('avg', 1),
  bool_and: aggregate('bool_and', 1),
  bool_or: aggregate('bool_or', 1),
  collect_list: {
    arity: [1, 1],
    kind: 'aggregate',
    sql: (call) =>
      `coalesce(list(${call.distinct ? 'DISTINCT ' : ''}${call.arg(0)})${suffix(call, `${call.arg(0)} IS NOT NULL`)}, [])`,
  },
  collect_set: {
    arity: [1, 1],
    kind: 'aggregate',
    sql: (call) => `coalesce(list(DISTINCT ${call.arg(0)})${suffix(call, `${call.arg(0)} IS NOT NULL`)}, [])`,
  },
  corr: aggregate('corr', 2),
  count: { arity: [0, MANY], kind: 'aggregate', sql: printCount },
  // DuckDB's own count_if gives a HUGEINT.
  count_if: { arity: [1, 1], kind: 'aggregate', sql: (call) => `count(*)${suffix(call, call.arg(0))}` },
  max: aggregate('max', 1),
  // The rows with the greatest second argument count even when the first is NULL.
  max_by: aggregate('arg_max_null', 2),
  median: { arity: [1, 1], kind: 'aggregate', sql: (call) => `CAST(median(${call.arg(0)})${suffix(call)} AS DOUBLE)` },
  min: aggregate('min', 1),
  min_by: aggregate('arg_min_null', 2),
  // Spark gives NULL where all x are the same, DuckDB NaN for some of these.
  regr_slope: {
    arity: [2, 2],
    kind: 'aggregate',
    sql: (call) => `nullif(regr_slope(${allArgs(call)})${suffix(call)}, CAST('NaN' AS DOUBLE))`,
  },
  stddev: aggregate('stddev_samp', 1),
  stddev_pop: aggregate('stddev_pop', 1),
  stddev_samp: aggregate('stddev_samp', 1),
  sum: aggregate('sum', 1),
  var_pop: aggregate('var_pop', 1),
  var_samp: aggregate('var_samp', 1),
  variance: aggregate('var_samp', 1),
}

export const WINDOWS: Record<string, FunctionDefinition> = {
  cume_dist: window('cume_dist', 0, 0),
  dense_rank: window('dense_rank', 0, 0),
  first_value: edge('first_value'),
  lag: window('lag', 1, 3),
  last_value: edge('last_value'),
  lead: window('lead', 1, 3),
  ntile: window('ntile', 1, 1),
  percent_rank: window('percent_rank', 0, 0),
  rank: window('rank', 0, 0),
  row_number: window('row_number', 0, 0),
}
