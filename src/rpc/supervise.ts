import type { ErrorData } from '@/domain/automation'
import type { EngineApi, EngineEvent } from './contract'
import type { Port } from './protocol'
import { connectEngine } from './proxy'

/** The engine's worker, as far as whoever watches it needs it. */
export interface EngineWorker extends Port {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void
  terminate(): void
}

/**
 * An engine that outlives its worker. When a worker that has worked breaks (memory of WebAssembly never shrinks, and a trap leaves
 * it useless), another one is started: calls that were running reject with `engine.restarted`, and the event of that name says so.
 * One that never got as far stays failed, with `engine.failed`, and every call rejects with the reason: another would fail alike.
 */
export function superviseEngine(startWorker: () => EngineWorker): EngineApi {
  const listeners = new Set<(event: EngineEvent) => void>()
  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener(event)
  }
  let current = begin()

  function begin(): { api: EngineApi } {
    const worker = startWorker()
    const connection = connectEngine(worker)
    const own = { api: connection.api }
    let worked = false
    const end = (error: ErrorData) => {
      if (current !== own) return
      if (!worked) {
        connection.abandon(error)
        emit({ type: 'engine.failed', error })
        return
      }
      worker.terminate()
      current = begin()
      connection.abandon(restarted(error))
      emit({ type: 'engine.restarted', error })
    }
    connection.api.subscribe((event) => {
      if (event.type === 'engine.failed') return end(event.error)
      worked = true
      if (current === own) emit(event)
    })
    // A worker whose script cannot be loaded or evaluated never answers: without this the page would wait forever.
    worker.addEventListener('error', ({ message }) => end(workerFailed(message)))
    return own
  }

  const subscribe: EngineApi['subscribe'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return new Proxy({ subscribe } as EngineApi, {
    get: (target, name) => (name === 'subscribe' ? target.subscribe : Reflect.get(current.api, name)),
  })
}

function restarted(error: ErrorData): ErrorData {
  return {
    code: 'engine.restarted',
    message: `${error.message} Another engine was started in its place.`,
    remedy: `What was committed is kept; what was running has to be run again. ${error.remedy ?? ''}`.trim(),
  }
}

function workerFailed(reason: string | undefined): ErrorData {
  return {
    code: 'engine.failed',
    message: `The engine's worker failed: ${reason || 'its script could not be loaded'}.`,
    remedy:
      'Reload the page; stored Gold tables are kept. If it happens again, the files of this page may be incomplete.',
  }
}
