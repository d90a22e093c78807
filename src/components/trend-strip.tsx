import { barsOf, type TrendPoint } from './trend-bars'
import classes from './trend-strip.module.css'

interface TrendStripProps {
  /** What the bars say together, in words. */
  label: string
  /** Oldest first. */
  points: TrendPoint[]
}

const size = { bar: 5, step: 7, height: 24 }

/** A small chart with a bar for every time that something was checked; the last is at the right. */
export function TrendStrip({ label, points }: TrendStripProps) {
  const bars = barsOf(points, size.height)
  const width = Math.max(1, bars.length) * size.step
  return (
    <svg
      className={classes.strip}
      role="img"
      aria-label={label}
      width={width}
      height={size.height + 1}
      viewBox={`0 0 ${width} ${size.height + 1}`}
    >
      <line className={classes.base} x1={0} x2={width} y1={size.height + 0.5} y2={size.height + 0.5} />
      {bars.map(({ key, tone, height, title }, index) => (
        <rect
          key={key}
          className={classes[tone]}
          x={index * size.step + (tone === 'unknown' ? 0.5 : 0)}
          y={size.height - height + (tone === 'unknown' ? 0.5 : 0)}
          width={size.bar - (tone === 'unknown' ? 1 : 0)}
          height={height - (tone === 'unknown' ? 1 : 0)}
          rx={1}
        >
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  )
}
