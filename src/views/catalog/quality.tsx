import { Skeleton } from '@mantine/core'
import { useEffect, useMemo } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { Facts } from '@/components/facts'
import type { TableInfo } from '@/domain/automation'
import type { DatasetView } from '@/store/contract'
import { valueOr } from '@/store/loadable'
import { freshnessRows } from '@/store/runs/freshness'
import { qualityOf } from '@/store/runs/trends'
import { Committed, DataTime, FreshnessTag, Promised, Refreshed } from '@/views/freshness-cells'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { QualityTables } from '@/views/table-quality'
import { useFreshness } from '@/views/use-freshness'
import { useVersions } from '@/views/use-versions'
import classes from './catalog.module.css'

interface QualityProps {
  table: TableInfo
  dataset: DatasetView
}

/** What a table promises of its freshness and its rows, and what its updates found. */
export function Quality({ table, dataset }: QualityProps) {
  const history = useGoldsmith((state) => state.runs.quality)
  const versions = useVersions('pipeline.event_log', 'pipeline.quality')
  const { loadQuality } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: other versions have other results
  useEffect(() => void loadQuality(), [loadQuality, versions])

  if (history.status === 'error') {
    return (
      <div className={classes.padded}>
        <ErrorNotice error={history.error} subject={table.name} />
      </div>
    )
  }
  if (history.status === 'loading') return <Skeleton height={90} m={16} />
  const quality = qualityOf(dataset.name, dataset.expectations, history.value)
  return (
    <div className={classes.quality}>
      <Freshness table={table} dataset={dataset} />
      <QualityTables quality={quality} />
      {quality.expectations.length + quality.rules.length === 0 && (
        <p className="muted">No rule judges the rows of this table.</p>
      )}
    </div>
  )
}

function Freshness({ table, dataset }: QualityProps) {
  const checks = useGoldsmith((state) => state.runs.checks)
  const times = useGoldsmith((state) => state.runs.times)
  const now = useNow(true, 10_000)
  const tables = useMemo(() => [table], [table])
  useFreshness(tables)
  const known = valueOr(checks, null)
  const [row] = useMemo(
    () => (known === null ? [] : freshnessRows([dataset], [table], known, times, now)),
    [dataset, table, known, times, now],
  )
  if (checks.status === 'error') return <ErrorNotice error={checks.error} subject={table.name} />
  if (row === undefined) return null
  return (
    <Facts
      facts={[
        { label: 'Freshness', value: <FreshnessTag judgement={row.judgement} /> },
        { label: 'SLA', value: <Promised row={row} /> },
        { label: 'Refreshed', value: <Refreshed row={row} now={now} /> },
        { label: 'Committed', value: <Committed row={row} now={now} /> },
        { label: 'Data', value: <DataTime row={row} /> },
      ]}
    />
  )
}
