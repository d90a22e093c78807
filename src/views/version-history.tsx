import { Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { PlainTable } from '@/components/plain-table'
import type { TableVersion } from '@/domain/automation'
import { formatTimestamp } from '@/domain/format/dates'
import { groupDigits } from '@/domain/format/number'
import { formatBytes, formatRelativeTime } from '@/domain/format/units'
import { hrefOf } from '@/store/route'
import { useActions, useGoldsmith, useNow } from './store-context'

/** The versions of a table, newest first, as its Delta log tells them. */
export function VersionHistory({ table }: { table: string }) {
  const versions = useGoldsmith((state) => state.catalog.history[table])
  const revision = useGoldsmith((state) => state.catalog.revision)
  const { loadHistory } = useActions()
  const now = useNow(true, 30_000)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the catalog has other versions
  useEffect(() => void loadHistory(table), [loadHistory, table, revision])

  if (!versions || versions.status === 'loading') return <Skeleton height={90} m={16} />
  if (versions.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={versions.error} subject={table} />
      </div>
    )
  }
  return (
    <PlainTable
      label={`Versions of ${table}`}
      rows={versions.value}
      rowKey={(version) => version.version}
      columns={[
        { id: 'version', title: 'Version', right: true, width: '60px', cell: (version) => version.version },
        {
          id: 'time',
          title: 'When (UTC)',
          cell: (version) => (
            <span className="num" title={version.timestamp}>
              {formatTimestamp(version.timestamp.replace(/\.\d+/, ''))}
              <br />
              <span className="muted">{formatRelativeTime(Date.parse(version.timestamp), now)}</span>
            </span>
          ),
        },
        { id: 'operation', title: 'Operation', cell: (version) => <span className="mono">{version.operation}</span> },
        { id: 'metrics', title: 'Metrics', cell: (version) => <Metrics version={version} /> },
        {
          id: 'changes',
          title: 'Rows',
          width: '80px',
          cell: ({ version }) => (
            <a
              href={hrefOf({ view: 'sql', query: `SELECT *\nFROM table_changes('${table}', ${version}, ${version})` })}
              aria-label={`Changes of version ${version}`}
            >
              changes
            </a>
          ),
        },
      ]}
    />
  )
}

function Metrics({ version }: { version: TableVersion }) {
  return (
    <span className="num">
      {Object.entries(version.operationMetrics).map(([name, value]) => (
        <div key={name}>
          <span className="muted">{name}</span> {/Bytes$/i.test(name) ? formatBytes(Number(value)) : groupDigits(value)}
        </div>
      ))}
    </span>
  )
}
