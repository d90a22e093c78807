import { Button, Tabs } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { LazyCodeEditor } from '@/components/code-editor/lazy-code-editor'
import { Facts } from '@/components/facts'
import { kindLabel } from '@/components/kind-icon'
import { Tag } from '@/components/tag'
import type { TableInfo } from '@/domain/automation'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatBytes } from '@/domain/format/units'
import { valueOr } from '@/store/loadable'
import { type CatalogTab, catalogTabs, hrefOf } from '@/store/route'
import { useActions, useGoldsmith } from '@/views/store-context'
import { TableRows } from '@/views/table-rows'
import { VersionHistory } from '@/views/version-history'
import classes from './catalog.module.css'
import { Columns } from './columns'
import { otherVersions } from './metric-versions'
import { Overview } from './overview'
import { Quality } from './quality'
import { listOf, useColumns } from './table-columns'

const tabLabels: Record<CatalogTab, string> = {
  overview: 'Overview',
  columns: 'Columns',
  data: 'Data',
  quality: 'Quality',
  history: 'History',
  sql: 'SQL',
}

export function TableDetails({ table }: { table: TableInfo }) {
  const tab = useGoldsmith((state) => (state.route.view === 'catalog' ? state.route.tab : 'columns'))
  const { navigate } = useActions()
  const dataset = useGoldsmith((state) =>
    state.project.project.status === 'ready'
      ? state.project.project.value.datasets.find(({ name }) => name === table.name.replace(/__quarantine$/, ''))
      : undefined,
  )
  const sourceKey = useGoldsmith((state) =>
    state.sources.sources.status === 'ready'
      ? state.sources.sources.value.find((source) => source.table === table.name)?.key
      : undefined,
  )
  const key = sourceKey ?? listOf(table.properties['pipeline.key'])
  const columns = useColumns(table, dataset)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const others = otherVersions(table.name, valueOr(tables, []))
  const deprecatedOn = table.properties.deprecated_on
  const offered = catalogTabs.filter((name) => {
    if (name === 'sql') return dataset !== undefined
    if (name === 'quality') return dataset?.name === table.name && dataset.kind !== 'view'
    return name !== 'history' || table.version !== null
  })
  const shown = offered.includes(tab) ? tab : 'columns'
  return (
    <div className={classes.table}>
      <a className={classes.back} href={hrefOf({ view: 'catalog', table: null, tab })}>
        ‹ All tables
      </a>
      <div className={classes.title}>
        <h1>{table.name}</h1>
        <Tag tone={table.layer === 'gold' ? 'gold' : 'neutral'}>{kindLabel(table.kind)}</Tag>
        {valueOr(columns, table.columns).some((column) => column.pii) && <Tag tone="error">PII</Tag>}
        {deprecatedOn && <Tag tone="warning">deprecated on {deprecatedOn}</Tag>}
        <div className={classes.end}>
          <Button
            component="a"
            variant="default"
            href={hrefOf({ view: 'sql', query: `SELECT *\nFROM ${table.name}\nLIMIT 1000` })}
            leftSection={<IconTerminal2 size={15} />}
          >
            Query
          </Button>
        </div>
      </div>
      {table.comment !== null && <p className="muted">{table.comment}</p>}
      <Facts
        facts={[
          { label: 'Rows', value: table.rows === null ? null : <span className="num">{formatCount(table.rows)}</span> },
          { label: 'Grain', value: table.properties.grain },
          { label: 'Team', value: table.properties.team },
          { label: 'Version', value: table.version },
          {
            label: 'Stored',
            value:
              table.files === null || table.bytes === null
                ? null
                : `${formatQuantity(table.files, 'file')} · ${formatBytes(table.bytes)}`,
          },
          { label: 'Key', value: key.length === 0 ? null : <span className="mono">{key.join(', ')}</span> },
          {
            label: 'Other versions',
            value:
              others.length === 0
                ? null
                : others.map((other) => (
                    <a
                      key={other}
                      className="mono"
                      href={hrefOf({ view: 'sql', query: differenceQuery(other, table.name) })}
                    >
                      difference from {other}
                    </a>
                  )),
          },
          { label: 'Refresh', value: table.properties.refresh_frequency },
        ]}
      />
      <Tabs
        value={shown}
        onChange={(value) => {
          const next = offered.find((name) => name === value)
          if (next) navigate({ view: 'catalog', table: table.name, tab: next }, 'replace')
        }}
      >
        <Tabs.List className={classes.tabs ?? ''}>
          {offered.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {tabLabels[name]}
              {name === 'columns' && columns.status === 'ready' && ` ${columns.value.length}`}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className={classes.body} style={{ marginTop: -12, borderTop: 0 }}>
        {shown === 'overview' && <Overview table={table} dataset={dataset} />}
        {shown === 'columns' && <Columns table={table} columns={columns} columnKey={key} />}
        {shown === 'data' && <TableRows table={table.name} />}
        {shown === 'quality' && dataset && <Quality table={table} dataset={dataset} />}
        {shown === 'history' && (
          <div className={classes.padded}>
            <VersionHistory table={table.name} />
          </div>
        )}
        {shown === 'sql' && dataset && <LazyCodeEditor label={`SQL of ${dataset.name}`} value={dataset.sql} readOnly />}
      </div>
    </div>
  )
}

function differenceQuery(from: string, to: string): string {
  return `SELECT *\nFROM table_difference('${from}', '${to}')`
}
