import { Loader } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { DataGrid } from '@/components/data-grid/data-grid'
import { ErrorNotice } from '@/components/error-notice'
import type { ResultInfo } from '@/store/contract'
import { type Loadable, loading, settle, valueOr } from '@/store/loadable'
import { Reading } from './reading'
import { useActions, useGoldsmith } from './store-context'
import { useVersions } from './use-versions'

/** All rows of a stored table, read in windows; opened again when it changes. */
export function TableRows({ table }: { table: string }) {
  const { openTable } = useActions()
  const open = useCallback((signal: AbortSignal) => openTable(table, signal), [table, openTable])
  return <OpenedRows tables={[table]} label={`Rows of ${table}`} open={open} />
}

interface OpenedRowsProps {
  /** The tables that are read. */
  tables: string[]
  label: string
  /** Must be the same function as long as the rows are the same. */
  open: (signal: AbortSignal) => Promise<ResultInfo>
  /** What stands in place of a grid without rows. */
  empty?: ReactNode
}

/** Rows that are opened to be read in windows, and closed when they are not shown any more; opened again when the tables change. */
export function OpenedRows({ tables, label, open, empty }: OpenedRowsProps) {
  const { closeResult } = useActions()
  const versions = useVersions(...tables)
  const [result, setResult] = useState<Loadable<ResultInfo>>(loading)

  // biome-ignore lint/correctness/useExhaustiveDependencies: other versions have other rows
  useEffect(() => {
    const controller = new AbortController()
    setResult(loading)
    const opening = settle(open(controller.signal))
    void opening.then((opened) => {
      if (!controller.signal.aborted) setResult(opened)
    })
    return () => {
      controller.abort()
      void opening.then((opened) => {
        if (opened.status === 'ready') closeResult(opened.value.id)
      })
    }
  }, [versions, open, closeResult])

  if (result.status === 'loading') {
    return (
      <div style={{ display: 'grid', placeContent: 'center', justifyItems: 'center', gap: 10, minHeight: 160 }}>
        <Loader size="sm" aria-label={`Opening ${tables.join(', ')}`} />
        <Opening tables={tables} />
      </div>
    )
  }
  if (result.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={result.error} subject={tables.join(', ')} />
      </div>
    )
  }
  if (result.value.rows === 0 && empty !== undefined) return empty
  return <ResultRows label={label} result={result.value} first={reasonColumn} />
}

/** Why a row is in a quarantine: of its many columns the one to read first. */
const reasonColumn = '_failed_expectations'

function Opening({ tables: names }: { tables: string[] }) {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const opened = valueOr(tables, []).filter(({ name }) => names.includes(name))
  return (
    <output className="muted num">
      <Reading tables={opened} />
    </output>
  )
}

interface ResultRowsProps {
  label: string
  result: ResultInfo
  /** A column to show before the others, if the result has it. */
  first?: string
}

/** Rows of a result that the engine holds. */
export function ResultRows({ label, result, first }: ResultRowsProps) {
  const { fetchRows } = useActions()
  const { id, columns } = result
  const order = useMemo(() => orderWithFirst(columns, first), [columns, first])
  const shown = useMemo(() => pick(columns, order), [columns, order])
  const fetch = useCallback(
    async (offset: number, limit: number) => (await fetchRows(id, offset, limit)).map((row) => pick(row, order)),
    [fetchRows, id, order],
  )
  return <DataGrid label={label} columns={shown} rowCount={result.rows} fetchRows={fetch} />
}

/** Places of the columns in the order in which they are shown; null for the order that they have. */
function orderWithFirst(columns: ResultInfo['columns'], first: string | undefined): number[] | null {
  const at = columns.findIndex(({ name }) => name === first)
  if (at <= 0) return null
  return [at, ...columns.keys()].filter((index, place) => place === 0 || index !== at)
}

function pick<T>(values: T[], order: number[] | null): T[] {
  return order === null ? values : order.flatMap((index) => values.slice(index, index + 1))
}
