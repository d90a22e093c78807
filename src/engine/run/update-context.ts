import type { Project } from '@/domain/pipeline/project'
import type { Catalog } from '@/engine/catalog'
import type { DeltaTables } from '@/engine/delta/delta-table'
import type { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Mutex } from '@/engine/mutex'
import type { Clock, FileStore, ParquetCodec, SqlDialect } from '@/engine/ports'
import type { SilverStore } from '@/engine/silver/silver-store'
import type { EngineEvent } from '@/rpc/contract'
import type { CommitContext } from './commit-dataset'

/** What an update works with. */
export interface UpdateContext {
  project: Project
  lakehouse: Lakehouse
  codec: ParquetCodec
  files: FileStore
  dialect: SqlDialect
  deltaTables: DeltaTables
  clock: Clock
  silver: SilverStore
  gold: GoldStore
  catalog: Catalog
  /** Held while a table is swapped, so that no query sees it missing. */
  swap: Mutex
  engineVersion: string
  emit: (event: EngineEvent) => void
}

/** What commits of an update's tables work with. */
export function commitContext(
  { project, lakehouse, codec, files, deltaTables, engineVersion, clock }: UpdateContext,
  signal: AbortSignal,
): CommitContext {
  return { projectName: project.name, lakehouse, codec, files, deltaTables, clock, engineVersion, signal }
}
