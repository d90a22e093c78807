/** Delta's writers cut text in statistics after this many characters (code points). */
const longestText = 32

const integerText = /^-?\d+$/
const decimalText = /^-?\d+(\.\d+)?$/
const dateText = /^\d{4}-\d{2}-\d{2}$/
const timestampText = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|\+00(?::?00)?)?$/

/** Decimals of at most this many digits pass through a double unharmed. */
const exactDigits = 15

/** How a type's bounds are compared and written; types of no kind get only a null count. */
export type StatisticsKind = 'number' | 'float' | 'decimal' | 'boolean' | 'date' | 'timestamp' | 'string'

/** A lower bound as `minValues` writes it (text not yet quoted); null when it is not known exactly enough. */
export function minimumText(value: unknown, kind: StatisticsKind, type: string): string | null {
  switch (kind) {
    case 'timestamp':
      return timestampBound(value, 'min')
    case 'string':
      return typeof value === 'string' ? [...value.slice(0, 2 * longestText)].slice(0, longestText).join('') : null
    case 'float':
      // Parquet and SQL hold -0 and 0 for equal, so a least value of 0 may stand for -0.
      return value === 0 ? '-0.0' : finiteText(value)
    default:
      return scalarText(value, kind, type)
  }
}

/** An upper bound as `maxValues` writes it (text not yet quoted); null when it is not known exactly enough. */
export function maximumText(value: unknown, kind: StatisticsKind, type: string): string | null {
  switch (kind) {
    case 'timestamp':
      return timestampBound(value, 'max')
    case 'string':
      return typeof value === 'string' ? roundUpText(value) : null
    case 'float':
      return finiteText(value)
    default:
      return scalarText(value, kind, type)
  }
}

/**
 * The shortest text of at most 32 characters that is not less, in UTF-8 byte order, than any text that begins like `value`;
 * null when there is none.
 */
export function roundUpText(value: string): string | null {
  const characters = [...value.slice(0, 2 * longestText + 2)]
  if (characters.length <= longestText) return value
  const kept = characters.slice(0, longestText)
  while (kept.length > 0) {
    const next = nextCharacter(kept.pop() ?? '')
    if (next !== null) return kept.join('') + next
  }
  return null
}

/** Compares as UTF-8 bytes compare, which is by code point; UTF-16 order differs beyond U+FFFF. */
export function textOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === length) return a.length - b.length
  // The first units that differ may be the second halves of pairs: then their first halves are equal.
  return codePointRank(a.charCodeAt(i)) - codePointRank(b.charCodeAt(i))
}

/** Compares decimal numbers written as text, exactly. */
export function decimalOrder(a: string, b: string): number {
  const [, fractionA = ''] = a.split('.')
  const [, fractionB = ''] = b.split('.')
  const scale = Math.max(fractionA.length, fractionB.length)
  const difference = unscaled(a, scale) - unscaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function scalarText(value: unknown, kind: 'number' | 'decimal' | 'boolean' | 'date', type: string): string | null {
  switch (kind) {
    case 'number': {
      const text = typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value
      return typeof text === 'string' && integerText.test(text) ? canonical(text) : null
    }
    case 'decimal':
      return decimalBound(value, type)
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : null
    case 'date':
      return typeof value === 'string' && dateText.test(value) ? value : null
  }
}

/** JSON has no infinities; -0 is written as 0. */
function finiteText(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
}

function decimalBound(value: unknown, type: string): string | null {
  if (typeof value === 'string') return decimalText.test(value) ? canonical(value) : null
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const scale = Number(/,\s*(\d+)\)/.exec(type)?.[1] ?? 0)
  const text = value.toFixed(scale)
  return text.replace(/\D/g, '').length <= exactDigits && Number(text) === value ? canonical(text) : null
}

/** JSON allows no leading zeros, and -0 is 0. */
function canonical(text: string): string {
  const trimmed = text.replace(/^(-?)0+(?=\d)/, '$1')
  return /^-0(\.0*)?$/.test(trimmed) ? trimmed.slice(1) : trimmed
}

/** To milliseconds, as the protocol has it; a greatest value is rounded up so that it stays a bound. */
function timestampBound(value: unknown, side: 'min' | 'max'): string | null {
  const match = typeof value === 'string' ? timestampText.exec(value) : null
  if (match === null) return null
  const [, date, time, fraction = ''] = match
  const milliseconds = Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  if (Number.isNaN(milliseconds)) return null
  const roundUp = side === 'max' && /[1-9]/.test(fraction.slice(3))
  const text = new Date(milliseconds + (roundUp ? 1 : 0)).toISOString()
  return text.length === '1970-01-01T00:00:00.000Z'.length ? text : null
}

/** The next code point that text can hold; null after the last one. */
function nextCharacter(character: string): string | null {
  const codePoint = character.codePointAt(0) ?? 0x10ffff
  if (codePoint >= 0x10ffff) return null
  return String.fromCodePoint(codePoint >= 0xd7ff && codePoint < 0xe000 ? 0xe000 : codePoint + 1)
}

/** Moves surrogates (halves of code points above U+FFFF) behind U+E000…U+FFFF. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

function unscaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}
