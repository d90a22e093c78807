import type { ErrorData } from '@/domain/automation'
import type { EngineEvent, EngineInfo } from '@/rpc/contract'
import { type Loadable, loading, settle } from './loadable'
import { patchSlice, type SliceContext } from './state'

export interface EngineState {
  info: Loadable<EngineInfo>
  resources: Omit<Extract<EngineEvent, { type: 'engine.resources' }>, 'type'> | null
  /** Set when the engine died; only a reload helps. */
  failure: ErrorData | null
}

export const initialEngine: EngineState = { info: loading, resources: null, failure: null }

export interface EngineActions {
  refreshInfo(): Promise<void>
  /** The engine died, or its worker never started. */
  reportFailure(error: ErrorData): void
}

export function createEngineActions({ api, store }: SliceContext): EngineActions {
  return {
    async refreshInfo() {
      patchSlice(store, 'engine', { info: await settle(api.info()) })
    },
    reportFailure(failure) {
      patchSlice(store, 'engine', { failure })
    },
  }
}
