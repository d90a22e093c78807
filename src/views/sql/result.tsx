import { Button } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import type { ErrorData, TableInfo } from '@/domain/automation'
import { formatDuration } from '@/domain/format/units'
import { singleLine } from '@/domain/format/value'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { activeQuery, activeTab } from '@/store/sql'

import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { Done } from './done'
import classes from './sql.module.css'

const none: never[] = []

/** What came of the shown tab’s last query. */
export function Result() {
  const query = useGoldsmith((state) => activeQuery(state.sql))
  const tables = useGoldsmith((state) => state.catalog.tables)
  const blank = useGoldsmith((state) => activeTab(state.sql).text.trim() === '')
  const { setSql, runQuery } = useActions()
  const rows = (table: TableInfo) => table.rows ?? 0
  const first = blank
    ? valueOr(tables, none)
        // A view may read what is not loaded.
        .filter(({ kind }) => kind !== 'view')
        .toSorted((a, b) => layerRank(a) - layerRank(b) || rows(b) - rows(a))[0]
    : undefined
  const now = useNow(query.status === 'running', 100)
  switch (query.status) {
    case 'idle':
      return (
        <EmptyState
          icon={<IconTerminal2 size={24} stroke={1.5} />}
          title="Ask the tables"
          text="Write a query and press Ctrl/⌘ Enter. Sources, Gold tables, views and quarantines are all there; names are schema.table."
        >
          {first && (
            <Button
              variant="default"
              onClick={() => {
                const sql = `SELECT *\nFROM ${first.name}\nLIMIT 100`
                setSql(sql)
                void runQuery(sql)
              }}
            >
              Show 100 rows of {singleLine(first.name, 60)}
            </Button>
          )}
        </EmptyState>
      )
    case 'running':
      return (
        <div className={classes.resultHead} role="status">
          Running · {formatDuration(Math.max(1, now - query.startedAt))}
        </div>
      )
    case 'canceled':
      return (
        <div className={classes.resultHead} role="status">
          Canceled.
        </div>
      )
    case 'failed':
      return (
        <div style={{ padding: 12, overflow: 'auto' }}>
          {/* The editor right above shows the SQL already. */}
          <ErrorNotice error={withoutSql(query.error)}>
            <Remedy error={query.error} />
          </ErrorNotice>
        </div>
      )
    case 'done':
      return <Done key={query.result.id} query={query} />
  }
}

/** Gold is what people come for. */
function layerRank({ layer, kind }: TableInfo): number {
  return layer === 'gold' && kind !== 'quarantine' ? 0 : layer === 'silver' ? 1 : 2
}

function withoutSql({ sql: _, ...error }: ErrorData): ErrorData {
  return error
}

/** The way to the place where the error can be mended. */
function Remedy({ error }: { error: ErrorData }) {
  switch (error.code) {
    case 'sql.source_absent':
      return <a href={hrefOf({ view: 'sources' })}>Open Sources</a>
    case 'sql.table_not_built':
      return <a href={hrefOf({ view: 'pipeline', dataset: null })}>Open Pipeline</a>
    default:
      return null
  }
}
