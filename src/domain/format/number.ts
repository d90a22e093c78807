import { type Decimal, decimalToNumber, decimalToString } from './decimal'

/** Thousands separators in the whole part of a plain decimal number, digit for digit: "-1234567.80" → "-1,234,567.80". */
export function groupDigits(text: string): string {
  const match = /^([+-]?)(\d+)(\.\d*)?$/.exec(text)
  if (!match) return text
  return `${match[1] ?? ''}${(match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`
}

/** A count of things: 541909 → "541,909". */
export function formatCount(count: number | bigint): string {
  return groupDigits(count.toString())
}

/** "1 row", "541,909 rows"; give the plural where it is not the singular with an s. */
export function formatQuantity(count: number | bigint, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 || count === 1n ? singular : plural}`
}

/** A floating point value with all digits that tell it apart from its neighbours, grouped where it has no exponent. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return groupDigits(value.toString())
}

/** Short form for axes: 1200 → "1.2k", 3400000 → "3.4M". Lossy: exact values belong into the tooltip. */
export function formatCompact(value: number): string {
  const magnitude = Math.abs(value)
  const steps: [number, string][] = [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  for (const [size, suffix] of steps) {
    if (magnitude >= size) return `${trimZeros((value / size).toFixed(1))}${suffix}`
  }
  return trimZeros(value.toFixed(magnitude < 10 ? 2 : 0))
}

/** A ratio as a percentage with `digits` decimals, rounded half away from zero: 0.3481 → "34.8 %". */
export function formatPercent(ratio: Decimal, digits = 1): string {
  const percent = decimalToNumber({ units: ratio.units * 100n, scale: ratio.scale })
  const factor = 10 ** digits
  const rounded = (Math.sign(percent) * Math.round(Math.abs(percent) * factor)) / factor
  return `${groupDigits(rounded.toFixed(digits))} %`
}

/** Symbol of an ISO 4217 code ("GBP" → "£"); the code itself where it has none or is no such code. */
export function currencySymbol(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) return code
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency: code }).formatToParts(0)
  return parts.find((part) => part.type === 'currency')?.value ?? code
}

/** An amount in a currency; without one (several in the data) the bare number. */
export function formatMoney(amount: Decimal, currency: string | null): string {
  const text = groupDigits(decimalToString(amount))
  if (currency === null) return text
  const symbol = currencySymbol(currency)
  if (symbol.length > 2) return `${text} ${symbol}`
  return text.startsWith('-') ? `-${symbol}${text.slice(1)}` : `${symbol}${text}`
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
