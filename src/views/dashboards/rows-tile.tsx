import { useCallback } from 'react'
import { toErrorData } from '@/domain/errors'
import type { ColumnTable } from '@/store/dashboards/column-table'
import type { RowsTile, Source } from '@/store/dashboards/definition'
import type { DashboardFilter } from '@/store/dashboards/filter'
import { tileSql } from '@/store/dashboards/tile-sql'
import { rowsTable } from '@/store/dashboards/tile-table'
import { useActions } from '@/views/store-context'
import { TileFrame } from './tile-frame'

interface RowsTileViewProps {
  tile: RowsTile
  source: Source
  table: ColumnTable
  /** The source's query with its business date. */
  query: string
  filter: DashboardFilter
  fileName: string
}

/** A source's rows under the filter. */
export function RowsTileView({ tile, source, table, query, filter, fileName }: RowsTileViewProps) {
  const { reportError } = useActions()
  const readTable = useCallback(() => rowsTable(tile, source, table, filter), [tile, source, table, filter])
  return (
    <TileFrame
      title={tile.title}
      note={tile.note}
      wide={tile.wide ?? false}
      fileName={fileName}
      sql={tileSql(tile, source, query, filter)}
      table={readTable}
      png={null}
      onError={(reason) => reportError(null, toErrorData(reason))}
      height={340}
      chart={null}
    />
  )
}
