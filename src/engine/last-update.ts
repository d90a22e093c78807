import type { UpdateReport } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { FileStore } from './ports'

export const UPDATES_FOLDER = 'updates'
const LAST_UPDATE = `${UPDATES_FOLDER}/last.json`

/** The report of the last update that was kept, or null. */
export async function readLastUpdate(files: FileStore): Promise<UpdateReport | null> {
  try {
    return JSON.parse(await (await files.open(LAST_UPDATE)).text()) as UpdateReport
  } catch (error) {
    // A first visit has none, and a damaged one is worth less than the tables that it was about.
    if (toErrorData(error).code === 'storage.missing' || error instanceof SyntaxError) return null
    throw error
  }
}

/** Keeps a report for the next visit, when there is room for it. */
export async function writeLastUpdate(files: FileStore, report: UpdateReport): Promise<void> {
  try {
    await files.write(LAST_UPDATE, new TextEncoder().encode(JSON.stringify(report)))
  } catch (error) {
    // The tables that it is about are committed; that must not look like a failure because a note of it did not fit.
    if (!toErrorData(error).code.startsWith('storage.')) throw error
  }
}
