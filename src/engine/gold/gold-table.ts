import { parseSchema } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { recordCount } from '@/domain/delta/statistics'
import { parseCommitMetadata } from './commit-metadata'
import type { GoldTable } from './gold-store'

/** What a version of a table says of itself. */
export function goldTable(name: string, snapshot: Snapshot): GoldTable {
  return {
    name,
    snapshot,
    columns: parseSchema(snapshot.metaData.schemaString),
    rows: snapshot.files.reduce((sum, file) => sum + (recordCount(file.stats) ?? 0), 0),
    bytes: snapshot.files.reduce((sum, file) => sum + file.size, 0),
    metadata: parseCommitMetadata(snapshot.userMetadata),
  }
}

/** The columns of a table's key, lower-case; none when it has no key. */
export function keyOf({ snapshot }: Pick<GoldTable, 'snapshot'>): string[] {
  const names = (snapshot.metaData.configuration['pipeline.key'] ?? '').split(',')
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '')
}
