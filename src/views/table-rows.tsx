import { Loader } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { DataGrid } from '@/components/data-grid/data-grid'
import { ErrorNotice } from '@/components/error-notice'
import type { ResultInfo } from '@/store/contract'
import { type Loadable, loading, settle } from '@/store/loadable'
import { useActions, useGoldsmith } from './store-context'

/** All rows of a stored table, read in windows; opened again when the catalog changes. */
export function TableRows({ table }: { table: string }) {
  const { openTable, closeResult } = useActions()
  const revision = useGoldsmith((state) => state.catalog.revision)
  const [result, setResult] = useState<Loadable<ResultInfo>>(loading)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog means other rows
  useEffect(() => {
    const controller = new AbortController()
    setResult(loading)
    const opening = settle(openTable(table, controller.signal))
    void opening.then((opened) => {
      if (!controller.signal.aborted) setResult(opened)
    })
    return () => {
      controller.abort()
      void opening.then((opened) => {
        if (opened.status === 'ready') closeResult(opened.value.id)
      })
    }
  }, [table, revision, openTable, closeResult])

  if (result.status === 'loading') {
    return (
      <div style={{ display: 'grid', placeItems: 'center', minHeight: 160 }}>
        <Loader size="sm" aria-label={`Opening ${table}`} />
      </div>
    )
  }
  if (result.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={result.error} subject={table} />
      </div>
    )
  }
  return <ResultRows label={`Rows of ${table}`} result={result.value} />
}

/** Rows of a result that the engine holds. */
export function ResultRows({ label, result }: { label: string; result: ResultInfo }) {
  const { fetchRows } = useActions()
  const { id } = result
  const fetch = useCallback((offset: number, limit: number) => fetchRows(id, offset, limit), [fetchRows, id])
  return <DataGrid label={label} columns={result.columns} rowCount={result.rows} fetchRows={fetch} />
}
