export type FetchRows = (offset: number, limit: number, signal: AbortSignal) => Promise<unknown[][]>

export const windowSize = 200
const capacity = 40

/**
 * Rows of a long result, fetched in windows and kept least recently used first out. Fetches that scrolling has
 * left behind are cancelled. `onChange` is called when rows came or a fetch failed, `onRows` with the rows that came.
 */
export class RowCache {
  readonly #windows = new Map<number, unknown[][]>()
  readonly #running = new Map<number, AbortController>()
  #error: unknown = null

  constructor(
    private readonly fetchRows: FetchRows,
    private readonly rowCount: number,
    private readonly onChange: () => void,
    private readonly onRows: (rows: unknown[][]) => void = () => undefined,
  ) {}

  /** The row, or null while it is not here. */
  row(index: number): unknown[] | null {
    return this.#windows.get(Math.floor(index / windowSize))?.[index % windowSize] ?? null
  }

  /** Why the last fetch failed; null after one that worked. */
  get error(): unknown {
    return this.#error
  }

  /** Fetches what is missing of rows [first, last] and stops fetching what lies elsewhere. */
  want(first: number, last: number): void {
    const from = Math.floor(Math.max(0, first) / windowSize)
    const to = Math.floor(Math.min(this.rowCount - 1, last) / windowSize)
    for (const [index, controller] of this.#running) {
      if (index < from || index > to) controller.abort()
    }
    for (let index = from; index <= to; index++) this.#touch(index)
  }

  retry(first: number, last: number): void {
    this.#error = null
    this.want(first, last)
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  #touch(index: number): void {
    const rows = this.#windows.get(index)
    if (rows) {
      // Maps keep insertion order: inserting again makes this window the most recently used one.
      this.#windows.delete(index)
      this.#windows.set(index, rows)
    } else if (!this.#running.has(index) && this.#error === null) {
      void this.#fetch(index)
    }
  }

  async #fetch(index: number): Promise<void> {
    const controller = new AbortController()
    this.#running.set(index, controller)
    try {
      const offset = index * windowSize
      const rows = await this.fetchRows(offset, Math.min(windowSize, this.rowCount - offset), controller.signal)
      if (controller.signal.aborted) return
      this.#windows.set(index, rows)
      this.onRows(rows)
      for (const oldest of this.#windows.keys()) {
        if (this.#windows.size <= capacity) break
        this.#windows.delete(oldest)
      }
    } catch (thrown) {
      if (!controller.signal.aborted) this.#error = thrown
    } finally {
      this.#running.delete(index)
      this.onChange()
    }
  }
}
