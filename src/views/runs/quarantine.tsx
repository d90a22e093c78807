import { Button } from '@mantine/core'
import { IconFilterX, IconTerminal2 } from '@tabler/icons-react'
import { useCallback, useEffect, useMemo } from 'react'
import { EmptyState } from '@/components/empty-state'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { type Loadable, loading, valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { datasetOf, quarantinesOf, type Reason, rowsByRule } from '@/store/runs/quarantine'
import { heldRowsQuery } from '@/store/runs/queries'
import { useActions, useGoldsmith } from '@/views/store-context'
import { OpenedRows } from '@/views/table-rows'
import { useVersions } from '@/views/use-versions'
import { Loaded } from './loaded'
import classes from './runs.module.css'
import { useDatasets, useStoredTables } from './use-tables'

/** Rows that a rule keeps out of a table, with the rules that each of them failed. */
export function Quarantine() {
  const route = useGoldsmith((state) => state.route)
  const place = route.view === 'runs' && route.tab === 'quarantine' ? route : { table: null, rule: null }
  const tables = useGoldsmith((state) => state.catalog.tables)
  const { refreshTables } = useActions()
  const stored = useStoredTables()
  const quarantines = useMemo(() => quarantinesOf(stored), [stored])
  if (tables.status !== 'ready') {
    return (
      <Loaded value={tables} subject="the catalog" onRetry={() => void refreshTables()}>
        {() => null}
      </Loaded>
    )
  }
  if (quarantines.length === 0) {
    return (
      <EmptyState
        icon={<IconFilterX size={24} stroke={1.5} />}
        title="No row is held back"
        text="A row that fails a rule with ON VIOLATION DROP ROW is kept here, with the names of the rules that it failed."
      />
    )
  }
  const shown = place.table ?? quarantines[0]?.name ?? ''
  const known = quarantines.find(({ name }) => name === shown)
  return (
    <div className={classes.fill}>
      <nav className={classes.filters} aria-label="Quarantines">
        {quarantines.map(({ name, rows }) => (
          <a
            key={name}
            className={classes.chip}
            href={hrefOf({ view: 'runs', tab: 'quarantine', table: name, rule: null })}
            aria-current={name === shown ? 'page' : undefined}
          >
            <span className="mono">{datasetOf(name)}</span> {formatCount(rows ?? 0)}
          </a>
        ))}
      </nav>
      {known ? (
        <HeldRows key={shown} table={shown} rows={known.rows ?? 0} rule={place.rule} />
      ) : (
        <p className={`${classes.pad} muted`}>There is no quarantine {shown}.</p>
      )}
    </div>
  )
}

function HeldRows({ table, rows, rule }: { table: string; rows: number; rule: string | null }) {
  const reasons = useGoldsmith((state): Loadable<Reason[]> => state.runs.reasons[table] ?? loading)
  const versions = useVersions(table)
  const { loadReasons, openRows, openQuery, navigate } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version holds other rows
  useEffect(() => void loadReasons(table), [loadReasons, table, versions])
  const sql = heldRowsQuery(table, rule)
  const open = useCallback((signal: AbortSignal) => openRows(sql, signal), [openRows, sql])
  const found = valueOr(reasons, [])
  const rules = useMemo(() => rowsByRule(found), [found])
  const expression = useExpression(datasetOf(table), rule)
  const link = (next: string | null) => hrefOf({ view: 'runs', tab: 'quarantine', table, rule: next })
  return (
    <>
      <div className={classes.filters}>
        <a className={classes.chip} href={link(null)} aria-current={rule === null ? 'true' : undefined}>
          all rules {formatCount(rows)}
        </a>
        {rules.map((each) => (
          <a
            key={each.rule}
            className={classes.chip}
            href={link(each.rule)}
            aria-current={each.rule === rule ? 'true' : undefined}
            title={`${formatQuantity(each.rows, 'row')} failed it, ${formatCount(each.alone)} of them no other rule`}
          >
            {each.rule} {formatCount(each.rows)}
          </a>
        ))}
        {expression !== null && <span className="mono muted">{expression}</span>}
        <Button
          className={classes.end ?? ''}
          variant="default"
          leftSection={<IconTerminal2 size={15} />}
          onClick={() => {
            openQuery(sql, 'duckdb')
            navigate({ view: 'sql', query: null })
          }}
        >
          Open in SQL
        </Button>
      </div>
      <div className={classes.grid}>
        <OpenedRows
          tables={[table]}
          label={`Rows held back from ${datasetOf(table)}`}
          open={open}
          empty={
            <p className={`${classes.pad} muted`}>
              {rule === null ? 'The last update held no row back.' : `No row is held back because of ${rule}.`}
            </p>
          }
        />
      </div>
    </>
  )
}

/** What the rule asks for, in SQL; null when none is chosen or declared. */
function useExpression(dataset: string, rule: string | null): string | null {
  const datasets = useDatasets()
  const rules = datasets.find(({ name }) => name === dataset)?.expectations ?? []
  return rules.find(({ name }) => name === rule)?.expression ?? null
}
