import { throwIfCanceled } from '@/domain/errors'
import type { EngineApi, QueryRequest, QueryRows } from '@/rpc/contract'

const windowSize = 10_000

/** Runs a query and reads its whole result, window by window; the result is closed whatever happens. */
export async function readAll(api: EngineApi, request: QueryRequest, signal?: AbortSignal): Promise<QueryRows> {
  const result = await api.query(request, signal ? { signal } : {})
  try {
    const rows: unknown[][] = []
    while (rows.length < result.rows) {
      throwIfCanceled(signal)
      const part = await api.fetchRows({ id: result.id, offset: rows.length, limit: windowSize })
      // A result shorter than announced would otherwise be asked for forever.
      if (part.length === 0) break
      for (const row of part) rows.push(row)
    }
    return { columns: result.columns, rows }
  } finally {
    await api.closeResult({ id: result.id })
  }
}
