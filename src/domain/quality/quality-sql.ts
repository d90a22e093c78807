import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import { acceptedValues, type QualityRule } from './quality-rules'

/** A column of the table that rules are about. */
export interface RuledColumn {
  name: string
  /** DuckDB's type. */
  type: string
}

/** Timestamps by which a table says how new its rows are, the first that it has. */
const FRESHNESS_COLUMNS = ['_computed_at', '_updated_at']

/**
 * One expression a rule, for a single pass over the table: the value that the rule is held against, as DOUBLE or text, and
 * NULL where there is nothing to judge. `asOf` is the business date, ISO: rows are as old as they are at its end.
 */
export function measureSql(rule: QualityRule, columns: readonly RuledColumn[], asOf: string): string {
  if (rule.check === 'row_count_min') return 'count(*)::DOUBLE'
  if (rule.check === 'freshness_hours') {
    const newest = FRESHNESS_COLUMNS.find((name) => columns.some((column) => column.name.toLowerCase() === name))
    if (newest === undefined) return 'NULL::DOUBLE'
    const end = `TIMESTAMP ${quoteLiteral(`${asOf} 00:00:00`)} + INTERVAL 1 DAY`
    return `epoch(${end} - max(${quoteIdentifier(newest)})) / 3600e0`
  }
  const column = quoteIdentifier(rule.column ?? '')
  switch (rule.check) {
    case 'null_pct_max':
      return `100e0 * count(*) FILTER (WHERE ${column} IS NULL) / nullif(count(*), 0)`
    case 'min':
      return violations(column, `${column} >= ${literal(rule, columns)}`)
    case 'max':
      return violations(column, `${column} <= ${literal(rule, columns)}`)
    case 'unique':
      return `nullif(count(${column}), 0)::DOUBLE - count(DISTINCT ${column})`
    case 'accepted_values':
      return violations(
        column,
        `CAST(${column} AS VARCHAR) IN (${acceptedValues(rule.expected).map(quoteLiteral).join(', ')})`,
      )
    case 'regex':
      return violations(column, `regexp_matches(CAST(${column} AS VARCHAR), ${quoteLiteral(rule.expected)})`)
  }
}

/** How many values break a condition; NULL when there is no value. NULLs are the business of `null_pct_max`. */
function violations(column: string, condition: string): string {
  return `CASE WHEN count(${column}) > 0 THEN count(*) FILTER (WHERE ${column} IS NOT NULL AND (${condition}) IS NOT TRUE) END::DOUBLE`
}

function literal(rule: QualityRule, columns: readonly RuledColumn[]): string {
  const type = columns.find(({ name }) => name === rule.column)?.type ?? 'VARCHAR'
  return `CAST(${quoteLiteral(rule.expected)} AS ${type})`
}

export type QualityStatus = 'pass' | 'fail' | 'unknown'

/** What a measured value means for its rule. Where there was nothing to judge, nothing is known: that is never a pass. */
export function judgeMeasure(rule: QualityRule, measured: number | null, rows: number): QualityStatus {
  if (rule.check === 'row_count_min' && (rows > 0 || Number(rule.expected) > 0))
    return (measured ?? 0) >= Number(rule.expected) ? 'pass' : 'fail'
  if (measured === null || rows === 0) return 'unknown'
  if (rule.check === 'null_pct_max' || rule.check === 'freshness_hours')
    return measured <= Number(rule.expected) ? 'pass' : 'fail'
  return measured === 0 ? 'pass' : 'fail'
}
