import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { EngineEvent } from '@/rpc/contract'
import { patchSlice, type SliceContext } from './state'

export type ExportFormat = 'delta' | 'parquet' | 'csv'

export type ExportProgress = Omit<Extract<EngineEvent, { type: 'export.progress' }>, 'type'>

export interface ExportReceipt {
  fileName: string
  format: ExportFormat
  tables: string[]
  /** Files inside the zip; null when the engine gave no count. */
  files: number | null
  rows: number
  /** Of the zip. */
  bytes: number
  durationMs: number
  blob: Blob
  /** SHA-256 of the zip in hexadecimal; null while it is computed and when the zip is too large for it. */
  sha256: string | null
}

/** The browser digests a file only as a whole in memory. */
const MOST_DIGESTED_BYTES = 512 * 1024 * 1024

export type ExportActivity =
  | { status: 'idle' }
  | { status: 'running'; startedAt: number; progress: ExportProgress | null }
  | { status: 'done'; receipt: ExportReceipt }
  | { status: 'failed'; error: ErrorData }
  | { status: 'canceled' }

export interface ExportState {
  format: ExportFormat
  /** Tables that are left out; all others go. */
  excluded: string[]
  activity: ExportActivity
}

export const initialExport: ExportState = { format: 'delta', excluded: [], activity: { status: 'idle' } }

export interface ExportActions {
  setFormat(format: ExportFormat): void
  setExcluded(tables: string[]): void
  /** Writes the tables into one zip, which the receipt then holds. Never rejects. */
  startExport(tables: { name: string; rows: number }[]): Promise<void>
  cancelExport(): void
}

export function createExportActions({ api, environment, store }: SliceContext): ExportActions {
  let controller: AbortController | null = null

  async function addChecksum(receipt: ExportReceipt) {
    if (receipt.bytes > MOST_DIGESTED_BYTES) return
    // Without memory for the whole zip there is no checksum; the zip itself is there.
    const sha256 = await environment.sha256(receipt.blob).catch(() => null)
    const { activity } = store.getState().export
    if (activity.status !== 'done' || activity.receipt !== receipt) return
    patchSlice(store, 'export', { activity: { status: 'done', receipt: { ...receipt, sha256 } } })
  }

  return {
    setFormat: (format) => patchSlice(store, 'export', { format }),
    setExcluded: (excluded) => patchSlice(store, 'export', { excluded }),
    async startExport(chosen) {
      const own = new AbortController()
      controller?.abort()
      controller = own
      const startedAt = environment.now()
      const { format } = store.getState().export
      const tables = chosen.map(({ name }) => name)
      patchSlice(store, 'export', { activity: { status: 'running', startedAt, progress: null } })
      try {
        const blob = await api.exportGold({ tables, format }, { signal: own.signal })
        if (controller !== own) return
        const { activity } = store.getState().export
        const receipt: ExportReceipt = {
          fileName: `gold-${format}.zip`,
          format,
          tables,
          files: activity.status === 'running' ? (activity.progress?.totalFiles ?? null) : null,
          rows: chosen.reduce((sum, { rows }) => sum + rows, 0),
          bytes: blob.size,
          durationMs: environment.now() - startedAt,
          blob,
          sha256: null,
        }
        patchSlice(store, 'export', { activity: { status: 'done', receipt } })
        void addChecksum(receipt)
      } catch (thrown) {
        if (controller !== own) return
        const error = toErrorData(thrown)
        const canceled = error.code === 'canceled'
        patchSlice(store, 'export', { activity: canceled ? { status: 'canceled' } : { status: 'failed', error } })
      } finally {
        if (controller === own) controller = null
      }
    },
    cancelExport() {
      controller?.abort()
    },
  }
}
