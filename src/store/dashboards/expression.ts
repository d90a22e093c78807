import { addDecimals, type Decimal, divideDecimals, multiplyDecimals, negateDecimal } from '@/domain/format/decimal'
import { quoteSparkIdentifier, quoteSparkLiteral } from '@/domain/sql/quote'

/** Which rows an aggregate takes. */
export type Condition = { column: string; is: string } | { column: string; known: true }

/** An aggregate over a group's rows. SUM and MAX of no value are NULL, as in SQL. */
export type Aggregate =
  | { kind: 'count' }
  | { kind: 'sum'; column: string; where?: Condition }
  | { kind: 'max'; column: string }

/**
 * A measure of a group of rows: aggregates, and exact arithmetic over them. It is data, so that the page computes it and the
 * SQL view gets the same thing as a query.
 */
export type Expression =
  | Aggregate
  | { kind: 'difference' | 'product'; of: [Expression, Expression] }
  /** Rounded half away from zero to `scale` digits; NULL when divided by zero. */
  | { kind: 'quotient'; of: [Expression, Expression]; scale: number }

export const count: Expression = { kind: 'count' }

export function sum(column: string, where?: Condition): Expression {
  return where ? { kind: 'sum', column, where } : { kind: 'sum', column }
}

export function max(column: string): Expression {
  return { kind: 'max', column }
}

export function quotient(dividend: Expression, divisor: Expression, scale: number): Expression {
  return { kind: 'quotient', of: [dividend, divisor], scale }
}

export function product(a: Expression, b: Expression): Expression {
  return { kind: 'product', of: [a, b] }
}

/** How much larger than `prior` the amount is, as a ratio; only rows that have a prior amount count. */
export function growth(amount: string, prior: string): Expression {
  const before = sum(prior)
  const now = sum(amount, { column: prior, known: true })
  return quotient({ kind: 'difference', of: [now, before] }, before, 4)
}

/** The expression's value when its aggregates have these; NULL stays NULL through arithmetic. */
export function evaluate(expression: Expression, measured: (aggregate: Aggregate) => Decimal | null): Decimal | null {
  switch (expression.kind) {
    case 'count':
    case 'sum':
    case 'max':
      return measured(expression)
    case 'difference':
    case 'product':
    case 'quotient': {
      const a = evaluate(expression.of[0], measured)
      const b = evaluate(expression.of[1], measured)
      if (a === null || b === null) return null
      if (expression.kind === 'quotient') return divideDecimals(a, b, expression.scale)
      return expression.kind === 'product' ? multiplyDecimals(a, b) : addDecimals(a, negateDecimal(b))
    }
  }
}

/** The aggregates that an expression is made of. */
export function aggregatesOf(expression: Expression): Aggregate[] {
  switch (expression.kind) {
    case 'count':
    case 'sum':
    case 'max':
      return [expression]
    case 'difference':
    case 'product':
    case 'quotient':
      return expression.of.flatMap(aggregatesOf)
  }
}

/** The expression in Databricks SQL. */
export function expressionSql(expression: Expression): string {
  switch (expression.kind) {
    case 'count':
      return 'COUNT(*)'
    case 'sum': {
      const filter = expression.where ? ` FILTER (WHERE ${conditionSql(expression.where)})` : ''
      return `SUM(${quoteSparkIdentifier(expression.column)})${filter}`
    }
    case 'max':
      return `MAX(${quoteSparkIdentifier(expression.column)})`
    case 'difference':
      return `(${expressionSql(expression.of[0])} - ${expressionSql(expression.of[1])})`
    case 'product':
      return `(${expressionSql(expression.of[0])} * ${expressionSql(expression.of[1])})`
    case 'quotient':
      return `ROUND(${expressionSql(expression.of[0])} / NULLIF(${expressionSql(expression.of[1])}, 0), ${expression.scale})`
  }
}

export function conditionSql(condition: Condition): string {
  const column = quoteSparkIdentifier(condition.column)
  return 'known' in condition ? `${column} IS NOT NULL` : `${column} = ${quoteSparkLiteral(condition.is)}`
}
