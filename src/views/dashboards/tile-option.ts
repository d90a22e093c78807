import { heatmap } from '@/components/chart/heatmap'
import { horizontalBars } from '@/components/chart/options'
import { noSlot } from '@/components/chart/palette'
import { addDecimals, decimalToNumber, zero } from '@/domain/format/decimal'
import { type DimensionName, dimensions } from '@/store/dashboards/definition'
import type { TileRow } from '@/store/dashboards/tile-model'
import { type DrawnTile, facts, isChosen, type Mark, noSeries, selectedKeys, type TileDrawing } from './drawing'
import { cellText, exactText, keyName, shortText } from './naming'
import { drawColumns, drawSeries } from './time-marks'

/** Bars that a chart shows at most. */
export const barLimit = 12

/** The chart of a tile. */
export function drawTile(drawing: TileDrawing): DrawnTile {
  switch (drawing.tile.mark.kind) {
    case 'bars':
      return drawBars(drawing, drawing.tile.mark)
    case 'columns':
      return drawColumns(drawing, drawing.tile.mark)
    case 'areas':
    case 'lines':
      return drawSeries(drawing, drawing.tile.mark)
    case 'heatmap':
      return drawHeatmap(drawing, drawing.tile.mark)
  }
}

function drawBars(drawing: TileDrawing, { by, colored, label }: Mark<'bars'>): DrawnTile {
  const { tile, rows, filter, palette, names, currency, colors } = drawing
  const shown = rows.slice(0, barLimit)
  const [measure] = tile.measures
  const beside = label === undefined ? undefined : tile.measures[label]
  const items = shown.map((row) => {
    const [key = null] = row.keys
    const [value = null] = row.values
    const extra = beside && label !== undefined ? shortText(row.values[label] ?? null, beside.format) : ''
    return {
      name: keyName(by, key, names),
      value: value === null ? 0 : decimalToNumber(value),
      text: facts(drawing, row)
        .map(([name, text], place) => (place === 0 ? text : `${name} ${text}`))
        .join(' · '),
      label: [value === null ? '–' : shortText(value, measure.format), extra].filter((text) => text !== '').join(' · '),
      ...(colored ? { color: palette.get(key) ?? noSlot } : {}),
    }
  })
  const selected = selectedKeys(filter, by).map((key) => keyName(by, key, names))
  const rest = rows.slice(barLimit)
  return {
    option: horizontalBars(items, selected, colors),
    // ECharts draws a category axis from the bottom.
    marks: shown.toReversed(),
    series: noSeries,
    omitted: rest.length === 0 ? null : `and ${rest.length} more${restSum(drawing, rest, currency)}`,
  }
}

/** Only sums add up. */
function restSum({ tile }: TileDrawing, rest: TileRow[], currency: string | null): string {
  const [{ expression, format }] = tile.measures
  if (expression.kind !== 'sum' && expression.kind !== 'count') return ''
  const sum = rest.reduce((total, { values }) => addDecimals(total, values[0] ?? zero), zero)
  return ` with ${exactText(sum, format, currency)}`
}

function drawHeatmap(drawing: TileDrawing, mark: Mark<'heatmap'>): DrawnTile {
  const { tile, rows, filter, colors } = drawing
  const axisOf = (dimension: DimensionName, place: number) => {
    const keys = [...new Set(rows.map((row) => row.keys[place] ?? null))]
    const numbers = keys.filter((key) => key !== null).map(Number)
    if (dimensions[dimension].kind !== 'number' || numbers.length === 0) return keys
    // Without gaps, in order.
    const first = Math.min(...numbers)
    return Array.from({ length: Math.max(...numbers) - first + 1 }, (_, index) => String(first + index))
  }
  const xs = axisOf(mark.x, 1)
  // Scores read upwards, time downwards.
  const ys = dimensions[mark.y].kind === 'number' ? axisOf(mark.y, 0).toReversed() : axisOf(mark.y, 0)
  const [measure] = tile.measures
  const chosenX = selectedKeys(filter, mark.x)
  const chosenY = selectedKeys(filter, mark.y)
  const marks = rows.filter(({ values }) => values[0] !== null)
  const cells = marks.map((row) => {
    const [yKey = null, xKey = null] = row.keys
    const [value = null] = row.values
    return {
      x: xs.indexOf(xKey),
      y: ys.indexOf(yKey),
      value: value === null ? 0 : decimalToNumber(value),
      label: cellText(value, measure.format),
      title: `${dimensions[mark.y].title} ${keyName(mark.y, yKey)}, ${dimensions[mark.x].title.toLowerCase()} ${keyName(mark.x, xKey)}`,
      facts: facts(drawing, row),
      dimmed: !(isChosen(chosenX, xKey) && isChosen(chosenY, yKey)),
    }
  })
  return {
    option: heatmap(
      xs.map((key) => keyName(mark.x, key)),
      ys.map((key) => keyName(mark.y, key)),
      cells,
      { x: dimensions[mark.x].title, y: dimensions[mark.y].title },
      colors,
    ),
    marks,
    series: noSeries,
    omitted: null,
  }
}
