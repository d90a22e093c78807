import { Button, Checkbox, Progress, Radio, Skeleton, Stack } from '@mantine/core'
import { IconBox, IconDownload, IconX } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { EmptyState } from '@/components/empty-state'
import { ErrorNotice } from '@/components/error-notice'
import { saveFile } from '@/components/save-file'
import { Tag } from '@/components/tag'
import type { TableInfo } from '@/domain/automation'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatBytes, formatDuration } from '@/domain/format/units'
import type { ExportFormat, ExportProgress, ExportReceipt } from '@/store/export'
import { hrefOf } from '@/store/route'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import classes from './export.module.css'

const formats: { value: ExportFormat; label: string; description: string }[] = [
  {
    value: 'delta',
    label: 'Delta tables',
    description: 'One folder a table with its log: opens in Spark, Databricks, delta-rs and DuckDB.',
  },
  {
    value: 'parquet',
    label: 'Parquet',
    description:
      'The current rows as plain files: one a table, or for a partitioned table a folder a partition, named by its value (Hive style), which readers put back as a column.',
  },
  {
    value: 'csv',
    label: 'CSV',
    description: 'One text file a table with a header, for spreadsheets. Types are lost, and it takes far more room.',
  },
]

/** Takes Gold out of the browser: chosen tables, in one zip. */
export default function ExportView() {
  const tables = useGoldsmith((state) => state.catalog.tables)
  const { excluded, format } = useGoldsmith((state) => state.export)
  const { setExcluded } = useActions()
  const stored = useMemo(
    () =>
      (tables.status === 'ready' ? tables.value.filter(isExportable) : []).toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
    [tables],
  )
  const chosen = useMemo(() => stored.filter(({ name }) => !excluded.includes(name)), [stored, excluded])

  if (tables.status === 'loading') return <Skeleton height={320} m={18} radius="lg" />
  if (tables.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={tables.error} />
      </div>
    )
  }
  if (stored.length === 0) {
    return (
      <EmptyState
        icon={<IconBox size={24} stroke={1.5} />}
        title="Nothing to export yet"
        text="Run the pipeline first: its Gold tables can then leave as Delta, Parquet or CSV."
      >
        <Button component="a" href={hrefOf({ view: 'pipeline', dataset: null })}>
          Open pipeline
        </Button>
      </EmptyState>
    )
  }
  return (
    <div className={classes.view}>
      <section className="card" aria-label="Tables to export">
        <div className={classes.head}>
          <h1>Export Gold</h1>
          <span className="muted num">
            {chosen.length} of {formatQuantity(stored.length, 'table')}
          </span>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setExcluded(chosen.length === stored.length ? stored.map(({ name }) => name) : [])}
          >
            {chosen.length === stored.length ? 'Choose none' : 'Choose all'}
          </Button>
        </div>
        {stored.map((table) => (
          <label key={table.name} className={classes.row} htmlFor={`export-${table.name}`}>
            <Checkbox
              id={`export-${table.name}`}
              checked={!excluded.includes(table.name)}
              onChange={(event) =>
                setExcluded(
                  event.currentTarget.checked
                    ? excluded.filter((name) => name !== table.name)
                    : [...excluded, table.name],
                )
              }
              aria-label={table.name}
            />
            <span className="mono truncate" title={table.name}>
              {table.name} {table.kind === 'quarantine' && <Tag tone="warning">quarantine</Tag>}
            </span>
            <span className={classes.right}>{table.rows === null ? '' : formatQuantity(table.rows, 'row')}</span>
            {/* What a table takes as CSV is known only when it is written. */}
            {format !== 'csv' && (
              <span className={`${classes.right} muted`}>{table.bytes === null ? '' : formatBytes(table.bytes)}</span>
            )}
          </label>
        ))}
      </section>
      <ExportPanel chosen={chosen} />
    </div>
  )
}

function ExportPanel({ chosen }: { chosen: TableInfo[] }) {
  const { format, activity } = useGoldsmith((state) => state.export)
  const { setFormat, startExport, cancelExport } = useActions()
  const running = activity.status === 'running'
  const now = useNow(running, 100)
  const rows = chosen.reduce((sum, table) => sum + (table.rows ?? 0), 0)
  const bytes = chosen.reduce((sum, table) => sum + (table.bytes ?? 0), 0)
  return (
    <section className={`card ${classes.side}`} aria-label="Format and download">
      <Radio.Group
        label="Format"
        value={format}
        onChange={(value) => {
          const next = formats.find((candidate) => candidate.value === value)
          if (next) setFormat(next.value)
        }}
      >
        <Stack gap={8} mt={6}>
          {formats.map(({ value, label, description }) => (
            <Radio key={value} value={value} label={label} description={description} size="xs" disabled={running} />
          ))}
        </Stack>
      </Radio.Group>
      <div className="muted num">
        {formatQuantity(chosen.length, 'table')}, {formatQuantity(rows, 'row')}
        {format !== 'csv' && <>, about {formatBytes(bytes)}</>}, in one zip
        {format === 'csv' && ' that is not compressed'}.
      </div>
      {activity.status === 'running' ? (
        <>
          <Progress
            value={activity.progress ? (100 * activity.progress.done) / Math.max(1, activity.progress.total) : 100}
            animated={!activity.progress}
            aria-label="Export progress"
          />
          <div className="muted num" role="status">
            {activity.progress
              ? `${formatCount(activity.progress.files)} of ${formatQuantity(activity.progress.totalFiles, 'file')} · ${amountDone(activity.progress)}`
              : 'Preparing'}{' '}
            · {formatDuration(Math.max(1, now - activity.startedAt))}
          </div>
          <Button variant="default" leftSection={<IconX size={14} />} onClick={cancelExport}>
            Cancel
          </Button>
        </>
      ) : (
        <Button
          leftSection={<IconDownload size={15} />}
          disabled={chosen.length === 0}
          onClick={() => void startExport(chosen.map(({ name, rows: count }) => ({ name, rows: count ?? 0 })))}
        >
          Export
        </Button>
      )}
      {activity.status === 'failed' && <ErrorNotice error={activity.error} />}
      {activity.status === 'canceled' && <p role="status">Canceled; nothing was saved.</p>}
      {activity.status === 'done' && <Receipt receipt={activity.receipt} />}
    </section>
  )
}

function amountDone({ unit, done, total }: ExportProgress): string {
  return unit === 'rows'
    ? `${formatCount(done)} of ${formatQuantity(total, 'row')}`
    : `${formatBytes(done)} of ${formatBytes(total)}`
}

/** Saves the zip when it appears, and says what is in it. */
function Receipt({ receipt }: { receipt: ExportReceipt }) {
  useEffect(() => {
    if (!saved.has(receipt.blob)) {
      saved.add(receipt.blob)
      saveFile(receipt.blob, receipt.fileName)
    }
  }, [receipt])
  return (
    <div role="status">
      <h2 style={{ marginBottom: 6 }}>Receipt</h2>
      <dl className={classes.receipt}>
        <dt>File</dt>
        <dd className="mono">{receipt.fileName}</dd>
        <dt>Tables</dt>
        <dd>{formatCount(receipt.tables.length)}</dd>
        {receipt.files !== null && (
          <>
            <dt>Files inside</dt>
            <dd>{formatCount(receipt.files)}</dd>
          </>
        )}
        <dt>Rows</dt>
        <dd>{formatCount(receipt.rows)}</dd>
        <dt>Size</dt>
        <dd title={`${formatCount(receipt.bytes)} bytes`}>{formatBytes(receipt.bytes)}</dd>
        <dt>Time</dt>
        <dd>{formatDuration(receipt.durationMs)}</dd>
        {receipt.sha256 !== null && (
          <>
            <dt>SHA-256</dt>
            <dd className={`mono ${classes.checksum}`}>{receipt.sha256}</dd>
          </>
        )}
      </dl>
      <Button
        variant="default"
        mt={10}
        leftSection={<IconDownload size={15} />}
        onClick={() => saveFile(receipt.blob, receipt.fileName)}
      >
        Save again
      </Button>
    </div>
  )
}

/** Coming back to this view shows the receipt again, and must not save the file again. */
const saved = new WeakSet<Blob>()

function isExportable(table: TableInfo): boolean {
  return table.layer === 'gold' && table.kind !== 'view' && table.version !== null
}
