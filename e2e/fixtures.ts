/**
 * The page under test, and what holds in every test: nothing leaves the origin, nothing throws, nothing is logged as an error.
 */
import { test as base, type ConsoleMessage, expect, type JSHandle, type Page, type Request } from '@playwright/test'
import type { Goldsmith } from '@/domain/automation'

/** Page object over the Goldsmith page; views get their own page objects on top of it. */
export class GoldsmithPage {
  readonly page: Page
  readonly #origin: string
  readonly #foreignRequests: string[] = []
  readonly #errors: string[] = []
  readonly #expected: RegExp[] = []

  constructor(page: Page, baseUrl: string) {
    this.page = page
    this.#origin = new URL(baseUrl).origin
    // The context's events include those of workers, and of workers that workers start.
    page.context().on('request', (request: Request) => this.#seeAddress(request.url()))
    page.on('websocket', (socket) => this.#seeAddress(socket.url()))
    page.context().on('weberror', (error) => this.#errors.push(textOf(error.error())))
    page.context().on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error') this.#errors.push(`${message.text()} (${message.location().url})`)
    })
  }

  /** Opens the page at a hash route such as "#/sources" and waits until the engine can take work. */
  async open(route = ''): Promise<void> {
    await this.page.goto(`/${route}`)
    await this.ready()
  }

  /** Waits for `window.goldsmith.ready`; fails with its reason when the engine cannot start. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => 'goldsmith' in window)
    await this.call((goldsmith) => goldsmith.ready)
  }

  /**
   * Calls `window.goldsmith`. The function runs in the page and sees nothing but its two arguments. A rejection keeps its
   * error data: it is thrown here as an Error with the same message and `cause`.
   */
  async call<Result, Argument = undefined>(
    work: (goldsmith: Goldsmith, argument: Argument) => Promise<Result>,
    ...[argument]: Argument extends undefined ? [] : [Argument]
  ): Promise<Result> {
    const call: JSHandle<Call<Result>> = await this.page.evaluateHandle(
      `({ goldsmith: window.goldsmith, work: ${work} })`,
    )
    try {
      const outcome = await call.evaluate(settle<Result>, argument)
      if ('value' in outcome) return outcome.value
      throw new Error(outcome.message, { cause: outcome.cause })
    } finally {
      await call.dispose()
    }
  }

  /** Says that an error whose text matches belongs to this test. */
  expectError(pattern: RegExp): void {
    this.#expected.push(pattern)
  }

  /** What must hold after every test. */
  assertClean(): void {
    const unexpected = this.#errors.filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
    expect(this.#foreignRequests, 'requests to other origins').toEqual([])
    expect(unexpected, 'errors in the page or its workers').toEqual([])
  }

  #seeAddress(address: string): void {
    const url = new URL(address)
    if (url.protocol === 'data:' || url.protocol === 'about:' || url.origin === this.#origin) return
    this.#foreignRequests.push(address)
  }
}

interface Call<Result> {
  goldsmith: Goldsmith
  work: (goldsmith: Goldsmith, argument: unknown) => Promise<Result>
}

/** Runs in the page. A rejection comes back as data, since Playwright's own errors lose `cause`. */
async function settle<Result>(
  { goldsmith, work }: Call<Result>,
  argument: unknown,
): Promise<{ value: Result } | { message: string; cause: unknown }> {
  try {
    return { value: await work(goldsmith, argument) }
  } catch (error) {
    return error instanceof Error
      ? { message: error.message, cause: error.cause }
      : { message: String(error), cause: null }
  }
}

function textOf(error: Error): string {
  return error.stack ?? error.message
}

export const test = base.extend<{ goldsmith: GoldsmithPage }>({
  /** The page, opened, its engine ready; checked for foreign requests and errors when the test ends. */
  goldsmith: async ({ page, baseURL }, use) => {
    const goldsmith = new GoldsmithPage(page, baseURL ?? '')
    await goldsmith.open()
    await use(goldsmith)
    goldsmith.assertClean()
  },
})

export { expect }
