import type { Condition, Expression } from './expression'
import { type FilterName, filterNames } from './filter'

/** What rows are grouped by: a filter's name, or an axis that no filter has. */
export type DimensionName = FilterName | 'week' | 'day' | 'months_since'

export interface Dimension {
  title: string
  kind: 'text' | 'number' | 'day' | 'week' | 'month'
  /** What the group NULL is called. */
  unknown: string
}

export const dimensions: Record<DimensionName, Dimension> = {
  segment: { title: 'Segment', kind: 'text', unknown: 'unknown' },
  category: { title: 'Category', kind: 'text', unknown: 'unknown' },
  country: { title: 'Country', kind: 'text', unknown: 'unknown' },
  classification: { title: 'Class', kind: 'text', unknown: 'unknown' },
  recency: { title: 'Recency score', kind: 'number', unknown: 'unknown' },
  monetary: { title: 'Monetary score', kind: 'number', unknown: 'unknown' },
  cohort: { title: 'Cohort', kind: 'month', unknown: 'unknown' },
  month: { title: 'Month', kind: 'month', unknown: 'unknown' },
  channel: { title: 'Channel', kind: 'text', unknown: 'unknown' },
  campaign: { title: 'Campaign', kind: 'text', unknown: 'unknown' },
  flag: { title: 'Feature flag', kind: 'text', unknown: 'no flag' },
  week: { title: 'Week', kind: 'week', unknown: 'unknown' },
  day: { title: 'Day', kind: 'day', unknown: 'unknown' },
  months_since: { title: 'Months since', kind: 'number', unknown: 'unknown' },
}

/** How a measure is written: an amount in the data's currency, a ratio as a percentage, … */
export type MeasureFormat = 'money' | 'count' | 'percent' | 'number'

export interface Measure {
  /** Column of the tile's rows, in its table, file and query. */
  name: string
  title: string
  expression: Expression
  format: MeasureFormat
}

/** Rows that a dashboard reads: a query of the pipeline. */
export interface Source {
  query: string
  /** Only these columns, and no row twice: for values that the query repeats. */
  distinct?: string[]
  /** Only these rows: others are totals of them. */
  where?: Condition
  /** Column of each dimension that the rows have. */
  columns: Partial<Record<DimensionName, string>>
  /** Column with the name of a dimension's value, where the value is an identifier. */
  names?: Partial<Record<DimensionName, string>>
  /** The dimension that the dates of the filter are about. */
  date?: DimensionName
}

/** One figure over all rows that the filter lets through. */
export interface Figure {
  title: string
  source: string
  measure: Measure
  /** Only rows of the last value of this dimension. */
  latest?: DimensionName
  note?: string
  hint?: string
}

interface TileBase {
  title: string
  /** What the marks mean, beside the title. */
  note: string
  source: string
  /** Spans the dashboard's whole width. */
  wide?: boolean
}

/** A chart over groups of rows. The first measure is what is drawn; the others stand in its tooltip and its table. */
export interface ChartTile extends TileBase {
  measures: [Measure, ...Measure[]]
  /** Rows that this tile leaves out. */
  without?: { dimension: DimensionName; key: string }
  mark: /** Horizontal, largest first. Coloured by the dimension's values where `colored`. */
    | { kind: 'bars'; by: DimensionName; colored?: boolean; label?: number }
    /** Vertical, along time. */
    | { kind: 'columns'; x: DimensionName }
    /** Stacked along time: of sums only. */
    | { kind: 'areas'; x: DimensionName; by: DimensionName }
    /** Along time, one for each value of `by`, or one. The axis ends at `most`, for a few values would flatten the others. */
    | { kind: 'lines'; x: DimensionName; by?: DimensionName; most?: number }
    | { kind: 'heatmap'; x: DimensionName; y: DimensionName; pick: 'y' | 'both' }
}

/** The source's rows themselves. */
export interface RowsTile extends TileBase {
  columns: string[]
}

export type Tile = ChartTile | RowsTile

export interface DashboardDefinition {
  title: string
  /** Tables that its queries read. */
  reads: string[]
  sources: Record<string, Source>
  filters: FilterName[]
  figures: Figure[]
  tiles: Tile[]
}

/** The dimensions whose values a mark shows side by side: a filter on them dims marks and takes none away. */
export function comparedDimensions(mark: ChartTile['mark']): DimensionName[] {
  switch (mark.kind) {
    case 'bars':
      return [mark.by]
    case 'columns':
      return [mark.x]
    case 'heatmap':
      return [mark.y, mark.x]
    case 'areas':
    case 'lines':
      return []
  }
}

/** What the rows of a tile are grouped by. */
export function groupDimensions(mark: ChartTile['mark']): DimensionName[] {
  switch (mark.kind) {
    case 'bars':
      return [mark.by]
    case 'columns':
      return [mark.x]
    case 'heatmap':
      return [mark.y, mark.x]
    case 'areas':
      return [mark.x, mark.by]
    case 'lines':
      return mark.by ? [mark.x, mark.by] : [mark.x]
  }
}

export function isFilterName(name: DimensionName): name is FilterName {
  const names: readonly string[] = filterNames
  return names.includes(name)
}
