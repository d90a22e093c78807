import { planCommit } from '@/domain/delta/plan-commit'
import type { DeltaColumn } from '@/domain/delta/schema'
import { throwIfCanceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { DeltaTables } from '@/engine/delta/delta-table'
import { type CommitMetadata, formatCommitMetadata } from '@/engine/gold/commit-metadata'
import { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Clock, ParquetCodec } from '@/engine/ports'
import type { BuiltTable } from './build-table'
import { storeTable } from './store-table'

export interface CommitContext {
  projectName: string
  lakehouse: Lakehouse
  codec: ParquetCodec
  deltaTables: DeltaTables
  clock: Clock
  engineVersion: string
  signal: AbortSignal
}

/** Name of the table that holds the rows a dataset's DROP rules reject. */
export function quarantineName(dataset: Dataset): string {
  return `${dataset.name}__quarantine`
}

/** Stores and commits a built dataset and its quarantine. Returns the dataset's new version. */
export async function commitDataset(
  context: CommitContext,
  dataset: Dataset,
  built: BuiltTable,
  metadata: CommitMetadata,
): Promise<number> {
  const userMetadata = formatCommitMetadata(metadata)
  // The quarantine goes first: the dataset's own commit, which says from what it was built, is what makes the next run skip both.
  if (built.quarantine) {
    await commitTable(context, quarantineOf(dataset), quarantineName(dataset), built.quarantine, userMetadata)
  }
  return commitTable(context, dataset, dataset.name, built, userMetadata)
}

async function commitTable(
  { projectName, lakehouse, codec, clock, deltaTables, engineVersion, signal }: CommitContext,
  dataset: Dataset,
  name: string,
  built: { table: string; columns: { name: string; type: string }[]; rows: number },
  userMetadata: string,
): Promise<number> {
  const path = GoldStore.path(name)
  const columns = built.columns.map((column) => deltaColumn(column, dataset))
  const partitionColumns = dataset.partitionedBy.map(
    (wanted) => columns.find((column) => column.name.toLowerCase() === wanted.toLowerCase())?.name ?? wanted,
  )
  const properties = tableProperties(dataset)
  const keyValueMetadata = { ...properties, 'goldsmith.table': name, 'goldsmith.comment': dataset.comment ?? '' }
  const files = await storeTable(
    { lakehouse, codec, tables: deltaTables, signal },
    { path, table: built.table, columns, partitionColumns, rows: built.rows, keyValueMetadata },
  )
  throwIfCanceled(signal)
  // Read anew: another tab may have committed since this update was planned.
  const snapshot = await deltaTables.readSnapshot(path)
  const definition = { name, description: dataset.comment, columns, partitionColumns, properties }
  const transaction = { appId: `goldsmith/${projectName}/${name}`, version: clock.now() }
  const plan = planCommit(snapshot, definition, files, [transaction], {
    now: clock.now(),
    engineVersion,
    newId: () => crypto.randomUUID(),
    userMetadata,
  })
  return deltaTables.commit(path, plan)
}

function deltaColumn({ name, type }: { name: string; type: string }, dataset: Dataset): DeltaColumn {
  const declared = dataset.columns?.find((column) => column.name.toLowerCase() === name.toLowerCase())
  return {
    name,
    type,
    nullable: !(declared?.notNull ?? false),
    comment: declared?.comment ?? null,
    generationExpression: declared?.generatedAs?.text ?? null,
  }
}

/** Quarantined rows have the dataset's columns, but none of its promises. */
function quarantineOf(dataset: Dataset): Dataset {
  const columns = (dataset.columns ?? []).map((column) => ({ ...column, notNull: false, generatedAs: null }))
  return {
    ...dataset,
    columns,
    primaryKey: null,
    properties: omitKey(dataset.properties),
    partitionedBy: [],
    comment: `Rows that the expectations of ${dataset.name} hold back, with the names of those they violate.`,
  }
}

function omitKey({ 'pipeline.key': _, ...properties }: Record<string, string>): Record<string, string> {
  return properties
}

/** Delta has no place for a primary key, so it travels as the property by which a pipeline may declare it. */
function tableProperties({ primaryKey, properties }: Dataset): Record<string, string> {
  return primaryKey === null ? properties : { 'pipeline.key': primaryKey.join(', '), ...properties }
}
