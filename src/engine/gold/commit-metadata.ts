import type { ReadState } from '@/domain/update/plan'

/**
 * What Goldsmith notes in a commit's `userMetadata` (a text field of Delta's commitInfo that is free for the writer's use):
 * from what the version was built, and what its expectations found.
 */
export interface CommitMetadata {
  updateId: string
  /** Digest of the definition that built the version. */
  definition: string
  /** Fingerprint of each input, by name, as it was read. */
  inputs: Record<string, string>
  /** State of everything that was read, itself or through views. */
  read?: Record<string, ReadState>
  /** What last changed the rows beside the inputs: a statement that deleted some, or the update of a streaming table. */
  edited?: string
  expectations: { name: string; action: 'warn' | 'drop' | 'fail'; passed: number; failed: number }[]
  rowsDropped: number
  durationMs: number
}

export function formatCommitMetadata(metadata: CommitMetadata): string {
  return JSON.stringify({ goldsmith: metadata })
}

/** Null when another writer made the commit, or an older Goldsmith: then the table counts as changed. */
export function parseCommitMetadata(text: string | null): CommitMetadata | null {
  if (text === null) return null
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || !('goldsmith' in parsed)) return null
    const { goldsmith } = parsed
    return isCommitMetadata(goldsmith) ? goldsmith : null
  } catch {
    return null
  }
}

function isCommitMetadata(value: unknown): value is CommitMetadata {
  return (
    typeof value === 'object' &&
    value !== null &&
    'updateId' in value &&
    typeof value.updateId === 'string' &&
    'definition' in value &&
    typeof value.definition === 'string' &&
    'inputs' in value &&
    typeof value.inputs === 'object' &&
    'expectations' in value &&
    Array.isArray(value.expectations) &&
    'rowsDropped' in value &&
    typeof value.rowsDropped === 'number'
  )
}
