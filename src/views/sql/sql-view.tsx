import { Button, Popover, SegmentedControl, Tooltip } from '@mantine/core'
import { IconHistory, IconPlayerPlay, IconTerminal2, IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { LazyCodeEditor } from '@/components/code-editor/lazy-code-editor'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import type { ErrorData, TableInfo } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration, formatRelativeTime } from '@/domain/format/units'
import { singleLine } from '@/domain/format/value'
import { valueOr } from '@/store/loadable'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { ResultRows } from '@/views/table-rows'
import classes from './sql.module.css'

const none: never[] = []

/** A query editor over everything that is stored, and the rows of its last result. */
export default function SqlView() {
  const { text, dialect, query } = useGoldsmith((state) => state.sql)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const linked = useGoldsmith((state) => (state.route.view === 'sql' ? state.route.query : null))
  const engineReady = useGoldsmith((state) => state.engine.info.status === 'ready')
  const { setSql, setDialect, runQuery, cancelQuery, navigate } = useActions()
  const insert = useRef<(text: string) => void>(undefined)

  useEffect(() => {
    if (linked === null) return
    // The link has done its work; kept in the address it would undo edits on the next reload.
    setSql(linked)
    navigate({ view: 'sql', query: null }, 'replace')
  }, [linked, setSql, navigate])

  const markers = useMemo(() => {
    if (query.status !== 'failed' || query.error.line === undefined) return []
    return [{ message: query.error.message, line: query.error.line, column: query.error.column ?? 1 }]
  }, [query])
  const known = valueOr(tables, none)
  const running = query.status === 'running'

  return (
    <div className={classes.view}>
      <h1 className="visually-hidden">SQL</h1>
      <nav className={classes.side} aria-label="Tables">
        <h2>Tables</h2>
        {known.length === 0 && (
          <p className="muted" style={{ padding: '0 8px' }}>
            Nothing is loaded yet.
          </p>
        )}
        {known.map((table) => (
          <button
            key={table.name}
            type="button"
            className={`${classes.name} truncate`}
            title={`Insert ${table.name}`}
            onClick={() => insert.current?.(table.name)}
          >
            {table.name}
          </button>
        ))}
      </nav>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="SQL dialect"
          value={dialect}
          onChange={(value) => setDialect(value === 'duckdb' ? 'duckdb' : 'databricks')}
          data={[
            { value: 'databricks', label: 'Databricks SQL' },
            { value: 'duckdb', label: 'DuckDB SQL' },
          ]}
        />
        <div className={classes.end}>
          <PastQueries />
          {running ? (
            <Button variant="default" leftSection={<IconX size={14} />} onClick={cancelQuery}>
              Cancel
            </Button>
          ) : (
            <Tooltip label="Ctrl/⌘ Enter; runs the selection when there is one">
              <Button
                leftSection={<IconPlayerPlay size={14} />}
                disabled={!engineReady || text.trim() === ''}
                onClick={() => void runQuery(text)}
              >
                Run query
              </Button>
            </Tooltip>
          )}
        </div>
      </div>
      <div className={classes.editor}>
        <LazyCodeEditor
          label="Query"
          value={text}
          onChange={setSql}
          onSubmit={(selected) => void runQuery(selected)}
          markers={markers}
          tables={known}
          onReady={(insertText) => {
            insert.current = insertText
          }}
        />
      </div>
      <section className={classes.result} aria-label="Result">
        <Result />
      </section>
    </div>
  )
}

function Result() {
  const query = useGoldsmith((state) => state.sql.query)
  const tables = useGoldsmith((state) => state.catalog.tables)
  const blank = useGoldsmith((state) => state.sql.text.trim() === '')
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
          <ErrorNotice error={withoutSql(query.error)} />
        </div>
      )
    case 'done':
      return (
        <>
          <div className={classes.resultHead} role="status">
            {formatQuantity(query.result.rows, 'row')} · {formatDuration(query.result.durationMs)}
          </div>
          <div className={classes.grid}>
            <ResultRows key={query.result.id} label="Rows of the result" result={query.result} />
          </div>
        </>
      )
  }
}

/** Gold is what people come for. */
function layerRank({ layer, kind }: TableInfo): number {
  return layer === 'gold' && kind !== 'quarantine' ? 0 : layer === 'silver' ? 1 : 2
}

function withoutSql({ sql: _, ...error }: ErrorData): ErrorData {
  return error
}

function PastQueries() {
  const past = useGoldsmith((state) => state.sql.past)
  const { setSql, setDialect, forgetQueries } = useActions()
  const [open, setOpen] = useState(false)
  const now = useNow(open, 30_000)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconHistory size={15} />}
          disabled={past.length === 0}
          onClick={() => setOpen(!open)}
        >
          Recent
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes.past}>
          {past.map((query) => (
            <button
              key={query.at}
              type="button"
              onClick={() => {
                setSql(query.sql)
                setDialect(query.dialect)
                setOpen(false)
              }}
            >
              <div className="mono truncate">{singleLine(query.sql, 120)}</div>
              <span className="muted num">
                {formatRelativeTime(query.at, now)} · {query.dialect === 'duckdb' ? 'DuckDB' : 'Databricks'} ·{' '}
                {query.rows === null ? 'failed' : formatQuantity(query.rows, 'row')} ·{' '}
                {formatDuration(query.durationMs)}
              </span>
            </button>
          ))}
        </div>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          m={4}
          onClick={() => {
            forgetQueries()
            setOpen(false)
          }}
        >
          Forget recent queries
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
