import type { ErrorData, TableVersion } from '@/domain/automation'
import type { AddFile, Commit } from '@/domain/delta/actions'
import { type LogState, reconcile } from '@/domain/delta/log-state'
import { addPath, dataFileName, dataFilePath } from '@/domain/delta/paths'
import type { DeltaColumn } from '@/domain/delta/schema'
import { type Snapshot, summarize } from '@/domain/delta/snapshot'
import { fileStatistics } from '@/domain/delta/statistics'
import type { Clock, FileStore, ParquetCodec, ParquetColumn } from '@/engine/ports'
import { unexpectedColumns, unexpectedRows, unexpectedSize } from './delta-errors'
import { LogReader } from './log-reader'
import { type LogEntry, LogWriter } from './log-writer'

/** A data file that is to be written. */
export interface Part {
  /** The table's columns, partition columns among them. */
  columns: readonly DeltaColumn[]
  /** Serialised values of the partition columns, in the table's partition order; the file does not hold these columns. */
  partitionValues: readonly { column: string; value: string | null }[]
  /** Position among the parts of this commit; only names the file. */
  index: number
  /** How many rows the caller means the file to have. */
  expectedRows: number
  /** FLOAT and DOUBLE columns known to hold no NaN; only these get an upper bound in the statistics. */
  nanFree?: ReadonlySet<string>
}

export interface DeltaTablesOptions {
  files: FileStore
  codec: Pick<ParquetCodec, 'inspect' | 'decode' | 'encode'>
  clock: Clock
  /** A new UUID at every call. */
  newId?: () => string
}

/**
 * Delta tables in a file store. A table's path is its folder, `gold/fact_sales`.
 * A reader sees a version as soon as its log entry exists, and never a part of one; files that no entry names are
 * harmless.
 */
export class DeltaTables {
  readonly #files: FileStore
  readonly #codec: DeltaTablesOptions['codec']
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #reader: LogReader
  readonly #writer: LogWriter

  constructor({ files, codec, clock, newId = () => crypto.randomUUID() }: DeltaTablesOptions) {
    this.#files = files
    this.#codec = codec
    this.#clock = clock
    this.#newId = newId
    this.#reader = new LogReader(files, codec)
    this.#writer = new LogWriter({ files, codec, clock, reader: this.#reader })
  }

  /** The table as of `version`; see `LogReader.snapshot`. */
  readSnapshot(path: string, version?: number): Promise<Snapshot | null> {
    return this.#reader.snapshot(path, version)
  }

  /**
   * What happened to the table, newest first, as far as its log still has the entries; empty when there is no table. Works for
   * tables that cannot be read, too.
   */
  async history(path: string): Promise<TableVersion[]> {
    const { commits } = await this.#reader.list(path)
    return summarize(await this.#reader.commits(path, commits))
      .reverse()
      .map(({ timestamp, ...summary }) => ({ ...summary, timestamp: new Date(timestamp).toISOString() }))
  }

  /** The log's entries after `version`, oldest first. */
  async commitsSince(path: string, version: number): Promise<Commit[]> {
    const { commits } = await this.#reader.list(path)
    return this.#reader.commits(
      path,
      commits.filter((candidate) => candidate > version),
    )
  }

  /** What the log says of the table's files now, removed ones among them, as far as it still does; null when there is no table. */
  async logState(path: string): Promise<LogState | null> {
    const log = await this.#reader.read(path)
    if (log === null) return null
    const steps = log.checkpoint === null ? log.commits : [log.checkpoint, ...log.commits]
    return reconcile(
      path,
      steps.map(({ actions }) => actions),
    )
  }

  /** The bytes of a file that a snapshot names. Rejects with `storage.missing` when it is gone. */
  openPart(path: string, file: Pick<AddFile, 'path'>): Promise<Blob> {
    return this.#files.open(`${path}/${dataFilePath(file.path)}`)
  }

  /** Removes a data file that no version names. */
  removePart(path: string, file: Pick<AddFile, 'path'>): Promise<void> {
    return this.#files.remove(`${path}/${dataFilePath(file.path)}`)
  }

  /**
   * Stores a Parquet file and returns the action that adds it to the table. The table changes only with `commit`.
   * Size, rows and statistics come from the stored file, read back, not from what was meant to be written.
   * Throws `storage.torn_write`, `storage.row_count` or `storage.columns` when they differ.
   */
  async writePart(path: string, part: Part, bytes: Uint8Array): Promise<AddFile> {
    const name = dataFileName(part.partitionValues, part.index, this.#newId())
    const storedName = `${path}/${name}`
    await this.#files.write(storedName, bytes)
    const stored = await this.#files.open(storedName)
    if (stored.size !== bytes.byteLength) throw unexpectedSize(storedName, bytes.byteLength, stored.size)
    const info = await this.#codec.inspect(stored, storedName)
    const rows = info.rowGroups.reduce((sum, group) => sum + group.rows, 0)
    if (rows !== part.expectedRows || info.rows !== rows) throw unexpectedRows(storedName, part.expectedRows, info.rows)
    const partitionColumns = new Set(part.partitionValues.map(({ column }) => column))
    const dataColumns = part.columns.filter(({ name: column }) => !partitionColumns.has(column))
    checkColumns(storedName, dataColumns, info.columns)
    return {
      path: addPath(name),
      partitionValues: Object.fromEntries(part.partitionValues.map(({ column, value }) => [column, value])),
      size: stored.size,
      modificationTime: this.#clock.now(),
      dataChange: true,
      stats: fileStatistics(dataColumns, info.rowGroups, part.nanFree ?? new Set()),
    }
  }

  /**
   * Appends one version to the table's log and returns its number. `readVersion` is the version that the actions were
   * planned from (null: no table). Throws `delta.conflict`, having changed nothing, when the table is no longer there.
   */
  commit(path: string, entry: LogEntry): Promise<number> {
    return this.#writer.commit(path, entry)
  }

  /** Why the checkpoint that was due last could not be written, by the table's path; the next commit tries again. */
  get checkpointFailures(): ReadonlyMap<string, ErrorData> {
    return this.#writer.checkpointFailures
  }
}

function checkColumns(file: string, expected: readonly DeltaColumn[], actual: readonly ParquetColumn[]): void {
  const stored = new Map(actual.map(({ name, type }) => [name, type]))
  const problems = expected.flatMap(({ name, type }) => {
    const storedType = stored.get(name)
    if (storedType === undefined) return [`${name} is missing`]
    return storedAs(type, storedType) ? [] : [`${name} is ${storedType}, not ${type}`]
  })
  const names = new Set(expected.map(({ name }) => name))
  const extra = actual.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} is not one of them`)
  if (problems.length + extra.length > 0) throw unexpectedColumns(file, [...problems, ...extra])
}

/** Whether a Parquet column is what readers of the table's schema expect; nested types are not compared. */
function storedAs(type: string, storedType: string): boolean {
  // Delta's `timestamp` is an instant: the protocol wants its Parquet column adjusted to UTC.
  if (type.startsWith('TIMESTAMP')) return storedType === 'TIMESTAMP WITH TIME ZONE'
  return /^(STRUCT|MAP)|\]$/.test(type) || storedType === type
}
