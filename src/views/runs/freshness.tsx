import { useMemo } from 'react'
import { PlainTable } from '@/components/plain-table'
import { formatQuantity } from '@/domain/format/number'
import type { Freshness } from '@/domain/freshness/freshness'
import { type FreshnessRow, freshnessRows } from '@/store/runs/freshness'
import { Committed, DataTime, FreshnessTag, Promised, Refreshed } from '@/views/freshness-cells'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { useFreshness } from '@/views/use-freshness'
import { Loaded } from './loaded'
import { NothingYet } from './nothing-yet'
import classes from './runs.module.css'
import { useDatasets, useStoredTables, useTableHref } from './use-tables'

/** Every table that promises to be fresh: when it was refreshed, committed and what its data say, held against the promise. */
export function FreshnessOfTables() {
  const checks = useGoldsmith((state) => state.runs.checks)
  const times = useGoldsmith((state) => state.runs.times)
  const datasets = useDatasets()
  const stored = useStoredTables()
  const hrefOfTable = useTableHref()
  const now = useNow(true, 10_000)
  const { loadFreshness } = useActions()
  useFreshness(stored)
  const rows = useMemo(
    () => (checks.status === 'ready' ? freshnessRows(datasets, stored, checks.value, times, now) : []),
    [checks, times, datasets, stored, now],
  )

  return (
    <Loaded value={checks} subject="pipeline.event_log" onRetry={() => void loadFreshness(stored)}>
      {() =>
        rows.length === 0 ? (
          <NothingYet
            title="No table promises to be fresh"
            text="A dataset promises it by the properties sla_freshness_hours (or _minutes, _seconds) and refresh_sla_minutes."
          />
        ) : (
          <>
            <p className={classes.summary}>
              <Counts rows={rows} />
              <span className="muted">
                A table is fresh while its last refresh is no longer ago than its SLA allows and, where it says when its
                rows changed, the newest of them was no older than that at the end of the business date. A date only
                says which period a row is about, so it is shown and not judged. What cannot be told is unknown.
              </span>
            </p>
            <PlainTable
              label="Freshness of tables"
              stacked
              rows={rows}
              rowKey={({ table }) => table}
              columns={[
                {
                  id: 'table',
                  title: 'Table',
                  whole: true,
                  cell: ({ table }) => (
                    <a className="mono" href={hrefOfTable(table)}>
                      {table}
                    </a>
                  ),
                },
                {
                  id: 'status',
                  title: 'Status',
                  whole: true,
                  cell: ({ judgement }) => <FreshnessTag judgement={judgement} />,
                },
                { id: 'sla', title: 'SLA', whole: true, cell: (row) => <Promised row={row} /> },
                { id: 'refreshed', title: 'Refreshed', cell: (row) => <Refreshed row={row} now={now} /> },
                { id: 'committed', title: 'Committed', cell: (row) => <Committed row={row} now={now} /> },
                { id: 'data', title: 'Data', cell: (row) => <DataTime row={row} /> },
              ]}
            />
          </>
        )
      }
    </Loaded>
  )
}

function Counts({ rows }: { rows: FreshnessRow[] }) {
  const count = (status: Freshness) => rows.filter(({ judgement }) => judgement?.status === status).length
  return (
    <b className="num">
      {formatQuantity(rows.length, 'table')} with an SLA: {count('fresh')} fresh, {count('stale')} stale,{' '}
      {count('unknown')} unknown.
    </b>
  )
}
