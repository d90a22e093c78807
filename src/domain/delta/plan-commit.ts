import { GoldsmithError } from '@/domain/errors'
import type { Action, AddFile, CommitInfo, MetaData, Protocol, RemoveFile } from './actions'
import { checkpointInterval } from './checkpoint-properties'
import { checkWritable, requiredProtocol } from './features'
import { type DeltaColumn, formatSchema } from './schema'
import type { Snapshot } from './snapshot'
import { recordCount } from './statistics'

/** What a table is, apart from its rows. */
export interface TableDefinition {
  /** For people and other engines; readers find the table by its folder. */
  name: string | null
  description: string | null
  columns: DeltaColumn[]
  partitionColumns: string[]
  /** TBLPROPERTIES, `delta.*` ones among them. */
  properties: Record<string, string>
}

/** What the plan cannot know by itself. */
export interface CommitContext {
  /** Milliseconds since the epoch. */
  now: number
  /** Goldsmith's version, for `engineInfo`. */
  engineVersion: string
  /** A new UUID at every call. */
  newId: () => string
  /** Noted in the commit for whoever reads the table's history. */
  userMetadata?: string
}

/** A log entry that is ready to be written over version `readVersion`. */
export interface CommitPlan {
  /** The version that the plan was made from; null when there was no table. */
  readVersion: number | null
  actions: Action[]
  /** How many commits lie between the table's checkpoints; null when it has none. */
  checkpointInterval: number | null
}

/** What becomes of the rows that are there. */
export type WriteMode = 'Overwrite' | 'Append' | Merge

/** The new files stand for some of those that are there: their rows that stay, changed and new ones. */
export interface Merge {
  /** Whether a file that is there is replaced. */
  replaces(file: AddFile): boolean
  /** Rows. */
  inserted: number
  updated: number
  deleted: number
  /** Columns by which rows were matched. */
  matchedBy: readonly string[]
}

/**
 * Plans the commit after which the table is exactly `definition` with the rows of `files`, and those that it has already when
 * the mode is Append. It is created when there is no snapshot; its id stays.
 * Throws `delta.append_only`, `delta.unknown_partition_column`, and what `formatSchema`, `checkWritable` and `requiredProtocol` throw.
 */
export function planCommit(
  snapshot: Snapshot | null,
  definition: TableDefinition,
  files: readonly AddFile[],
  transactions: readonly { appId: string; version: number }[],
  context: CommitContext,
  mode: WriteMode = 'Overwrite',
): CommitPlan {
  const { now } = context
  const replaced = (snapshot?.files ?? []).filter((file) => isReplaced(file, mode))
  if (snapshot !== null) {
    checkWritable(definition.name ?? snapshot.metaData.id, { ...snapshot, files: replaced }, definition.properties)
  }
  const metaData = metaDataOf(snapshot?.metaData ?? null, definition, context)
  const protocol = mergeProtocols(snapshot?.protocol ?? null, definition)
  const removes = replaced.map((file): Action => ({ remove: removal(file, now) }))
  const actions: Action[] = [
    { commitInfo: commitInfo(snapshot, replaced, definition, files, context, mode) },
    ...(same(protocol, snapshot?.protocol) ? [] : [{ protocol }]),
    ...(same(metaData, snapshot?.metaData) ? [] : [{ metaData }]),
    ...transactions.map(({ appId, version }): Action => ({ txn: { appId, version, lastUpdated: now } })),
    ...removes,
    ...files.map((add): Action => ({ add })),
  ]
  return {
    readVersion: snapshot?.version ?? null,
    actions,
    checkpointInterval: checkpointInterval(metaData.configuration),
  }
}

function isReplaced(file: AddFile, mode: WriteMode): boolean {
  return typeof mode === 'string' ? mode === 'Overwrite' : mode.replaces(file)
}

function metaDataOf(previous: MetaData | null, definition: TableDefinition, { now, newId }: CommitContext): MetaData {
  for (const name of definition.partitionColumns) {
    if (!definition.columns.some((column) => column.name === name)) throw unknownPartitionColumn(name, definition)
  }
  return {
    id: previous?.id ?? newId(),
    ...(definition.name === null ? {} : { name: definition.name }),
    ...(definition.description === null ? {} : { description: definition.description }),
    format: { provider: 'parquet', options: {} },
    schemaString: formatSchema(definition.columns),
    partitionColumns: definition.partitionColumns,
    configuration: definition.properties,
    createdTime: previous?.createdTime ?? now,
  }
}

/** A table's protocol only ever rises: a reader may have relied on it. */
function mergeProtocols(previous: Protocol | null, definition: TableDefinition): Protocol {
  const required = requiredProtocol(definition.columns, definition.properties)
  if (previous === null || previous.minWriterVersion < required.minWriterVersion) return required
  return previous
}

function removal(file: AddFile, now: number): RemoveFile {
  return {
    path: file.path,
    deletionTimestamp: now,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues: file.partitionValues,
    size: file.size,
  }
}

/** Delta's own writers put JSON text, not JSON, into the values of operationParameters, and numbers as text into metrics. */
function commitInfo(
  snapshot: Snapshot | null,
  replaced: readonly AddFile[],
  definition: TableDefinition,
  files: readonly AddFile[],
  { now, engineVersion, newId, userMetadata }: CommitContext,
  mode: WriteMode,
): CommitInfo {
  const partitionBy = JSON.stringify(definition.partitionColumns)
  const added = {
    numFiles: String(files.length),
    numOutputRows: String(files.reduce((sum, file) => sum + (recordCount(file.stats) ?? 0), 0)),
    numOutputBytes: String(totalSize(files)),
  }
  const common = {
    isBlindAppend: snapshot === null || mode === 'Append',
    engineInfo: `Goldsmith/${engineVersion}`,
    txnId: newId(),
    ...(userMetadata === undefined ? {} : { userMetadata }),
  }
  if (snapshot === null) {
    const operationParameters = {
      isManaged: 'true',
      description: definition.description,
      partitionBy,
      properties: JSON.stringify(definition.properties),
    }
    return {
      timestamp: now,
      operation: 'CREATE TABLE AS SELECT',
      operationParameters,
      operationMetrics: added,
      ...common,
    }
  }
  if (typeof mode !== 'string') return { timestamp: now, ...mergeInfo(mode, replaced, files), ...common }
  const operationParameters = { mode, partitionBy }
  if (mode === 'Append')
    return { timestamp: now, operation: 'WRITE', operationParameters, operationMetrics: added, ...common }
  const operationMetrics = {
    ...added,
    numRemovedFiles: String(replaced.length),
    numRemovedBytes: String(totalSize(replaced)),
  }
  return { timestamp: now, operation: 'WRITE', operationParameters, operationMetrics, ...common }
}

/** What Delta's own MERGE notes; the predicate says how rows were matched, which here is by equal values, NULLs included. */
function mergeInfo(
  { inserted, updated, deleted, matchedBy }: Merge,
  replaced: readonly AddFile[],
  files: readonly AddFile[],
): Pick<CommitInfo, 'operation' | 'operationParameters' | 'operationMetrics'> {
  const rows = (of: readonly AddFile[]) => of.reduce((sum, file) => sum + (recordCount(file.stats) ?? 0), 0)
  const written = rows(files)
  return {
    operation: 'MERGE',
    operationParameters: {
      predicate: JSON.stringify(matchedBy.map((column) => `target.${column} <=> source.${column}`)),
      matchedPredicates: JSON.stringify([{ actionType: 'update' }]),
      notMatchedPredicates: JSON.stringify([{ actionType: 'insert' }]),
    },
    operationMetrics: {
      numTargetRowsInserted: String(inserted),
      numTargetRowsUpdated: String(updated),
      numTargetRowsDeleted: String(deleted),
      numTargetRowsCopied: String(written - inserted - updated),
      numOutputRows: String(written),
      numTargetFilesAdded: String(files.length),
      numTargetFilesRemoved: String(replaced.length),
      numTargetBytesAdded: String(totalSize(files)),
      numTargetBytesRemoved: String(totalSize(replaced)),
    },
  }
}

function totalSize(files: readonly AddFile[]): number {
  return files.reduce((sum, file) => sum + file.size, 0)
}

function unknownPartitionColumn(name: string, { name: table, columns }: TableDefinition): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.unknown_partition_column',
    message: `“${table ?? 'The table'}” is partitioned by “${name}”, which is not one of its columns: ${columns.map((column) => column.name).join(', ')}.`,
    remedy: 'Name a column in PARTITIONED BY exactly as the query or the column list writes it.',
  })
}

/** Equality of JSON values regardless of the order of keys. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keysA = Object.keys(a)
  if (Array.isArray(a) !== Array.isArray(b) || keysA.length !== Object.keys(b).length) return false
  const entriesB = new Map(Object.entries(b))
  return Object.entries(a).every(([key, value]) => entriesB.has(key) && same(value, entriesB.get(key)))
}
