import type { ChartData } from '@/domain/result/chart-model'
import { LazyChart } from './lazy-chart'
import { paletteSlots } from './palette'
import classes from './result-chart.module.css'
import { resultChart } from './result-chart-options'
import { useChartColors } from './use-chart-colors'

interface ResultChartProps {
  label: string
  kind: 'line' | 'bar'
  data: ChartData
  /** px */
  height: number
}

/** A query's result as a chart, each series named with its colour. */
export function ResultChart({ label, kind, data, height }: ResultChartProps) {
  const colors = useChartColors()
  if (!colors) return null
  const slots = paletteSlots(data.series.map(({ name }) => name))
  return (
    <div>
      {data.series.length > 1 && (
        <ul className={classes.legend}>
          {data.series.map(({ name }) => (
            <li key={name} className="truncate">
              <span style={{ background: colors.series[slots.get(name) ?? 0] }} /> {name}
            </li>
          ))}
        </ul>
      )}
      <LazyChart label={label} option={resultChart(data, kind, colors)} height={height} />
    </div>
  )
}
