import type { ErrorData } from '@/domain/automation'
import { canceled, GoldsmithError } from '@/domain/errors'
import type { CallOptions, EngineApi, EngineEvent } from './contract'
import type { Method, Port, ToPage } from './protocol'

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

export interface Connection {
  /** Its calls are answered at the other end of the port. */
  api: EngineApi
  /** Rejects every call that waits, and from now on every other: nobody will answer them. */
  abandon(error: ErrorData): void
}

/** The page's end of a port to an engine. */
export function connectEngine(port: Port): Connection {
  const pending = new Map<number, Pending>()
  const listeners = new Set<(event: EngineEvent) => void>()
  let nextId = 0
  let abandoned: ErrorData | null = null

  port.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === 'event') {
      for (const listener of listeners) listener(data.event)
      return
    }
    const call = pending.get(data.id)
    pending.delete(data.id)
    if (data.kind === 'result') call?.resolve(data.value)
    else call?.reject(new GoldsmithError(data.error))
  })

  function call(method: Method, request: unknown, options: CallOptions | undefined): Promise<unknown> {
    const signal = options?.signal
    if (signal?.aborted) return Promise.reject(new GoldsmithError(canceled()))
    if (abandoned !== null) return Promise.reject(new GoldsmithError(abandoned))
    nextId += 1
    const id = nextId
    return new Promise((resolve, reject) => {
      const cancel = () => port.postMessage({ kind: 'cancel', id })
      const settle = <T>(finish: (value: T) => void) => {
        return (value: T) => {
          signal?.removeEventListener('abort', cancel)
          finish(value)
        }
      }
      pending.set(id, { resolve: settle(resolve), reject: settle(reject) })
      signal?.addEventListener('abort', cancel)
      try {
        port.postMessage({ kind: 'call', id, method, request })
      } catch (thrown) {
        // The engine never hears of a call whose arguments cannot be cloned, and so would never answer it.
        pending.get(id)?.reject(notTransferable(method, thrown))
        pending.delete(id)
      }
    })
  }

  const subscribe: EngineApi['subscribe'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  const api = new Proxy({ subscribe } as EngineApi, {
    get(target, name) {
      if (name === 'subscribe') return target.subscribe
      // A proxy that answers `then` would be taken for a promise.
      if (typeof name !== 'string' || name === 'then') return undefined
      return (request?: unknown, options?: CallOptions) => call(name as Method, request, options)
    },
  })
  return {
    api,
    abandon(error) {
      abandoned = error
      const waiting = [...pending.values()]
      pending.clear()
      for (const { reject } of waiting) reject(new GoldsmithError(error))
    },
  }
}

function notTransferable(method: Method, thrown: unknown): GoldsmithError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new GoldsmithError({
    code: 'argument.not_transferable',
    message: `The arguments of ${method} cannot be handed to the engine: ${reason}`,
    remedy: 'Give plain values: strings, numbers, arrays, objects of them, and files.',
  })
}
