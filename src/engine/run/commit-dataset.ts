import type { AddFile } from '@/domain/delta/actions'
import { planCommit, type TableDefinition } from '@/domain/delta/plan-commit'
import type { DeltaColumn } from '@/domain/delta/schema'
import { throwIfCanceled } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { DeltaTables } from '@/engine/delta/delta-table'
import { type CommitMetadata, formatCommitMetadata } from '@/engine/gold/commit-metadata'
import { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Clock, FileStore, ParquetCodec } from '@/engine/ports'
import type { BuiltTable } from './build-table'
import { PartWriter } from './part-writer'
import { storeTable } from './store-table'

type NamedTable = TableDefinition & { name: string }

export interface CommitContext {
  projectName: string
  lakehouse: Lakehouse
  codec: ParquetCodec
  deltaTables: DeltaTables
  files: Pick<FileStore, 'withLock'>
  clock: Clock
  engineVersion: string
  signal: AbortSignal
}

/** Name of the table that holds the rows a dataset's DROP rules reject. */
export function quarantineName(dataset: string): string {
  return `${dataset}__quarantine`
}

/**
 * Stores and commits a built dataset and its quarantine, then calls `publish`. Returns the dataset's new version. Nothing is
 * committed once the signal has aborted, and nothing stops between the two commits but a failure of the store.
 */
export async function commitDataset(
  context: CommitContext,
  dataset: Dataset,
  built: BuiltTable,
  metadata: CommitMetadata,
  publish: () => Promise<void>,
): Promise<number> {
  const userMetadata = formatCommitMetadata(metadata)
  const table = describe(dataset, dataset.name, built.columns)
  const quarantine =
    built.quarantine && describe(quarantineOf(dataset), quarantineName(dataset.name), built.quarantine.columns)
  const writer = new PartWriter(context.codec, context.deltaTables)
  try {
    const storingHeld = built.quarantine && quarantine && (await store(context, writer, quarantine, built.quarantine))
    const storingKept = await store(context, writer, table, built)
    const held = storingHeld && (await Promise.all(storingHeld))
    const kept = await Promise.all(storingKept)
    // Another tab that commits the same dataset waits: a table and its quarantine are always those of one update.
    return await context.files.withLock(`commit ${dataset.name}`, async () => {
      throwIfCanceled(context.signal)
      // The quarantine goes first: what a crash leaves then is a quarantine of another update than its table, and that is seen.
      if (quarantine && held) {
        await commitTable(context, quarantine, held, userMetadata)
        writer.keep(held)
      }
      const version = await commitTable(context, table, kept, userMetadata)
      writer.keep(kept)
      await publish()
      return version
    })
  } finally {
    await writer.close()
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
  { projectName, clock, deltaTables, engineVersion }: CommitContext,
  definition: NamedTable,
  files: readonly AddFile[],
  userMetadata: string,
): Promise<number> {
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

/** What a quarantine has beside the dataset's own columns. */
const QUARANTINE_COLUMNS = {
  _failed_expectations: 'Names of the expectations that the row violates and that drop rows',
  _update_id: 'The update that held the row back',
}

/** Quarantined rows have the dataset's columns, but none of its promises. */
function quarantineOf(dataset: Dataset): Dataset {
  const columns = (dataset.columns ?? []).map((column) => ({ ...column, notNull: false, generatedAs: null }))
  const { position } = dataset
  const added = Object.entries(QUARANTINE_COLUMNS).map(([name, comment]) => {
    return { name, comment, type: '', notNull: false, generatedAs: null, position }
  })
  return {
    ...dataset,
    columns: [...columns, ...added],
    primaryKey: null,
    properties: quarantineProperties(dataset.properties),
    partitionedBy: [],
    comment: `Rows that the expectations of ${dataset.name} hold back, with the names of those they violate.`,
  }
}

/** Said of the dataset's rows and of nobody else's. */
const PROMISES = ['grain', 'public_contract', 'metric_definitions', 'consumers']

/** The dataset's properties without what is untrue of rows that it holds back, or only tells the engine how to build it. */
function quarantineProperties(properties: Record<string, string>): Record<string, string> {
  const kept = Object.entries(properties).filter(([key]) => !PROMISES.includes(key) && !key.startsWith('pipeline.'))
  return Object.fromEntries(kept)
}

/** Delta has no place for a primary key, so it travels as the property by which a pipeline may declare it. */
function tableProperties({ primaryKey, properties }: Dataset): Record<string, string> {
  return primaryKey === null ? properties : { 'pipeline.key': primaryKey.join(', '), ...properties }
}
