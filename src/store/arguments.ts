import { GoldsmithError } from '@/domain/errors'
import type { InputFile } from '@/rpc/contract'

/** What an argument may be: in words, and as a test. */
interface Kind {
  says: string
  holds: (value: unknown) => boolean
}

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export const text: Kind = { says: 'a string', holds: isText }
export const texts: Kind = { says: 'an array of strings', holds: isTexts }
export const number: Kind = { says: 'a number', holds: (value) => typeof value === 'number' }
export const flag: Kind = { says: 'true or false', holds: (value) => typeof value === 'boolean' }
export const abortSignal: Kind = { says: 'an AbortSignal', holds: (value) => value instanceof AbortSignal }
export const record: Kind = {
  says: 'an object of strings',
  holds: (value) => isRecord(value) && Object.values(value).every(isText),
}
export const textsOrAll: Kind = {
  says: "an array of strings or 'all'",
  holds: (value) => value === 'all' || isTexts(value),
}

export function oneOf(...values: string[]): Kind {
  return { says: values.map((value) => `'${value}'`).join(' or '), holds: (value) => values.some((it) => it === value) }
}

/**
 * Arguments come from scripts, which no compiler has read. Throws `argument.invalid` for one that is not of its kind;
 * `place` is how the script knows it: `run: asOf`.
 */
export function checkArgument(place: string, value: unknown, kind: Kind): void {
  if (!kind.holds(value)) throw invalid(place, value, kind.says)
}

/** Each option is optional: undefined is as good as none. Options that are not known are left alone. */
export function checkOptions(method: string, options: unknown, kinds: Readonly<Record<string, Kind>>): void {
  if (!isRecord(options)) throw invalid(`${method}: options`, options, 'an object')
  for (const [name, kind] of Object.entries(kinds)) {
    if (options[name] !== undefined) checkArgument(`${method}: ${name}`, options[name], kind)
  }
}

/** The files with their paths; File is the platform's own, so that what was checked can be sent to the engine. */
export function inputFiles(files: unknown): InputFile[] {
  const says = 'an array of File objects (or another iterable of them)'
  if (!isRecord(files) || !(Symbol.iterator in files)) throw invalid('load: files', files, says)
  return Array.from(files as unknown as Iterable<unknown>, (file, index) => {
    if (!(file instanceof File)) throw invalid(`load: files[${index}]`, file, 'a File')
    return { path: file.webkitRelativePath || file.name, file }
  })
}

function invalid(place: string, value: unknown, says: string): GoldsmithError {
  return new GoldsmithError({
    code: 'argument.invalid',
    message: `${place} must be ${says}, not ${named(value)}.`,
    remedy: 'README.md, “window.goldsmith”, lists the methods with an example of each.',
  })
}

function named(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`
  if (Array.isArray(value)) return 'this array'
  if (isRecord(value)) return value.constructor?.name === 'Object' ? 'this object' : `a ${value.constructor?.name}`
  return typeof value === 'function' ? 'a function' : String(value)
}
