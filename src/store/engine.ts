import type { ErrorData } from '@/domain/automation'
import type { EngineEvent, EngineInfo } from '@/rpc/contract'
import { type Loadable, loading, settle } from './loadable'
import { patchSlice, type SliceContext } from './state'

export interface EngineState {
  info: Loadable<EngineInfo>
  resources: Omit<Extract<EngineEvent, { type: 'engine.resources' }>, 'type'> | null
  /** Set when the engine cannot work; only a reload helps. */
  failure: ErrorData | null
  /** Why the engine was started again, until the user has seen it. */
  restart: ErrorData | null
  /** How often another engine took the place of one that broke; what the last one held is lost. */
  restarts: number
}

export const initialEngine: EngineState = { info: loading, resources: null, failure: null, restart: null, restarts: 0 }

export interface EngineActions {
  refreshInfo(): Promise<void>
  /** The engine could not start. */
  reportFailure(error: ErrorData): void
  /** The engine broke, and another took its place. */
  reportRestart(error: ErrorData): void
  dismissRestart(): void
}

export function createEngineActions({ api, store }: SliceContext): EngineActions {
  return {
    async refreshInfo() {
      patchSlice(store, 'engine', { info: await settle(api.info()) })
    },
    reportFailure(failure) {
      patchSlice(store, 'engine', { failure })
    },
    reportRestart(restart) {
      patchSlice(store, 'engine', { restart, restarts: store.getState().engine.restarts + 1, resources: null })
    },
    dismissRestart() {
      patchSlice(store, 'engine', { restart: null })
    },
  }
}
