import type { ErrorData } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'

/** Traps of WebAssembly: no statement is to blame, and what comes out afterwards cannot be trusted. */
const TRAP =
  /\bunreachable\b|memory access out of bounds|table index is out of bounds|function signature mismatch|null function|Aborted\(/i
/** What the binding says when its pointers are wrong: for a moment, while another thread grows the memory, or (past 2 GiB) for good. */
const WRONG_POINTER = /offset is out of bounds|invalid (typed )?array length/i
/** So many calls in a row fail for a wrong pointer when it is for good. */
const MOST_WRONG_POINTERS = 3

/** Watches an instance of DuckDB-WASM for the end of it. */
export class Breaking {
  readonly #onBroken: (error: ErrorData) => void
  #rejectWork: (error: GoldsmithError) => void = () => undefined
  readonly #end = new Promise<never>((_, reject) => {
    this.#rejectWork = reject
  })
  #wrongPointers = 0
  #error: GoldsmithError | null = null

  constructor(onBroken: (error: ErrorData) => void) {
    this.#onBroken = onBroken
    // Whoever waits for work hears of it; nobody has to.
    this.#end.catch(() => undefined)
  }

  /** The instance's worker ended, with what it said. */
  report(reason: string): void {
    this.#break(reason)
  }

  /** Does the work; rejects with `engine.broken` as soon as the instance is. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    if (this.#error !== null) throw this.#error
    try {
      const result = await Promise.race([work(), this.#end])
      this.#wrongPointers = 0
      return result
    } catch (error) {
      if (this.#isFatal(error)) throw this.#break(String(error instanceof Error ? error.message : error))
      throw error
    }
  }

  #isFatal(error: unknown): boolean {
    const message = error instanceof Error ? error.message : String(error)
    // DuckDB's own errors ("Binder Error: …", some as JSON) are about a statement, whatever words they quote.
    if (error instanceof GoldsmithError || /^\s*(\{|[A-Z][A-Za-z ]+ Error: )/.test(message)) return false
    if (TRAP.test(message)) return true
    this.#wrongPointers = WRONG_POINTER.test(message) ? this.#wrongPointers + 1 : 0
    return this.#wrongPointers >= MOST_WRONG_POINTERS
  }

  #break(reason: string): GoldsmithError {
    if (this.#error !== null) return this.#error
    const error = new GoldsmithError({
      code: 'engine.broken',
      message: `The SQL engine stopped working: ${reason.replace(/[.\s]+$/, '') || 'its worker ended'}.`,
      remedy: 'Most often memory was short: close other tabs, or load fewer rows.',
    })
    this.#error = error
    this.#rejectWork(error)
    this.#onBroken(error.cause)
    return error
  }
}
