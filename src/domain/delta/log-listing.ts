import { commitVersion, parseCheckpointName } from './log-names'

/** A checkpoint that is there whole. */
export interface CheckpointFiles {
  version: number
  /** Names inside `_delta_log`; more than one when the checkpoint was written in parts. */
  files: string[]
}

/**
 * What lies in a `_delta_log`. The names decide what can be read; `_last_checkpoint` is not consulted, for all that it
 * could save is this listing, which also shows gaps, and it may be missing, damaged or behind.
 */
export interface LogListing {
  /** Versions that have a log entry, ascending. */
  commits: number[]
  /** Newest first; at the same version the one with fewer files first. */
  checkpoints: CheckpointFiles[]
  /** Checkpoints in parts of which some are missing. */
  incomplete: { version: number; parts: number; missing: number }[]
  /** Versions with a checkpoint of the V2 kind, which Goldsmith does not read. */
  v2: number[]
  /** The table's last version; null when there is no table. */
  latest: number | null
}

/** One way to a version: a checkpoint, and the entries to replay on top of it. */
export interface LogRange {
  /** Null: from the first entry on. */
  checkpoint: CheckpointFiles | null
  /** Ascending, without gaps. */
  commits: number[]
}

export function listLog(names: readonly string[]): LogListing {
  const commits = names.flatMap((name) => commitVersion(name) ?? []).sort(ascending)
  const checkpoints: CheckpointFiles[] = []
  const v2: number[] = []
  const inParts = new Map<string, { version: number; parts: number; files: Map<number, string> }>()
  for (const file of names) {
    const name = parseCheckpointName(file)
    if (name?.kind === 'classic') checkpoints.push({ version: name.version, files: [file] })
    else if (name?.kind === 'v2') v2.push(name.version)
    else if (name?.kind === 'part' && name.part >= 1 && name.part <= name.parts) {
      // Two writers may have cut the same version into different numbers of parts.
      const key = `${name.version}/${name.parts}`
      const set = inParts.get(key) ?? { version: name.version, parts: name.parts, files: new Map() }
      inParts.set(key, set)
      set.files.set(name.part, file)
    }
  }
  const incomplete: LogListing['incomplete'] = []
  for (const { version, parts, files } of inParts.values()) {
    if (files.size < parts) incomplete.push({ version, parts, missing: parts - files.size })
    else checkpoints.push({ version, files: [...files].sort(([a], [b]) => a - b).map(([, file]) => file) })
  }
  checkpoints.sort((a, b) => b.version - a.version || a.files.length - b.files.length)
  const latest = Math.max(commits.at(-1) ?? -1, lastCheckpointed({ checkpoints, incomplete, v2 }))
  return { commits, checkpoints, incomplete, v2, latest: latest < 0 ? null : latest }
}

/**
 * The ways to read the table as of `version`, the one that reads least first. The others are for when a checkpoint turns
 * out to be damaged. Empty when the version cannot be read from what is there.
 */
export function waysToRead(listing: LogListing, version: number): LogRange[] {
  if (version < 0) return []
  const present = new Set(listing.commits)
  let oldest = version + 1
  while (oldest > 0 && present.has(oldest - 1)) oldest -= 1
  const ways: LogRange[] = listing.checkpoints
    .filter((checkpoint) => checkpoint.version <= version && checkpoint.version + 1 >= oldest)
    .map((checkpoint) => {
      // No checkpoint holds what its own version's entry notes about the commit (time, operation, userMetadata).
      const first = checkpoint.version === version && present.has(version) ? version : checkpoint.version + 1
      return { checkpoint, commits: range(first, version) }
    })
  return oldest === 0 ? [...ways, { checkpoint: null, commits: range(0, version) }] : ways
}

/** The first version whose log entry is missing although no checkpoint stands for it, or null. */
export function missingCommit(listing: LogListing): number | null {
  if (listing.latest === null) return null
  const present = new Set(listing.commits)
  return range(lastCheckpointed(listing) + 1, listing.latest).find((version) => !present.has(version)) ?? null
}

function lastCheckpointed({ checkpoints, incomplete, v2 }: Omit<LogListing, 'commits' | 'latest'>): number {
  const versions = [...checkpoints, ...incomplete].map(({ version }) => version)
  return [...versions, ...v2].reduce((a, b) => Math.max(a, b), -1)
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

function ascending(a: number, b: number): number {
  return a - b
}
