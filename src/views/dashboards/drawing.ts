import type { ChartOption } from '@/components/chart/options'
import type { ChartColors } from '@/components/chart/use-chart-colors'
import type { ChartTile, DimensionName } from '@/store/dashboards/definition'
import { type DashboardFilter, nullKey } from '@/store/dashboards/filter'
import type { TileRow } from '@/store/dashboards/tile-model'
import { exactText } from './naming'

/** What a chart of a tile is drawn with. */
export interface TileDrawing {
  tile: ChartTile
  rows: TileRow[]
  filter: DashboardFilter
  /** Place in the palette of each value of the dimension that colours. */
  palette: Map<string | null, number>
  names: Map<string, string>
  /** Along the time axis, without gaps; empty where there is none. */
  times: string[]
  currency: string | null
  colors: ChartColors
  compact: boolean
}

/** A tile's chart, and which group each of its marks stands for. */
export interface DrawnTile {
  option: ChartOption
  /** Where lines end, for labels that keep apart. */
  ends?: number[]
  /** The row behind a mark by its index in its series. */
  marks: TileRow[]
  /** Keys of the series, where a whole series can be chosen. */
  series: Map<string, string | null>
  /** Said under the chart: what it leaves out. */
  omitted: string | null
}

export type Mark<K extends ChartTile['mark']['kind']> = Extract<ChartTile['mark'], { kind: K }>

/** For charts whose marks are chosen one by one. */
export const noSeries = new Map<string, string | null>()

/** Exact values of a group's measures, for its tooltip. */
export function facts({ tile, currency }: TileDrawing, { values }: TileRow): [string, string][] {
  return tile.measures.map(({ title, format }, place) => [title, exactText(values[place] ?? null, format, currency)])
}

/** Keys that the filter asks for; a NULL group is the text `nullKey`. */
export function selectedKeys(filter: DashboardFilter, dimension: DimensionName): string[] {
  return Object.entries(filter.values).find(([name]) => name === dimension)?.[1] ?? []
}

export function isChosen(chosen: string[], key: string | null): boolean {
  return chosen.length === 0 || chosen.includes(key ?? nullKey)
}
