import type { AddFile } from '@/domain/delta/actions'
import { planCommit, type TableDefinition } from '@/domain/delta/plan-commit'
import type { DeltaColumn } from '@/domain/delta/schema'
import { throwIfCanceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { DeltaTables } from '@/engine/delta/delta-table'
import { type CommitMetadata, formatCommitMetadata } from '@/engine/gold/commit-metadata'
import { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Clock, ParquetCodec } from '@/engine/ports'
import type { BuiltTable } from './build-table'
import { PartWriter } from './part-writer'
import { storeTable } from './store-table'

type NamedTable = TableDefinition & { name: string }

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
  const table = describe(dataset, dataset.name, built.columns)
  const writer = new PartWriter(context.codec, context.deltaTables)
  try {
    const quarantine =
      built.quarantine && describe(quarantineOf(dataset), quarantineName(dataset), built.quarantine.columns)
    const heldBack = built.quarantine && quarantine && (await store(context, writer, quarantine, built.quarantine))
    const kept = await store(context, writer, table, built)
    // The quarantine goes first: the dataset's own commit, which says from what it was built, is what makes the next run skip both.
    if (quarantine && heldBack) await commitTable(context, quarantine, await Promise.all(heldBack), userMetadata)
    return await commitTable(context, table, await Promise.all(kept), userMetadata)
  } finally {
    await writer.settled()
  }
}

/** The Delta table that a dataset's rows go to. */
function describe(dataset: Dataset, name: string, builtColumns: BuiltTable['columns']): NamedTable {
  const columns = builtColumns.map((column) => deltaColumn(column, dataset))
  const partitionColumns = dataset.partitionedBy.map(
    (wanted) => columns.find((column) => column.name.toLowerCase() === wanted.toLowerCase())?.name ?? wanted,
  )
  return { name, description: dataset.comment, columns, partitionColumns, properties: tableProperties(dataset) }
}

function store(
  { lakehouse, signal }: CommitContext,
  writer: PartWriter,
  { name, description, columns, partitionColumns, properties }: NamedTable,
  { table, rows }: { table: string; rows: number },
): Promise<Promise<AddFile>[]> {
  const keyValueMetadata = { ...properties, 'goldsmith.table': name, 'goldsmith.comment': description ?? '' }
  const request = { path: GoldStore.path(name), table, columns, partitionColumns, rows, keyValueMetadata }
  return storeTable({ lakehouse, writer, signal }, request)
}

async function commitTable(
  { projectName, clock, deltaTables, engineVersion, signal }: CommitContext,
  definition: NamedTable,
  files: readonly AddFile[],
  userMetadata: string,
): Promise<number> {
  throwIfCanceled(signal)
  const path = GoldStore.path(definition.name)
  // Read anew: another tab may have committed since this update was planned.
  const snapshot = await deltaTables.readSnapshot(path)
  const transaction = { appId: `goldsmith/${projectName}/${definition.name}`, version: clock.now() }
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
