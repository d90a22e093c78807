import { decimalToString } from '@/domain/format/decimal'
import type { ResultColumn } from '@/rpc/contract'
import type { ColumnTable } from './column-table'
import { type ChartTile, groupDimensions, type RowsTile, type Source } from './definition'
import type { DashboardFilter } from './filter'
import { columnOf, dimensionNames, matchingRows, type TileRow } from './tile-model'

/** Rows as a grid, or a file, takes them: DECIMAL as text with its scale. */
export interface TileTable {
  columns: ResultColumn[]
  rows: unknown[][]
}

/** What a chart is drawn from: a column a dimension, its names where it has some, and a column a measure. */
export function chartTable(tile: ChartTile, source: Source, table: ColumnTable, rows: TileRow[]): TileTable {
  const keys = groupDimensions(tile.mark).map((dimension, place) => ({
    columns: table.columns.filter(({ name }) => name === columnOf(source, dimension)),
    place,
    nameColumn: source.names?.[dimension],
    names: dimensionNames(table, source, dimension),
  }))
  return {
    columns: [
      ...keys.flatMap(({ columns, nameColumn }) => [
        ...columns,
        ...(nameColumn === undefined ? [] : [{ name: nameColumn, type: 'VARCHAR' }]),
      ]),
      ...tile.measures.map(({ name, format }) => ({ name, type: format === 'count' ? 'BIGINT' : 'DECIMAL' })),
    ],
    rows: rows.map((row) => [
      ...keys.flatMap(({ place, nameColumn, names }) => {
        const key = row.keys[place] ?? null
        return nameColumn === undefined ? [key] : [key, key === null ? null : (names.get(key) ?? null)]
      }),
      ...row.values.map((value) => (value === null ? null : decimalToString(value))),
    ]),
  }
}

/** The source's own rows under a filter. */
export function rowsTable(tile: RowsTile, source: Source, table: ColumnTable, filter: DashboardFilter): TileTable {
  const places = tile.columns.flatMap((name) => {
    const place = table.columns.findIndex((column) => column.name === name)
    return place < 0 ? [] : [place]
  })
  return {
    columns: places.flatMap((place) => table.columns.slice(place, place + 1)),
    rows: matchingRows(source, table, filter).map((row) => places.map((place) => table.rows[row]?.[place] ?? null)),
  }
}
