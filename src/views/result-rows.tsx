import { useCallback, useMemo } from 'react'
import { DataGrid } from '@/components/data-grid/data-grid'
import type { Arrangement } from '@/domain/result/arrangement'
import type { ResultInfo } from '@/store/contract'
import { useActions } from './store-context'
import type { Arranged } from './use-arranged'

interface ArrangedRowsProps {
  label: string
  arranged: Arranged
  /** A column to show before the others, if the result has it. */
  first?: string
  /** Names of columns, lower case, whose values are not shown. Must be the same set as long as it holds the same. */
  masked?: ReadonlySet<string>
}

const nothing: ReadonlySet<string> = new Set()

/** Rows of a result that the engine holds, to be sorted, filtered and looked at column by column. */
export function ArrangedRows({ label, arranged, first, masked = nothing }: ArrangedRowsProps) {
  const { fetchRows, profileColumn } = useActions()
  const { arrangement, result, rows, busy, error, onArrange } = arranged
  const { columns } = result
  const order = useMemo(() => orderWithFirst(columns, first), [columns, first])
  const shown = useMemo(
    () => pick(columns, order).map((column) => ({ ...column, masked: masked.has(column.name.toLowerCase()) })),
    [columns, order, masked],
  )
  const { id } = rows
  const fetch = useCallback(
    async (offset: number, limit: number) => {
      const hidden = shown.map((column) => column.masked)
      return (await fetchRows(id, offset, limit)).map((row) =>
        pick(row, order).map((value, place) => (hidden[place] ? undefined : value)),
      )
    },
    [fetchRows, id, order, shown],
  )
  const profile = useCallback(
    (place: number, signal: AbortSignal) => profileColumn(id, order?.[place] ?? place, signal),
    [profileColumn, id, order],
  )
  return (
    <DataGrid
      label={label}
      columns={shown}
      rowCount={rows.rows}
      fetchRows={fetch}
      arranging={{
        arrangement: moved(arrangement, (column) => (order === null ? column : order.indexOf(column))),
        allRows: result.rows,
        busy,
        error,
        onArrange: (next) => onArrange(moved(next, (place) => order?.[place] ?? place)),
        profile,
      }}
    />
  )
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

/** The arrangement with its columns at other places. */
function moved({ order, filters }: Arrangement, placeOf: (column: number) => number): Arrangement {
  return {
    order: order && { ...order, column: placeOf(order.column) },
    filters: filters.map((filter) => ({ ...filter, column: placeOf(filter.column) })),
  }
}
