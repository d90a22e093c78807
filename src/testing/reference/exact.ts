/** SQL text for arithmetic on whole numbers, so that no result depends on how an engine divides or rounds decimals. */

/** A DECIMAL expression with at most `digits` decimals as a whole number of 10^-digits. */
export function whole(expression: string, digits: number): string {
  return `CAST(CAST(${expression} AS DECIMAL(28,${digits})) * ${10 ** digits} AS HUGEINT)`
}

/** Whole cents as DECIMAL(15,2). */
export function fromCents(cents: string): string {
  return `CAST(CAST(${cents} AS BIGINT) * 0.01 AS DECIMAL(15,2))`
}

/**
 * numerator / denominator of whole numbers, rounded half away from zero to `digits` decimals, as DECIMAL(width,digits);
 * NULL where the denominator is 0.
 */
export function ratio(numerator: string, denominator: string, digits: number, width = 20): string {
  const [n, d] = [`CAST(${numerator} AS HUGEINT)`, `CAST(${denominator} AS HUGEINT)`]
  const magnitude = `(abs(${n}) * ${2 * 10 ** digits} + abs(${d})) // (abs(${d}) * 2)`
  const sign = `(CASE WHEN (${n} < 0) = (${d} < 0) THEN 1 ELSE -1 END)`
  const unit = (10 ** -digits).toFixed(digits)
  return `CASE WHEN ${d} <> 0 THEN CAST(CAST(${sign} * (${magnitude}) AS BIGINT) * ${unit} AS DECIMAL(${width},${digits})) END`
}
