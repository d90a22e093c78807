import type { ErrorData } from '@/domain/automation'
import type { Action } from '@/domain/delta/actions'
import {
  checkpointActions,
  formatLastCheckpoint,
  isCheckpointDue,
  lastDue,
  parseLastCheckpoint,
} from '@/domain/delta/checkpoint'
import { formatCommit } from '@/domain/delta/commit-file'
import type { LogListing } from '@/domain/delta/log-listing'
import { checkpointFileName, commitFileName, lastCheckpointName } from '@/domain/delta/log-names'
import { reconcile } from '@/domain/delta/log-state'
import { toErrorData } from '@/domain/errors'
import type { Clock, FileStore, ParquetCodec } from '@/engine/ports'
import { encodeCheckpoint } from './checkpoint-file'
import { conflict, unexpectedRows, unexpectedSize } from './delta-errors'
import { type LogReader, logPath } from './log-reader'

/** What is appended to a log. `readVersion` is the version that the actions were planned from (null: no table). */
export interface LogEntry {
  readVersion: number | null
  actions: readonly Action[]
  /** How many commits lie between checkpoints; without it there are none. */
  checkpointInterval?: number | null
}

export interface LogWriterOptions {
  files: FileStore
  codec: Pick<ParquetCodec, 'inspect' | 'encode'>
  clock: Clock
  reader: LogReader
}

/** Appends to the logs of Delta tables, and keeps them short to read by checkpoints. */
export class LogWriter {
  /**
   * Why the checkpoint that was due last could not be written, by the table's path. A commit does not fail for want of one:
   * its version exists. The next commit tries again.
   */
  readonly checkpointFailures = new Map<string, ErrorData>()
  readonly #files: FileStore
  readonly #codec: Pick<ParquetCodec, 'inspect' | 'encode'>
  readonly #clock: Clock
  readonly #reader: LogReader

  constructor({ files, codec, clock, reader }: LogWriterOptions) {
    this.#files = files
    this.#codec = codec
    this.#clock = clock
    this.#reader = reader
  }

  /**
   * Appends one version and returns its number. Throws `delta.conflict`, having changed nothing, when the version that the
   * entry was planned from is no longer the last one.
   */
  async commit(path: string, entry: LogEntry): Promise<number> {
    const listing = await this.#reader.list(path)
    if (listing.latest !== entry.readVersion) throw conflict(path, entry.readVersion, listing.latest)
    const version = listing.latest === null ? 0 : listing.latest + 1
    const bytes = new TextEncoder().encode(formatCommit(entry.actions))
    // The log entry is what makes the version exist, so it comes last: every file it names has been written, flushed and
    // read back by now. Created exclusively, it also decides between two writers that started from the same version.
    const created = await this.#files.createExclusive(logPath(path, commitFileName(version)), bytes)
    if (!created) throw conflict(path, entry.readVersion, version)
    await this.#checkpointIfDue(path, listing, version, entry.checkpointInterval ?? null)
    return version
  }

  async #checkpointIfDue(path: string, listing: LogListing, version: number, interval: number | null): Promise<void> {
    if (lastDue(version, interval) === null) return
    try {
      if (!isCheckpointDue(listing, await this.#pointedTo(path), version, interval)) return
      await this.#checkpoint(path, version)
      this.checkpointFailures.delete(path)
    } catch (error) {
      this.checkpointFailures.set(path, toErrorData(error))
    }
  }

  async #pointedTo(path: string): Promise<number | null> {
    try {
      return parseLastCheckpoint(await (await this.#files.open(logPath(path, lastCheckpointName))).text())
    } catch (error) {
      if (toErrorData(error).code === 'storage.missing') return null
      throw error
    }
  }

  async #checkpoint(path: string, version: number): Promise<void> {
    const log = await this.#reader.read(path, version)
    const steps = log === null ? [] : [...(log.checkpoint === null ? [] : [log.checkpoint]), ...log.commits]
    const state = reconcile(
      path,
      steps.map(({ actions }) => actions),
    )
    const actions = checkpointActions(state, this.#clock.now())
    const bytes = await encodeCheckpoint(this.#codec, actions)
    const file = logPath(path, checkpointFileName(version))
    await this.#files.write(file, bytes)
    await this.#checkStored(file, bytes.byteLength, actions.length)
    // It may only point to what is there, so it comes after the checkpoint.
    const pointer = new TextEncoder().encode(formatLastCheckpoint(version, actions, bytes.byteLength))
    await this.#files.write(logPath(path, lastCheckpointName), pointer)
  }

  /** A checkpoint that is not whole must not stay: readers would take it for the table. */
  async #checkStored(file: string, size: number, rows: number): Promise<void> {
    try {
      const stored = await this.#files.open(file)
      if (stored.size !== size) throw unexpectedSize(file, size, stored.size)
      const info = await this.#codec.inspect(stored, file)
      if (info.rows !== rows) throw unexpectedRows(file, rows, info.rows)
    } catch (error) {
      await this.#files.remove(file)
      throw error
    }
  }
}
