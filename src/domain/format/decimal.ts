/**
 * Exact decimal arithmetic on the strings in which DECIMAL values arrive ("-1234.50"):
 * a decimal is an integer count of 10^-scale units.
 */
export interface Decimal {
  units: bigint
  scale: number
}

export const zero: Decimal = { units: 0n, scale: 0 }

/** Reads a DECIMAL string, an integer or a bigint; null for NULL and for anything that is no decimal number. */
export function parseDecimal(value: unknown): Decimal | null {
  if (typeof value === 'bigint') return { units: value, scale: 0 }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { units: BigInt(value), scale: 0 } : null
  if (typeof value !== 'string') return null
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(value)
  if (!match) return null
  const fraction = match[3] ?? ''
  const magnitude = BigInt(`${match[2]}${fraction}`)
  return { units: match[1] === '-' ? -magnitude : magnitude, scale: fraction.length }
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale }
}

export function negateDecimal({ units, scale }: Decimal): Decimal {
  return { units: -units, scale }
}

/** a × b, exact: its scale is the sum of theirs. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** Negative when a is smaller, positive when it is larger, 0 when they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const difference = addDecimals(a, negateDecimal(b)).units
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Sum of decimals; NULLs and unreadable values are left out, as SQL's SUM does with NULL. */
export function sumDecimals(values: Iterable<unknown>): Decimal {
  let sum = zero
  for (const value of values) {
    const decimal = parseDecimal(value)
    if (decimal) sum = addDecimals(sum, decimal)
  }
  return sum
}

/** a / b as a decimal with `scale` digits, rounded half away from zero; null when b is zero. */
export function divideDecimals(a: Decimal, b: Decimal, scale: number): Decimal | null {
  if (b.units === 0n) return null
  const numerator = a.units * 10n ** BigInt(scale + b.scale)
  const denominator = b.units * 10n ** BigInt(a.scale)
  return { units: divideHalfAwayFromZero(numerator, denominator), scale }
}

export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { units: unitsAt(value, scale), scale }
  return { units: divideHalfAwayFromZero(value.units, 10n ** BigInt(value.scale - scale)), scale }
}

/** The decimal as SQL prints it, with its full scale. */
export function decimalToString({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`
  return units < 0n ? `-${text}` : text
}

/** Nearest double: for positions in a chart, never for arithmetic or text. */
export function decimalToNumber(value: Decimal): number {
  return Number(decimalToString(value))
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale)
}

function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  const rounded = (2n * n + d) / (2n * d)
  return negative ? -rounded : rounded
}
