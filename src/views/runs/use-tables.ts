import { useMemo } from 'react'
import type { TableInfo } from '@/domain/automation'
import type { DatasetView } from '@/store/contract'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'

const none: never[] = []

/** Everything that is stored, private tables of the pipeline included. */
export function useStoredTables(): TableInfo[] {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const privateTables = useGoldsmith((state) => state.catalog.privateTables)
  return useMemo(() => [...valueOr(tables, none), ...privateTables], [tables, privateTables])
}

export function useDatasets(): DatasetView[] {
  const project = useGoldsmith((state) => state.project.project)
  return useMemo(() => valueOr(project, null)?.datasets ?? none, [project])
}

/** Where a table is described: in the catalog, or in the pipeline what the catalog does not list. */
export function useTableHref(): (table: string) => string {
  const tables = useGoldsmith((state) => state.catalog.tables)
  return useMemo(() => {
    const listed = new Set(valueOr(tables, none).map(({ name }) => name))
    return (table) =>
      hrefOf(listed.has(table) ? { view: 'catalog', table, tab: 'quality' } : { view: 'pipeline', dataset: table })
  }, [tables])
}
