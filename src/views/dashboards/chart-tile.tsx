import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import type { PickedMark } from '@/components/chart/chart'
import { LazyChart } from '@/components/chart/lazy-chart'
import { paletteSize, paletteSlots } from '@/components/chart/palette'
import { useChartColors } from '@/components/chart/use-chart-colors'
import { toErrorData } from '@/domain/errors'
import type { ColumnTable } from '@/store/dashboards/column-table'
import {
  type ChartTile,
  comparedDimensions,
  type DimensionName,
  groupDimensions,
  isFilterName,
  type Measure,
  type Source,
} from '@/store/dashboards/definition'
import { type DashboardFilter, type FilterName, withPick } from '@/store/dashboards/filter'
import { dimensionKeys, dimensionNames, largestKeys, type TileRow, tileRows } from '@/store/dashboards/tile-model'
import { tileSql } from '@/store/dashboards/tile-sql'
import { chartTable } from '@/store/dashboards/tile-table'
import { useActions } from '@/views/store-context'
import classes from './dashboards.module.css'
import { exactText, keyName } from './naming'
import { TileFrame } from './tile-frame'
import { barLimit, drawTile } from './tile-option'
import { timesOf } from './time-marks'

interface ChartTileViewProps {
  tile: ChartTile
  source: Source
  table: ColumnTable
  /** What decides which groups have colours of their own. */
  ranking: Measure
  /** The source's query with its business date. */
  query: string
  /** Names that the dashboard can be filtered by. */
  filters: FilterName[]
  filter: DashboardFilter
  currency: string | null
  fileName: string
  /** px of the chart; by what it shows when it is not given. */
  height?: number
  onFilter: (filter: DashboardFilter) => void
}

const pictureWidth = 900

/** A chart over groups of a source's rows; choosing a mark filters the other tiles. */
export function ChartTileView(props: ChartTileViewProps) {
  const { tile, source, table, ranking, query, filter, currency, fileName, onFilter } = props
  const colors = useChartColors()
  const compact = useMediaQuery('(max-width: 600px)') ?? false
  const { reportError } = useActions()
  const rows = useMemo(() => tileRows(tile, source, table, filter), [tile, source, table, filter])
  const drawn = useMemo(() => {
    if (!colors) return null
    const coloring = coloringDimension(tile)
    const by = groupDimensions(tile.mark)
    const named = by.find((dimension) => source.names?.[dimension] !== undefined)
    return drawTile({
      tile,
      rows,
      filter,
      // Of all rows and by one measure: a group keeps its colour in every tile, whatever is filtered.
      palette: coloring ? paletteSlots(largestKeys(table, source, coloring, ranking, paletteSize)) : new Map(),
      names: named ? dimensionNames(table, source, named) : new Map(),
      times: 'x' in tile.mark ? timesOf(tile.mark.x, dimensionKeys(table, source, tile.mark.x), filter) : [],
      currency,
      colors,
      compact,
    })
  }, [tile, source, table, ranking, rows, filter, currency, colors, compact])
  const readTable = useCallback(() => chartTable(tile, source, table, rows), [tile, source, table, rows])
  const height = props.height ?? bodyHeight(tile, rows)

  function pick({ index, series }: PickedMark) {
    const row = drawn?.marks[index]
    const dimensions = groupDimensions(tile.mark)
    const choices: [DimensionName, string | null][] = row
      ? pickedDimensions(tile).map((dimension) => [dimension, row.keys[dimensions.indexOf(dimension)] ?? null])
      : drawn?.series.has(series)
        ? dimensions.slice(1).map((dimension) => [dimension, drawn.series.get(series) ?? null])
        : []
    const picked = choices.flatMap(([dimension, key]) =>
      isFilterName(dimension) && props.filters.includes(dimension) ? [[dimension, key] as const] : [],
    )
    if (picked.length > 0) onFilter(withPick(filter, picked))
  }

  return (
    <TileFrame
      title={tile.title}
      note={tile.note}
      wide={tile.wide ?? false}
      fileName={fileName}
      sql={tileSql(tile, source, query, filter)}
      table={readTable}
      png={
        drawn && colors
          ? async () => {
              const { chartPng } = await import('@/components/chart/png')
              const { title, note } = tile
              return chartPng({ title, note, option: drawn.option, width: pictureWidth, height: height * 1.2, colors })
            }
          : null
      }
      onError={(reason) => reportError(null, toErrorData(reason))}
      height={height}
      chart={(px) =>
        rows.length === 0 ? (
          <p className={`muted ${classes.nothing}`} style={{ height: px }}>
            No rows match these filters.
          </p>
        ) : (
          drawn && (
            <LazyChart
              label={chartLabel(tile, rows, currency)}
              option={drawn.option}
              {...(drawn.ends ? { ends: drawn.ends } : {})}
              height={tile.mark.kind === 'bars' ? Math.min(px, barsHeight(rows, 60)) : px}
              onPick={pick}
            />
          )
        )
      }
      foot={drawn?.omitted != null && <p className={`${classes.foot} num`}>{drawn.omitted}</p>}
    />
  )
}

/** What a click on a mark chooses. */
function pickedDimensions({ mark }: ChartTile): DimensionName[] {
  return mark.kind === 'heatmap' && mark.pick === 'y' ? [mark.y] : comparedDimensions(mark)
}

function coloringDimension({ mark }: ChartTile): DimensionName | null {
  if (mark.kind === 'bars') return mark.colored ? mark.by : null
  return mark.kind === 'areas' || mark.kind === 'lines' ? (mark.by ?? null) : null
}

function bodyHeight({ mark }: ChartTile, rows: TileRow[]): number {
  if (mark.kind === 'bars') return Math.max(150, barsHeight(rows, 26))
  if (mark.kind !== 'heatmap') return 270
  const cells = new Set(rows.map(({ keys }) => keys[0])).size
  return cells * (cells <= 6 ? 48 : 24) + 76
}

/** px of bars that have so much each. */
function barsHeight(rows: TileRow[], each: number): number {
  return Math.min(barLimit, rows.length) * each + 12
}

/** What the chart shows, in words. */
function chartLabel(tile: ChartTile, rows: TileRow[], currency: string | null): string {
  const by = groupDimensions(tile.mark)
  const [{ format }] = tile.measures
  const parts = rows
    .slice(0, barLimit)
    .map(
      ({ keys, values }) =>
        `${by.map((dimension, place) => keyName(dimension, keys[place] ?? null)).join(' ')} ${exactText(values[0] ?? null, format, currency)}`,
    )
  const more = rows.length > barLimit ? `, and ${rows.length - barLimit} more` : ''
  return `${tile.title}: ${parts.join(', ')}${more}`
}
