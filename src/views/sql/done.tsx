import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration } from '@/domain/format/units'
import type { QueryState } from '@/store/sql'
import { ArrangedRows } from '@/views/result-rows'
import { useArranged } from '@/views/use-arranged'
import { QueryChart } from './query-chart'
import { QueryPlan } from './query-plan'
import { ResultTools } from './result-tools'
import classes from './sql.module.css'

const faces = ['rows', 'chart', 'plan'] as const
type Face = (typeof faces)[number]
const faceLabels: Record<Face, string> = { rows: 'Rows', chart: 'Chart', plan: 'Plan' }

/** The result of a query: its rows, a chart of them, or how it was run. */
export function Done({ query }: { query: Extract<QueryState, { status: 'done' }> }) {
  const { result, sql, dialect } = query
  const [face, setFace] = useState<Face>('rows')
  const arranged = useArranged(result)
  return (
    <>
      <div className={classes.resultHead}>
        <SegmentedControl
          aria-label="What of the result is shown"
          value={face}
          onChange={(value) => setFace(faces.find((known) => known === value) ?? 'rows')}
          data={faces.map((value) => ({ value, label: faceLabels[value] }))}
        />
        <span role="status">
          {formatQuantity(result.rows, 'row')} · {formatDuration(result.durationMs)}
        </span>
        <div className={classes.end}>
          <ResultTools result={arranged.rows} />
        </div>
      </div>
      <div className={classes.grid}>
        {face === 'rows' && <ArrangedRows label="Rows of the result" arranged={arranged} />}
        {face === 'chart' && <QueryChart result={arranged.rows} />}
        {face === 'plan' && <QueryPlan sql={sql} dialect={dialect} />}
      </div>
    </>
  )
}
