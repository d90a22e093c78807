import type { Action, Commit } from '@/domain/delta/actions'
import { parseCommit } from '@/domain/delta/commit-file'
import { checkReadable } from '@/domain/delta/features'
import { type LogListing, listLog, missingCommit, waysToRead } from '@/domain/delta/log-listing'
import { commitFileName, logFolder } from '@/domain/delta/log-names'
import { replay, type Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError } from '@/domain/errors'
import type { ParquetCodec, ReadableFiles } from '@/engine/ports'
import { decodeCheckpoint } from './checkpoint-file'
import { damagedCheckpoint, incompleteCheckpoint, logGap, unknownVersion, unsupportedCheckpoint } from './delta-errors'

/** What a version of a table follows from. */
export interface ReadLog {
  checkpoint: Commit | null
  /** Ascending, without gaps; from version 0 when there is no checkpoint. */
  commits: Commit[]
}

/** Reads the logs of Delta tables: from the newest checkpoint that is whole, or from the first entry. */
export class LogReader {
  readonly #files: ReadableFiles
  readonly #codec: Pick<ParquetCodec, 'inspect' | 'decode'>

  constructor(files: ReadableFiles, codec: Pick<ParquetCodec, 'inspect' | 'decode'>) {
    this.#files = files
    this.#codec = codec
  }

  /** What is in the table's log. Throws `delta.missing_commit` when an entry is missing that no checkpoint stands for. */
  async list(path: string): Promise<LogListing> {
    const listing = listLog(await this.#files.list(`${path}/${logFolder}`))
    const missing = missingCommit(listing)
    if (missing !== null) throw logGap(path, missing)
    return listing
  }

  /** The log up to `version` (default: the last one); null when there is no table. */
  async read(path: string, version?: number): Promise<ReadLog | null> {
    const listing = await this.list(path)
    if (listing.latest === null) return null
    const wanted = version ?? listing.latest
    const ways = waysToRead(listing, wanted)
    if (ways.length === 0) throw unreadable(path, listing, wanted)
    let damage: GoldsmithError | null = null
    for (const { checkpoint, commits } of ways) {
      try {
        const actions = checkpoint === null ? null : await this.#checkpoint(path, checkpoint.files)
        return {
          checkpoint: checkpoint === null || actions === null ? null : { version: checkpoint.version, actions },
          commits: await this.commits(path, commits),
        }
      } catch (error) {
        // Another way may not need the damaged file; when none is left, the first error is the one to mend.
        if (!(error instanceof GoldsmithError)) throw error
        damage ??= error
      }
    }
    throw damage ?? unreadable(path, listing, wanted)
  }

  /**
   * The table as of `version` (default: the last one), or null when there is no table.
   * Throws `delta.unsupported_feature`, `delta.invalid_log`, `delta.missing_commit`, `delta.damaged_checkpoint`,
   * `delta.unknown_version`.
   */
  async snapshot(path: string, version?: number): Promise<Snapshot | null> {
    const log = await this.read(path, version)
    if (log === null) return null
    const snapshot = replay(path, log.commits, log.checkpoint)
    checkReadable(path, snapshot.protocol, snapshot.metaData, snapshot.files)
    return snapshot
  }

  /** These entries of the log. */
  commits(path: string, versions: readonly number[]): Promise<Commit[]> {
    return Promise.all(
      versions.map(async (version): Promise<Commit> => {
        const file = logPath(path, commitFileName(version))
        return { version, actions: parseCommit(await (await this.#files.open(file)).text(), file) }
      }),
    )
  }

  async #checkpoint(path: string, names: readonly string[]): Promise<Action[]> {
    const actions: Action[] = []
    for (const name of names) {
      const file = logPath(path, name)
      try {
        actions.push(...(await decodeCheckpoint(this.#codec, await this.#files.open(file), file)))
      } catch (error) {
        throw isDamage(error) ? damagedCheckpoint(file, error.message) : error
      }
    }
    const has = (kind: string) => actions.some((action) => kind in action)
    if (has('protocol') && has('metaData')) return actions
    throw damagedCheckpoint(logPath(path, names[0] ?? ''), 'It does not say what the table is.')
  }
}

export function logPath(path: string, name: string): string {
  return `${path}/${logFolder}/${name}`
}

/** Whether an error is about what the file holds, and not about a feature or the storage. */
function isDamage(error: unknown): error is GoldsmithError {
  return error instanceof GoldsmithError && /^parquet\.|^delta\.invalid_log$|^storage\.missing$/.test(error.cause.code)
}

/** Why there is no way to a version. */
function unreadable(path: string, listing: LogListing, version: number): GoldsmithError {
  const { latest, incomplete, v2 } = listing
  const last = latest ?? 0
  const starts = waysToRead(listing, last).map(({ checkpoint }) => checkpoint?.version ?? 0)
  const oldest = starts.reduce((a, b) => Math.min(a, b), last)
  if (version < 0 || version > last) return unknownVersion(path, version, oldest, last)
  if (v2.some((candidate) => candidate <= version)) return unsupportedCheckpoint(path, version)
  const inParts = incomplete.find((candidate) => candidate.version <= version)
  if (inParts !== undefined) return incompleteCheckpoint(path, inParts)
  return unknownVersion(path, version, oldest, last)
}
