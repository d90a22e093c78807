import { GoldsmithError } from '@/domain/errors'

/** What a browser's file error means for whoever asked for `path`. */
export function storageError(error: unknown, path: string): GoldsmithError {
  if (error instanceof GoldsmithError) return error
  const name = error instanceof Error ? error.name : 'Error'
  const detail = error instanceof Error ? error.message : String(error)
  if (name === 'NotFoundError') {
    return new GoldsmithError({
      code: 'storage.missing',
      message: `“${path}” is not in this browser’s storage.`,
      remedy: 'Run the pipeline again to rebuild it.',
      file: path,
    })
  }
  if (name === 'QuotaExceededError') {
    return new GoldsmithError({
      code: 'storage.quota',
      message: `This browser gives no more storage: “${path}” could not be written.`,
      remedy: 'Export what you need and reset, free space on this disk, or use a window that is not private.',
      file: path,
    })
  }
  if (name === 'NoModificationAllowedError') {
    return new GoldsmithError({
      code: 'storage.locked',
      message: `“${path}” is in use by another tab.`,
      remedy: 'Close the other tabs that show this page, then try again.',
      file: path,
    })
  }
  return new GoldsmithError({
    code: 'storage.failed',
    message: `This browser’s storage failed at “${path}”: ${name}: ${detail}`,
    remedy: 'Reload the page and try again; what was stored before is unchanged.',
    file: path,
  })
}
