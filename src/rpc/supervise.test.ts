import { describe, expect, it } from 'vitest'
import type { EngineEvent } from './contract'
import type { ToEngine, ToPage } from './protocol'
import { superviseEngine } from './supervise'

/** A worker whose answers the test gives. */
class FakeWorker {
  readonly calls: ToEngine[] = []
  terminated = false
  #onMessage: ((event: MessageEvent) => void)[] = []
  #onError: ((event: ErrorEvent) => void)[] = []

  postMessage(message: unknown) {
    this.calls.push(message as ToEngine)
  }
  addEventListener(type: 'message' | 'error', listener: (event: never) => void) {
    if (type === 'message') this.#onMessage.push(listener as (event: MessageEvent) => void)
    else this.#onError.push(listener as (event: ErrorEvent) => void)
  }
  terminate() {
    this.terminated = true
  }
  say(data: ToPage) {
    for (const listener of this.#onMessage) listener({ data } as MessageEvent)
  }
  fail(message: string) {
    for (const listener of this.#onError) listener({ message } as ErrorEvent)
  }
}

function setUp() {
  const workers: FakeWorker[] = []
  const api = superviseEngine(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as never
  })
  const events: EngineEvent[] = []
  api.subscribe((event) => events.push(event))
  const broken = { code: 'engine.broken', message: 'It broke.' }
  return { api, workers, events, broken }
}

const works: ToPage = { kind: 'event', event: { type: 'catalog.changed' } }

describe('a supervised engine', () => {
  it('is started again when it breaks: running calls reject, and the next ones go to the new worker', async () => {
    const { api, workers, events, broken } = setUp()
    workers[0]?.say(works)
    const running = api.tables()
    workers[0]?.say({ kind: 'event', event: { type: 'engine.failed', error: broken } })
    await expect(running).rejects.toMatchObject({ cause: { code: 'engine.restarted' } })
    expect(workers[0]?.terminated).toBe(true)
    expect(events.at(-1)).toEqual({ type: 'engine.restarted', error: broken })
    const next = api.tables()
    workers[1]?.say({ kind: 'result', id: 1, value: [] })
    expect(await next).toEqual([])
  })

  it('that never worked stays failed, and every call says why', async () => {
    const { api, workers, events } = setUp()
    const waiting = api.info()
    workers[0]?.fail('no script')
    await expect(waiting).rejects.toMatchObject({ cause: { code: 'engine.failed' } })
    await expect(api.info()).rejects.toMatchObject({ cause: { code: 'engine.failed' } })
    expect(workers).toHaveLength(1)
    expect(events.map(({ type }) => type)).toEqual(['engine.failed'])
  })

  it('does not listen to a worker that was replaced', () => {
    const { workers, events, broken } = setUp()
    workers[0]?.say(works)
    workers[0]?.fail('crashed')
    workers[0]?.say({ kind: 'event', event: { type: 'engine.failed', error: broken } })
    workers[0]?.say(works)
    expect(workers).toHaveLength(2)
    expect(events.map(({ type }) => type)).toEqual(['catalog.changed', 'engine.restarted'])
  })
})
