import { PlainTable } from '@/components/plain-table'
import type { TableInfo } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import type { DatasetView } from '@/store/contract'
import classes from './catalog.module.css'
import { metricDefinitions } from './metric-definitions'
import { listOf } from './table-columns'

/** What the owners of a table say of it: promises, metrics, contract, and every other property. */
export function Overview({ table, dataset }: { table: TableInfo; dataset: DatasetView | undefined }) {
  const { properties } = table
  const metrics = metricDefinitions(properties.metric_definitions)
  const contract = listOf(properties.public_contract)
  const facts: [string, string | undefined][] = [
    ['Team', properties.team],
    ['Grain', properties.grain],
    [
      'Refreshed',
      [properties.refresh_frequency, properties.refresh_time_utc && `${properties.refresh_time_utc} UTC`]
        .filter(Boolean)
        .join(' at '),
    ],
    ['Fresh within', hours(properties.sla_freshness_hours)],
    ['Sensitivity', properties.sensitivity],
    ['Personal data', listOf(properties.pii_columns).join(', ') || undefined],
    ['Kept for', days(properties.retention_days)],
    ['Definition', properties.version && `version ${properties.version}`],
    ['Consumers', properties.consumers],
    ['Replaces', properties.replaces],
    ['Replaced by', properties.replaced_by],
    ['Partitioned by', dataset?.partitionedBy.join(', ')],
    ['Reads', dataset?.inputs.join(', ')],
    ['File', dataset?.file],
  ]
  const known = facts.filter(([, value]) => value !== undefined && value !== '')
  const others = Object.entries(properties).filter(([name]) => !shownProperties.has(name))
  if (known.length === 0 && others.length === 0) {
    return (
      <p className="muted" style={{ padding: 16 }}>
        Nothing is said of this table beyond its columns: a dataset’s TBLPROPERTIES say who owns it and what it
        promises.
      </p>
    )
  }
  return (
    <div className={classes.overview}>
      <section aria-label="Facts">
        <dl className={classes.facts}>
          {known.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {metrics.length > 0 && (
        <section>
          <h2>Metrics</h2>
          <PlainTable
            label={`Metrics of ${table.name}`}
            rows={metrics}
            rowKey={({ name }) => name}
            columns={[
              { id: 'name', title: 'Metric', whole: true, cell: ({ name }) => <span className="mono">{name}</span> },
              {
                id: 'formula',
                title: 'Definition',
                cell: ({ definition }) => <span className="mono">{definition}</span>,
              },
            ]}
          />
        </section>
      )}
      {contract.length > 0 && (
        <section>
          <h2>Contract</h2>
          <p className="muted">
            Other schemas may use {formatQuantity(contract.length, 'column')}:{' '}
            <span className="mono">{contract.join(', ')}</span>
          </p>
        </section>
      )}
      {others.length > 0 && (
        <section>
          <h2>Other properties</h2>
          <PlainTable
            label={`Other properties of ${table.name}`}
            rows={others}
            rowKey={([name]) => name}
            columns={[
              { id: 'name', title: 'Property', whole: true, cell: ([name]) => <span className="mono">{name}</span> },
              { id: 'value', title: 'Value', cell: ([, value]) => <span className="mono">{value}</span> },
            ]}
          />
        </section>
      )}
    </div>
  )
}

/** Those that have a place of their own above. */
const shownProperties = new Set(
  `team grain refresh_frequency refresh_time_utc sla_freshness_hours sensitivity pii_columns retention_days version consumers
  replaces replaced_by metric_definitions public_contract`.split(/\s+/),
)

function hours(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${text} h`
}

function days(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${text} days`
}
