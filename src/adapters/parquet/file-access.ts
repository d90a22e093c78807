import { GoldsmithError } from '@/domain/errors'

/**
 * The error for a file that the platform could not read, or null for any other error.
 * A File names bytes on the user's disk: it may vanish or change at any time after it was dropped.
 */
export function fileAccessError(error: unknown, name: string): GoldsmithError | null {
  const kind = error instanceof DOMException ? error.name : null
  if (kind === 'NotFoundError') {
    return new GoldsmithError({
      code: 'file.missing',
      message: `${name} is no longer where it was when it was dropped.`,
      remedy: 'Put the file back and drop it again.',
      file: name,
    })
  }
  // Browsers do not tell a file that was written to from one that they may no longer open.
  if (kind !== null) {
    return new GoldsmithError({
      code: 'file.changed',
      message: `${name} changed, or could not be read any more, while it was being read.`,
      remedy: 'Wait until whatever writes the file is done, then drop it again.',
      file: name,
    })
  }
  return null
}
