import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { CallOptions, EngineApi } from './contract'
import type { Port, ToEngine, ToPage } from './protocol'

type AnyMethod = (request: unknown, options: CallOptions) => Promise<unknown>

/** The engine's end: answers calls from the port with `api`, and sends its events. `broken` resolves when it can work no more. */
export function serveEngine(port: Port, api: Promise<EngineApi>, broken: Promise<ErrorData>): void {
  const running = new Map<number, AbortController>()
  const send = (message: ToPage, transfer: Transferable[] = []) => port.postMessage(message, transfer)

  api.then(
    (engine) => engine.subscribe((event) => send({ kind: 'event', event })),
    (error: unknown) => send({ kind: 'event', event: { type: 'engine.failed', error: toErrorData(error) } }),
  )

  void broken.then((error) => send({ kind: 'event', event: { type: 'engine.failed', error } }))

  port.addEventListener('message', async ({ data }: MessageEvent<ToEngine>) => {
    if (data.kind === 'cancel') {
      running.get(data.id)?.abort()
      return
    }
    const controller = new AbortController()
    running.set(data.id, controller)
    try {
      const engine = await api
      const method = engine[data.method].bind(engine) as AnyMethod
      const value = await method(data.request, { signal: controller.signal })
      send({ kind: 'result', id: data.id, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [])
    } catch (error) {
      send({ kind: 'error', id: data.id, error: toErrorData(error) })
    } finally {
      running.delete(data.id)
    }
  })
}
