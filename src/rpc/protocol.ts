/** The messages between the page and the engine worker. */
import type { ErrorData } from '@/domain/automation'
import type { EngineApi, EngineEvent } from './contract'

/** Every method of the contract but `subscribe`, which is the stream of events itself. */
export type Method = Exclude<keyof EngineApi, 'subscribe'>

export type ToEngine = { kind: 'call'; id: number; method: Method; request: unknown } | { kind: 'cancel'; id: number }

export type ToPage =
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; error: ErrorData }
  | { kind: 'event'; event: EngineEvent }

/** The part of MessagePort and Worker that both ends need. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}
