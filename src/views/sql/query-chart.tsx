import { Loader, NativeSelect, SegmentedControl } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useState } from 'react'
import { ResultChart } from '@/components/chart/result-chart'
import { ErrorNotice } from '@/components/error-notice'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { valueKind } from '@/domain/format/value'
import { type ChartChoice, chartData, guessChart, mostSeries } from '@/domain/result/chart-model'
import type { ResultInfo } from '@/store/contract'
import { type Loadable, loading, settle } from '@/store/loadable'
import { useActions } from '@/views/store-context'
import classes from './sql.module.css'

/** A picture of more says no more, and reading them would take long. */
const mostRows = 20_000

/** A result as a chart. */
export function QueryChart({ result }: { result: ResultInfo }) {
  const { fetchRows } = useActions()
  const { id, columns } = result
  const [rows, setRows] = useState<Loadable<unknown[][]>>(loading)
  const [choice, setChoice] = useState(() => guessChart(columns))
  useEffect(() => {
    let isShown = true
    setRows(loading)
    void settle(fetchRows(id, 0, mostRows)).then((read) => {
      if (isShown) setRows(read)
    })
    return () => {
      isShown = false
    }
  }, [fetchRows, id])
  if (choice === null) {
    return <p className={`${classes.noChart} muted`}>A chart needs a column of numbers, and this result has none.</p>
  }
  return (
    <div className={classes.chart}>
      <Choices columns={columns} choice={choice} onChange={setChoice} />
      {rows.status === 'loading' && <Loader size="sm" m={16} aria-label="Reading rows" />}
      {rows.status === 'error' && <ErrorNotice error={rows.error} />}
      {rows.status === 'ready' && <Picture result={result} rows={rows.value} choice={choice} />}
    </div>
  )
}

interface ChoicesProps {
  columns: ResultInfo['columns']
  choice: ChartChoice
  onChange: (choice: ChartChoice) => void
}

function Choices({ columns, choice, onChange }: ChoicesProps) {
  const options = columns.map(({ name }, place) => ({ value: String(place), label: name }))
  const numbers = options.filter((_, place) => valueKind(columns[place]?.type ?? '') === 'number')
  return (
    <div className={classes.choices}>
      <SegmentedControl
        aria-label="Kind of chart"
        value={choice.kind}
        onChange={(kind) => onChange({ ...choice, kind: kind === 'bar' ? 'bar' : 'line' })}
        data={[
          { value: 'line', label: 'Lines' },
          { value: 'bar', label: 'Bars' },
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label="Along x"
        leftSection="x"
        value={String(choice.x)}
        data={options}
        onChange={(event) => {
          const x = Number(event.currentTarget.value)
          // A series of one bar each would say the same twice.
          onChange({ ...choice, x, series: choice.series === x ? null : choice.series })
        }}
      />
      <NativeSelect
        size="xs"
        aria-label="Along y"
        leftSection="y"
        value={String(choice.y)}
        data={numbers}
        onChange={(event) => onChange({ ...choice, y: Number(event.currentTarget.value) })}
      />
      <NativeSelect
        size="xs"
        aria-label="A series for each"
        value={choice.series === null ? '' : String(choice.series)}
        data={[
          { value: '', label: 'one series' },
          ...options.map(({ value, label }) => ({ value, label: `by ${label}` })),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget
          onChange({ ...choice, series: value === '' ? null : Number(value) })
        }}
      />
    </div>
  )
}

function Picture({ result, rows, choice }: { result: ResultInfo; rows: unknown[][]; choice: ChartChoice }) {
  const { ref, height } = useElementSize()
  const data = useMemo(() => chartData(rows, result.columns, choice), [rows, result.columns, choice])
  const nameOf = (place: number) => result.columns[place]?.name ?? ''
  const label = `${data.summed ? 'Sum of ' : ''}${nameOf(choice.y)} by ${nameOf(choice.x)}`
  const notes = [
    label,
    result.rows > rows.length ? `the first ${formatCount(rows.length)} of ${formatQuantity(result.rows, 'row')}` : '',
    data.leftOut.series > 0 ? `the ${mostSeries} largest series; ${formatCount(data.leftOut.series)} are left out` : '',
    data.leftOut.categories > 0 ? `${formatQuantity(data.leftOut.categories, 'bar')} left out` : '',
  ].filter((note) => note !== '')
  return (
    <>
      <p className="muted num">{notes.join(' · ')}</p>
      <div ref={ref} className={classes.picture}>
        <ResultChart label={label} kind={choice.kind} data={data} height={Math.max(160, height - 28)} />
      </div>
    </>
  )
}
