/** The SELECT that builds a dataset: its query, brought to the declared columns, with every expectation judged. Pure text. */
import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'

/** Bit i is set when the row violates expectation i. */
export const VIOLATIONS = '__violations'

export interface DeclaredColumn {
  name: string
  /** DuckDB type; null keeps what the query gives. */
  type: string | null
  /** DuckDB SQL over the other columns. */
  generatedSql: string | null
}

export interface JudgedExpectation {
  name: string
  action: 'warn' | 'drop' | 'fail'
  duckdbSql: string
}

/**
 * Declared columns are cast (which raises when a value does not fit), then generated columns are computed from them, then
 * expectations are evaluated over the whole row: one pass, whatever their number. An expression that is not TRUE violates;
 * without expectations there is no column of violations.
 */
export function datasetSelect(
  query: string,
  columns: readonly DeclaredColumn[],
  expectations: readonly JudgedExpectation[],
): string {
  const given = columns.filter(({ generatedSql }) => generatedSql === null)
  const generated = columns.filter(({ generatedSql }) => generatedSql !== null)
  const cast = given.map(({ name, type }) =>
    type === null ? quoteIdentifier(name) : `CAST(${quoteIdentifier(name)} AS ${type}) AS ${quoteIdentifier(name)}`,
  )
  const whole = `SELECT ${cast.join(', ')} FROM (${query}) AS __query`
  const computed = generated.map(
    ({ name, type, generatedSql }) => `CAST(${generatedSql} AS ${type ?? 'VARCHAR'}) AS ${quoteIdentifier(name)}`,
  )
  const rows = computed.length === 0 ? whole : `SELECT *, ${computed.join(', ')} FROM (${whole}) AS __given`
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const violations = expectations.length === 0 ? '' : `, ${violationsOf(expectations)} AS ${VIOLATIONS}`
  return `SELECT ${names}${violations} FROM (${rows}) AS __row`
}

/** Bits of the expectations with the given action. */
export function actionMask(expectations: readonly JudgedExpectation[], action: JudgedExpectation['action']): bigint {
  return expectations.reduce(
    (mask, expectation, index) => (expectation.action === action ? mask | (1n << BigInt(index)) : mask),
    0n,
  )
}

/** A condition that is true for rows that violate one of the expectations in the mask. */
export function violates(mask: bigint): string {
  return `(${VIOLATIONS} & ${mask}) <> 0`
}

/** SQL list of the names of the expectations of one action that a row violates. */
export function violatedNames(expectations: readonly JudgedExpectation[], action: JudgedExpectation['action']): string {
  const entries = expectations.flatMap((expectation, index) =>
    expectation.action === action
      ? [`CASE WHEN ${violates(1n << BigInt(index))} THEN ${quoteLiteral(expectation.name)} END`]
      : [],
  )
  return `list_filter([${entries.join(', ')}]::VARCHAR[], lambda name: name IS NOT NULL)`
}

function violationsOf(expectations: readonly JudgedExpectation[]): string {
  const bits = expectations.map(
    ({ duckdbSql }, index) => `CASE WHEN (${duckdbSql}) THEN 0 ELSE ${1n << BigInt(index)} END`,
  )
  return `CAST(${bits.join(' + ')} AS BIGINT)`
}
