import { plainText } from './value'

/** A nested value over several lines, as JSON whose integers keep all their digits; anything else as `plainText`. */
export function prettyValue(value: unknown): string {
  return isNested(value) ? written(value, '') : plainText(value)
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

function written(value: unknown, indent: string): string {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return JSON.stringify(plainText(value))
  // JSON has no word for these.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (!isNested(value)) return JSON.stringify(value) ?? 'null'
  const inner = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((item) => written(item, inner))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${written(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (lines.length === 0) return `${open}${close}`
  return `${open}\n${lines.map((line) => `${inner}${line}`).join(',\n')}\n${indent}${close}`
}
