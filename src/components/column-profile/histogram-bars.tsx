import type { Histogram } from '@/domain/result/profile'
import classes from './column-profile.module.css'
import { binText } from './profile-text'

interface HistogramBarsProps {
  /** What is counted. */
  name: string
  type: string
  histogram: Histogram
  /** px */
  height: number
}

/** Counts as bars from zero. A bin that holds anything shows. */
export function HistogramBars({ name, type, histogram, height }: HistogramBarsProps) {
  const most = Math.max(1, ...histogram.counts)
  const bins = histogram.counts.map((count, bin) => ({ bin, count, text: binText(histogram, bin, type) }))
  return (
    <div className={classes.bars} style={{ height }} role="img" aria-label={`Distribution of ${name}`}>
      {bins.map(({ bin, count, text }) => (
        <div key={bin} className={classes.bin} title={text}>
          <div
            className={classes.fill}
            style={{ height: count === 0 ? 0 : Math.max(2, Math.round((count / most) * height)) }}
          />
        </div>
      ))}
    </div>
  )
}
