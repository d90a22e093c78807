import type { ValueBounds } from './file-bounds'
import { compareOrdered, type Ordered, orderedLiteral } from './ordered-values'
import type { Literal, Operator, Predicate } from './predicate'

/**
 * Whether rows with such values can make the predicate TRUE. False only when that is certain: what is not understood or not
 * known could match.
 */
export function couldMatch(predicate: Predicate, bounds: ReadonlyMap<string, ValueBounds>): boolean {
  switch (predicate.kind) {
    case 'unknown':
      return true
    case 'and':
      return predicate.parts.every((part) => couldMatch(part, bounds))
    case 'or':
      return predicate.parts.some((part) => couldMatch(part, bounds))
    case 'null': {
      const nulls = bounds.get(predicate.column)?.nulls ?? null
      return nulls !== (predicate.negated ? 'all' : 'none')
    }
    case 'compare':
      return couldBe(bounds.get(predicate.column), predicate.operator, predicate.literal)
    case 'between': {
      const column = bounds.get(predicate.column)
      // No NaN lies between two numbers, so a greatest value may rule them out that is silent about NaN.
      return couldBe(column, '>=', predicate.low, true) && couldBe(column, '<=', predicate.high)
    }
    case 'in':
      return predicate.literals.some((literal) => couldBe(bounds.get(predicate.column), '=', literal))
  }
}

function couldBe(column: ValueBounds | undefined, operator: Operator, literal: Literal, noNan = false): boolean {
  if (column === undefined) return true
  if (column.nulls === 'all') return false
  const { scale, min, max } = column
  const value = orderedLiteral(literal, scale)
  if (value === null) return true
  const least = (limit: (order: number) => boolean) => min === null || limit(compareOrdered(min, value, scale))
  const greatest = (limit: (order: number) => boolean, from: Ordered | null = max) =>
    from === null || limit(compareOrdered(from, value, scale))
  // NaN is above all numbers, and not every writer's greatest value counts it.
  const upper = scale === 'double' && !noNan ? null : max
  switch (operator) {
    case '=':
      return least((order) => order <= 0) && greatest((order) => order >= 0)
    case '<':
      return least((order) => order < 0)
    case '<=':
      return least((order) => order <= 0)
    case '>':
      return greatest((order) => order > 0, upper)
    case '>=':
      return greatest((order) => order >= 0, upper)
  }
}
