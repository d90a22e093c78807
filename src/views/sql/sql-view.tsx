import { Button, SegmentedControl, Tooltip } from '@mantine/core'
import { IconAlignLeft, IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useRef } from 'react'
import type { CodeEditorHandle } from '@/components/code-editor/code-editor'
import { LazyCodeEditor } from '@/components/code-editor/lazy-code-editor'
import { formatSql } from '@/domain/sql/format-statement'
import { valueOr } from '@/store/loadable'
import { activeQuery, activeTab } from '@/store/sql'
import { useActions, useGoldsmith } from '@/views/store-context'
import { PastQueries } from './past-queries'
import { QueryTabs } from './query-tabs'
import { Result } from './result'
import { SavedQueries } from './saved-queries'
import classes from './sql.module.css'
import { TableList } from './table-list'

const none: never[] = []

/** A query editor over everything that is stored, and the rows of its last result. */
export default function SqlView() {
  const { id, text, dialect } = useGoldsmith((state) => activeTab(state.sql))
  const tabs = useGoldsmith((state) => state.sql.tabs)
  const query = useGoldsmith((state) => activeQuery(state.sql))
  const tables = useGoldsmith((state) => state.catalog.tables)
  const engineReady = useGoldsmith((state) => state.engine.info.status === 'ready')
  const { setSql, setDialect, runQuery, cancelQuery } = useActions()
  const editor = useRef<CodeEditorHandle>(null)
  const known = valueOr(tables, none)
  const tabIds = useMemo(() => tabs.map((tab) => tab.id), [tabs])
  useLinkedQuery()

  const markers = useMemo(() => {
    if (query.status !== 'failed' || query.error.line === undefined) return []
    return [{ message: query.error.message, line: query.error.line, column: query.error.column ?? 1 }]
  }, [query])

  return (
    <div className={classes.view}>
      <h1 className="visually-hidden">SQL</h1>
      <TableList tables={known} dialect={dialect} onInsert={(name) => editor.current?.insert(name)} />
      <QueryTabs />
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
          <Tooltip label="Lay the text out by clauses; Ctrl/⌘ Z brings back what was there">
            <Button
              variant="default"
              leftSection={<IconAlignLeft size={15} />}
              disabled={text.trim() === ''}
              onClick={() => setSql(formatSql(text, dialect))}
            >
              Format
            </Button>
          </Tooltip>
          <SavedQueries />
          <PastQueries />
          {query.status === 'running' ? (
            <Button variant="default" leftSection={<IconX size={14} />} onClick={cancelQuery}>
              Cancel
            </Button>
          ) : (
            <Tooltip label="Ctrl/⌘ Enter; runs the selection, else the statement at the cursor">
              <Button
                leftSection={<IconPlayerPlay size={14} />}
                disabled={!engineReady || text.trim() === ''}
                onClick={() => editor.current?.submit()}
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
          documentId={id}
          documentIds={tabIds}
          onChange={setSql}
          onSubmit={({ text: sql, line, column }) => void runQuery(sql, { line, column })}
          markers={markers}
          tables={known}
          dialect={dialect}
          onReady={(handle) => {
            editor.current = handle
          }}
        />
      </div>
      <section className={classes.result} aria-label="Result">
        <Result />
      </section>
    </div>
  )
}

/** A query in the address is shown in a tab of its own and runs: queries only read, and can be cancelled. */
function useLinkedQuery(): void {
  const linked = useGoldsmith((state) => (state.route.view === 'sql' ? state.route.query : null))
  const { openQuery, runQuery, navigate } = useActions()
  useEffect(() => {
    if (linked === null) return
    openQuery(linked, 'databricks')
    void runQuery(linked)
    // The link has done its work; kept in the address it would open the query again on the next reload.
    navigate({ view: 'sql', query: null }, 'replace')
  }, [linked, openQuery, runQuery, navigate])
}
