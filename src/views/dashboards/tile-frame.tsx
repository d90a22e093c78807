import { ActionIcon, Modal, Tooltip } from '@mantine/core'
import { useViewportSize } from '@mantine/hooks'
import {
  IconArrowsMaximize,
  IconChartBar,
  IconCode,
  IconFileTypeCsv,
  IconPhotoDown,
  IconTable,
} from '@tabler/icons-react'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { DataGrid } from '@/components/data-grid/data-grid'
import { saveFile } from '@/components/save-file'
import { csvHeader, csvRows } from '@/domain/format/csv'
import { formatQuantity } from '@/domain/format/number'
import type { TileTable } from '@/store/dashboards/tile-table'
import { hrefOf } from '@/store/route'
import classes from './dashboards.module.css'

interface TileFrameProps {
  title: string
  note: string
  wide?: boolean
  /** Name of the files that are saved from it, without an ending. */
  fileName: string
  /** The tile's rows in Databricks SQL. */
  sql: string
  /** Reads the rows that the tile is drawn from. */
  table: () => TileTable
  /** Draws the tile as a picture; null for a tile of rows. */
  png: (() => Promise<Blob>) | null
  onError: (reason: unknown) => void
  /** px of the body when the tile stands among the others. */
  height: number
  /** The chart, for a body of that height; null shows the rows. */
  chart: ((height: number) => ReactNode) | null
  /** Under the body. */
  foot?: ReactNode
}

/** px that a full screen takes above and below the tile's body. */
const fullScreenHead = 120

/** A tile of a dashboard: its chart or its rows, and what can be taken from it. */
export function TileFrame(props: TileFrameProps) {
  const { title, note, wide = false, height, foot } = props
  const [full, setFull] = useState(false)
  const [asRows, setAsRows] = useState(false)
  const viewport = useViewportSize()
  const actions = (
    <TileActions
      {...props}
      asRows={asRows}
      onRows={() => setAsRows(!asRows)}
      onFull={full ? null : () => setFull(true)}
    />
  )
  const body = (px: number) =>
    props.chart === null || asRows ? <TileRows label={title} table={props.table} height={px} /> : props.chart(px)
  return (
    <section className={`card ${classes.chart} ${wide ? classes.wide : ''}`} aria-label={title}>
      <div className={classes.chartHead}>
        <div className={classes.chartTitle}>
          <h2>{title}</h2>
          <span className="muted">{note}</span>
        </div>
        {actions}
      </div>
      {body(height)}
      {foot}
      <Modal
        opened={full}
        onClose={() => setFull(false)}
        fullScreen
        title={title}
        transitionProps={{ duration: 0 }}
        closeButtonProps={{ 'aria-label': 'Leave full screen' }}
      >
        <div className={classes.chartHead}>
          <span className="muted">{note}</span>
          {actions}
        </div>
        {full && body(Math.max(240, viewport.height - fullScreenHead))}
      </Modal>
    </section>
  )
}

interface TileActionsProps extends TileFrameProps {
  asRows: boolean
  onRows: () => void
  /** null in full screen. */
  onFull: (() => void) | null
}

function TileActions({ title, fileName, sql, table, png, chart, onError, asRows, onRows, onFull }: TileActionsProps) {
  function saveCsv() {
    const { columns, rows } = table()
    const text =
      csvHeader(columns.map(({ name }) => name)) +
      csvRows(
        rows,
        columns.map(({ type }) => type),
      )
    saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${fileName}.csv`)
  }
  function savePng() {
    png?.().then((blob) => saveFile(blob, `${fileName}.png`), onError)
  }
  return (
    <div className={classes.actions}>
      <Tooltip label="Open as a query">
        <ActionIcon component="a" size="sm" href={hrefOf({ view: 'sql', query: sql })} aria-label={`${title}: SQL`}>
          <IconCode size={15} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {chart !== null && (
        <Action
          label={asRows ? 'Chart' : 'Rows'}
          hint={asRows ? 'Show the chart' : 'Show its rows'}
          title={title}
          icon={asRows ? IconChartBar : IconTable}
          onClick={onRows}
        />
      )}
      {png !== null && <Action label="PNG" hint="Save as PNG" title={title} icon={IconPhotoDown} onClick={savePng} />}
      <Action label="CSV" hint="Save its rows as CSV" title={title} icon={IconFileTypeCsv} onClick={saveCsv} />
      {onFull && (
        <Action label="Full screen" hint="Full screen" title={title} icon={IconArrowsMaximize} onClick={onFull} />
      )}
    </div>
  )
}

interface ActionProps {
  label: string
  hint: string
  title: string
  icon: typeof IconCode
  onClick: () => void
}

function Action({ label, hint, title, icon: Icon, onClick }: ActionProps) {
  return (
    <Tooltip label={hint}>
      <ActionIcon size="sm" onClick={onClick} aria-label={`${title}: ${label}`}>
        <Icon size={15} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

function TileRows({ label, table, height }: { label: string; table: () => TileTable; height: number }) {
  const { columns, rows } = useMemo(table, [table])
  const fetchRows = useCallback(
    (offset: number, limit: number) => Promise.resolve(rows.slice(offset, offset + limit)),
    [rows],
  )
  return (
    <div className={classes.rows} style={{ height }}>
      <DataGrid
        label={`Rows of ${label}`}
        columns={columns}
        rowCount={rows.length}
        fetchRows={fetchRows}
        arranging={null}
      />
      <span className="visually-hidden">{formatQuantity(rows.length, 'row')}</span>
    </div>
  )
}
