import { canceled, GoldsmithError } from '@/domain/errors'
import type { CallOptions, EngineApi, EngineEvent } from './contract'
import type { Method, Port, ToPage } from './protocol'

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** The page's end: an EngineApi whose calls are answered at the other end of the port. */
export function connectEngine(port: Port): EngineApi {
  const pending = new Map<number, Pending>()
  const listeners = new Set<(event: EngineEvent) => void>()
  let nextId = 0

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

  return new Proxy({ subscribe } as EngineApi, {
    get(target, name) {
      if (name === 'subscribe') return target.subscribe
      // A proxy that answers `then` would be taken for a promise.
      if (typeof name !== 'string' || name === 'then') return undefined
      return (request?: unknown, options?: CallOptions) => call(name as Method, request, options)
    },
  })
}

function notTransferable(method: Method, thrown: unknown): GoldsmithError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new GoldsmithError({
    code: 'argument.not_transferable',
    message: `The arguments of ${method} cannot be handed to the engine: ${reason}`,
    remedy: 'Give plain values: strings, numbers, arrays, objects of them, and files.',
  })
}
