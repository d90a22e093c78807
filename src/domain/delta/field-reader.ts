import { invalidLog, type LogPlace } from './log-error'

export type JsonObject = Record<string, unknown>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads the fields of one action and names the field that is missing or of the wrong type.
 * JSON null counts as absent: Spark writes absent options that way.
 */
export class FieldReader {
  readonly #action: string
  readonly #fields: JsonObject
  readonly #place: LogPlace

  constructor(action: string, value: unknown, place: LogPlace) {
    if (!isJsonObject(value)) throw invalidLog(place, `“${action}” is not a JSON object.`)
    this.#action = action
    this.#fields = value
    this.#place = place
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null
  }

  text(name: string): string {
    const value = this.#fields[name]
    return typeof value === 'string' ? value : this.#fail(name, 'a string')
  }

  number(name: string): number {
    const value = this.#fields[name]
    return typeof value === 'number' ? value : this.#fail(name, 'a number')
  }

  boolean(name: string): boolean {
    const value = this.#fields[name]
    return typeof value === 'boolean' ? value : this.#fail(name, 'true or false')
  }

  texts(name: string): string[] {
    const value = this.#fields[name]
    if (!Array.isArray(value)) return this.#fail(name, 'an array of strings')
    return value.map((item: unknown) => (typeof item === 'string' ? item : this.#fail(name, 'an array of strings')))
  }

  object(name: string): JsonObject {
    const value = this.#fields[name]
    return isJsonObject(value) ? value : this.#fail(name, 'an object')
  }

  /** A map of strings; entries that are null stay null. */
  nullableTextMap(name: string): Record<string, string | null> {
    return Object.fromEntries(
      Object.entries(this.object(name)).map(([key, value]) => [
        key,
        value === null || typeof value === 'string' ? value : this.#fail(`${name}.${key}`, 'a string or null'),
      ]),
    )
  }

  textMap(name: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.object(name)).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : this.#fail(`${name}.${key}`, 'a string'),
      ]),
    )
  }

  #fail(name: string, expected: string): never {
    throw invalidLog(this.#place, `“${this.#action}.${name}” should be ${expected}.`)
  }
}
