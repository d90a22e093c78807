import type { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { TableBlueprint } from '@/engine/run/build-table'
import type { SupersededRows } from '@/engine/run/superseded'
import type { UpdateContext } from '@/engine/run/update-context'
import type { StreamState } from './stream-state'

/** What computing the rows of a streaming table works with. */
export interface StreamingBuild {
  context: UpdateContext
  lakehouse: Lakehouse
  gold: GoldStore
  blueprint: TableBlueprint
  state: StreamState
  superseded: SupersededRows
  updateId: string
  /** Fingerprints of the inputs, by name. */
  inputs: Record<string, string>
  /** Whether what the flows have read is to be forgotten. */
  isFullRefresh: boolean
  /** A name for a table that is dropped when the update has ended. */
  newTable: () => string
  signal: AbortSignal
}
