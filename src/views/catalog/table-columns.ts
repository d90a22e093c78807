import { useEffect, useMemo } from 'react'
import type { TableInfo } from '@/domain/automation'
import type { DatasetView, ResultInfo } from '@/store/contract'
import { type Loadable, loading } from '@/store/loadable'
import { useActions, useGoldsmith } from '@/views/store-context'

export type TableColumn = TableInfo['columns'][number]

/**
 * A table's columns. Those of a view are only known to the engine once something has read it: until then an empty result is
 * asked for them.
 */
export function useColumns(table: TableInfo, dataset: DatasetView | undefined): Loadable<TableColumn[]> {
  const { loadViewColumns } = useActions()
  const read = useGoldsmith((state) => state.catalog.viewColumns[table.name])
  const unknown = table.kind === 'view' && table.columns.length === 0
  useEffect(() => {
    if (unknown && read === undefined) void loadViewColumns(table.name)
  }, [unknown, read, table.name, loadViewColumns])
  return useMemo(() => {
    if (!unknown) return { status: 'ready', value: table.columns }
    if (read === undefined || read.status === 'loading') return loading
    if (read.status === 'error') return read
    return { status: 'ready', value: read.value.map((column) => described(column, table, dataset)) }
  }, [unknown, read, table, dataset])
}

function described(
  { name, type }: ResultInfo['columns'][number],
  table: TableInfo,
  dataset: DatasetView | undefined,
): TableColumn {
  const declared = dataset?.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  const pii = listOf(table.properties.pii_columns).some((column) => column.toLowerCase() === name.toLowerCase())
  return { name, type, nullable: true, comment: declared?.comment ?? null, pii }
}

/** The names in a property such as `pipeline.key`. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
