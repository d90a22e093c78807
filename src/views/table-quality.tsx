import { PlainTable } from '@/components/plain-table'
import { Tag, type Tone } from '@/components/tag'
import { TrendStrip } from '@/components/trend-strip'
import { formatInstant } from '@/domain/format/dates'
import { formatDouble, formatQuantity } from '@/domain/format/number'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { quarantineOf } from '@/store/runs/quarantine'
import {
  describeMeasurement,
  type ExpectationTrend,
  failedPercent,
  failedShare,
  type RuleStatus,
  type RuleTrend,
  type TableQuality,
} from '@/store/runs/trends'
import { useGoldsmith } from './store-context'
import classes from './table-quality.module.css'

const actionLabels = { warn: 'warn', drop: 'drop row', fail: 'fail update' }
const statusTones: Record<RuleStatus, Tone> = { pass: 'ok', fail: 'error', unknown: 'neutral' }

/** The rules of a table and what they found over its updates. */
export function QualityTables({ quality }: { quality: TableQuality }) {
  const { dataset, expectations, rules } = quality
  const quarantine = quarantineOf(dataset)
  // A view drops rows without keeping them.
  const isKept = useGoldsmith(({ catalog }) =>
    [...valueOr(catalog.tables, []), ...catalog.privateTables].some(({ name }) => name === quarantine),
  )
  return (
    <>
      {expectations.length > 0 && (
        <PlainTable
          label={`Expectations of ${dataset}`}
          stacked
          rows={expectations}
          rowKey={({ rule }) => rule}
          columns={[
            { id: 'rule', title: 'Expectation', cell: (trend) => <Expectation trend={trend} /> },
            {
              id: 'trend',
              title: 'Failed share, by update',
              width: '300px',
              cell: (trend) => <ExpectationStrip trend={trend} />,
            },
            {
              id: 'last',
              title: 'Last count',
              width: '310px',
              cell: (trend) => <LastCount quarantine={isKept ? quarantine : null} trend={trend} />,
            },
          ]}
        />
      )}
      {rules.length > 0 && (
        <PlainTable
          label={`Quality rules of ${dataset}`}
          stacked
          rows={rules}
          rowKey={({ rule }) => rule}
          columns={[
            {
              id: 'rule',
              title: 'Quality rule',
              cell: ({ rule, expected }) => (
                <>
                  <span className={classes.name}>{rule}</span> <span className="muted">is to be {expected}</span>
                </>
              ),
            },
            { id: 'trend', title: 'Result, by update', width: '300px', cell: (trend) => <RuleStrip trend={trend} /> },
            { id: 'last', title: 'Last result', width: '310px', cell: (trend) => <LastResult trend={trend} /> },
          ]}
        />
      )}
    </>
  )
}

function Expectation({ trend: { rule, declared } }: { trend: ExpectationTrend }) {
  const action = declared?.action
  return (
    <>
      <div className={classes.name}>
        {rule}
        {action === undefined ? (
          <Tag>not declared any more</Tag>
        ) : (
          <Tag tone={action === 'drop' ? 'warning' : action === 'fail' ? 'error' : 'neutral'}>
            {actionLabels[action]}
          </Tag>
        )}
      </div>
      {declared && <div className="mono muted">{declared.expression}</div>}
    </>
  )
}

function ExpectationStrip({ trend: { rule, measurements } }: { trend: ExpectationTrend }) {
  const last = measurements.at(-1)
  if (last === undefined) return <span className="muted">never counted</span>
  const most = measurements.reduce(
    (highest, one) => ((failedShare(one) ?? 0) > (failedShare(highest) ?? 0) ? one : highest),
    last,
  )
  return (
    <span className={classes.trend}>
      <TrendStrip
        label={`${rule}: ${formatQuantity(measurements.length, 'update')}, in the last one ${describeMeasurement(last)}`}
        points={measurements.map((measurement) => {
          const share = failedShare(measurement)
          return {
            key: measurement.updateId,
            tone: share === null ? 'unknown' : share > 0 ? 'warning' : 'ok',
            value: share ?? 0,
            title: `${formatInstant(measurement.at)} UTC: ${describeMeasurement(measurement)}`,
          }
        })}
      />
      {most.failed > 0 && <small className="muted num">up to {failedPercent(most)}</small>}
    </span>
  )
}

function LastCount({
  quarantine,
  trend: { rule, declared, measurements },
}: {
  quarantine: string | null
  trend: ExpectationTrend
}) {
  const last = measurements.at(-1)
  if (last === undefined) return <Tag>unknown</Tag>
  return (
    <span className="num">
      {describeMeasurement(last)}
      {last.failed > 0 && declared?.action === 'drop' && quarantine !== null && (
        <div>
          <a href={hrefOf({ view: 'runs', tab: 'quarantine', table: quarantine, rule })}>Look at them ›</a>
        </div>
      )}
    </span>
  )
}

function RuleStrip({ trend: { rule, results } }: { trend: RuleTrend }) {
  const last = results.at(-1)
  return (
    <TrendStrip
      label={`${rule}: ${formatQuantity(results.length, 'update')}, the last one ${last?.status ?? 'unknown'}`}
      points={results.map(({ updateId, at, status, measured, message }) => ({
        key: updateId,
        tone: status === 'pass' ? 'ok' : status === 'fail' ? 'error' : 'unknown',
        value: null,
        title: `${formatInstant(at)} UTC: ${status}${measured === null ? '' : `, measured ${formatDouble(measured)}`}${message === null ? '' : `, ${message}`}`,
      }))}
    />
  )
}

function LastResult({ trend: { results } }: { trend: RuleTrend }) {
  const last = results.at(-1)
  const status = last?.status ?? 'unknown'
  return (
    <span className="num">
      <Tag tone={statusTones[status]}>{status}</Tag>{' '}
      {last?.measured != null && <span className="muted">measured {formatDouble(last.measured)}</span>}
      {last?.message != null && <span className="muted">{last.message}</span>}
    </span>
  )
}
