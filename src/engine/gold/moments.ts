import type { TableMoment } from '@/domain/delta/moment'
import type { Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError } from '@/domain/errors'
import type { DeltaTables } from '@/engine/delta/delta-table'

/** A stored table, and the time as of which it is read. */
export interface MomentOfTable {
  /** `schema.table` */
  name: string
  moment: TableMoment
}

/** The table at `path` as it was. Throws `delta.unknown_version` when the log does not reach that far. */
export async function snapshotAt(tables: DeltaTables, path: string, moment: TableMoment): Promise<Snapshot> {
  const version = 'version' in moment ? moment.version : await versionAt(tables, path, moment.timestampMs)
  const snapshot = await tables.readSnapshot(path, version)
  if (snapshot === null) {
    throw new GoldsmithError({
      code: 'delta.unknown_version',
      message: `${path} has no version yet.`,
      remedy: 'Run the pipeline first.',
    })
  }
  return snapshot
}

/** The last version that was committed by then. */
async function versionAt(tables: DeltaTables, path: string, timestampMs: number): Promise<number> {
  const history = await tables.history(path)
  const found = history.find(({ timestamp }) => Date.parse(timestamp) <= timestampMs)
  if (found) return found.version
  const oldest = history.at(-1)
  throw new GoldsmithError({
    code: 'delta.unknown_version',
    message: `${path} had no version yet at ${new Date(timestampMs).toISOString()}.`,
    remedy: oldest ? `Its oldest version ${oldest.version} is of ${oldest.timestamp}.` : 'Run the pipeline first.',
  })
}
