import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ChartProps } from './chart'

const Chart = lazy(() => import('./chart'))

/** The chart, its library fetched when one is first shown; its place is kept meanwhile. */
export function LazyChart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} radius="md" />}>
      <Chart {...props} />
    </Suspense>
  )
}
