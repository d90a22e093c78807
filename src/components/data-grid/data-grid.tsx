import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import {
  columnResizingFeature,
  columnSizingFeature,
  createColumnHelper,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useReducer, useRef, useState } from 'react'
import { formatCount } from '@/domain/format/number'
import { formatValue, plainText, singleLine } from '@/domain/format/value'
import { CellContent } from './cell'
import classes from './data-grid.module.css'
import { type FetchRows, RowCache } from './row-cache'
import { useRowScroll } from './use-row-scroll'
import { columnWidth, isRightAligned, type Lengths, withRows } from './widths'

interface DataGridProps {
  /** What the rows are, for screen readers. */
  label: string
  columns: { name: string; type: string }[]
  rowCount: number
  /** Must be the same function as long as the rows are the same. */
  fetchRows: FetchRows
}

interface GridRow {
  index: number
  /** Null while the row is on its way. */
  values: unknown[] | null
}

const features = tableFeatures({ columnSizingFeature, columnResizingFeature })
const helper = createColumnHelper<typeof features, GridRow>()

const rowHeight = 28
const headerHeight = 40
const overscan = 6

/** Rows of a result of any length, fetched as they come into view. Arrow keys move, Ctrl/Cmd-C copies the cell. */
export function DataGrid({ label, columns, rowCount, fetchRows }: DataGridProps) {
  const id = useId()
  const viewport = useRef<HTMLDivElement>(null)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const [active, setActive] = useState<{ row: number; column: number } | null>(null)
  const [copied, setCopied] = useState(false)

  const [lengths, setLengths] = useState<Lengths>([])

  const cache = useMemo(
    () => new RowCache(fetchRows, rowCount, redraw, (rows) => setLengths((known) => withRows(known, columns, rows))),
    [fetchRows, rowCount, columns],
  )
  useEffect(() => () => cache.dispose(), [cache])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another cache means other rows
  useEffect(() => {
    if (viewport.current) viewport.current.scrollLeft = 0
    setActive(null)
    setLengths([])
  }, [cache])

  const scroll = useRowScroll(viewport, rowCount, rowHeight, headerHeight)
  const first = Math.max(0, Math.floor(scroll.offset / rowHeight) - overscan)
  const last = Math.min(rowCount - 1, Math.ceil((scroll.offset + scroll.viewportHeight) / rowHeight) + overscan)
  useEffect(() => {
    if (rowCount === 0) return
    // Dragging the scroll bar passes many windows: only where it rests is worth fetching.
    const timer = setTimeout(() => cache.want(first, last), 30)
    return () => clearTimeout(timer)
  }, [cache, first, last, rowCount])

  const definitions = useMemo(
    () =>
      columns.map(({ name, type }, index) =>
        helper.accessor((row) => row.values?.[index], {
          id: String(index),
          header: name,
          size: columnWidth(name, type, lengths[index] ?? 0),
          minSize: 48,
        }),
      ),
    [columns, lengths],
  )
  const data: GridRow[] = []
  for (let index = first; index <= last; index++) data.push({ index, values: cache.row(index) })
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row) => String(row.index),
    columnResizeMode: 'onChange',
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? []
  const sizes = headers.map((header) => header.getSize())
  const gutter = Math.max(36, formatCount(rowCount).length * 7 + 20)

  const horizontal = useVirtualizer({
    horizontal: true,
    count: headers.length,
    getScrollElement: () => viewport.current,
    estimateSize: (index) => sizes[index] ?? 100,
    paddingStart: gutter,
    overscan: 3,
  })
  const sizeKey = sizes.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: widths changed, so what was measured is stale
  useEffect(() => horizontal.measure(), [horizontal, sizeKey, gutter])
  const visibleColumns = horizontal.getVirtualItems()
  const width = horizontal.getTotalSize()

  const activeValues = active ? cache.row(active.row) : null
  const activeColumn = active ? columns[active.column] : undefined
  const activeValue = active && activeValues ? activeValues[active.column] : undefined

  async function copy() {
    if (!activeValues) return
    await navigator.clipboard.writeText(plainText(activeValue))
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }

  function move(row: number, column: number) {
    const next = {
      row: Math.min(rowCount - 1, Math.max(0, row)),
      column: Math.min(columns.length - 1, Math.max(0, column)),
    }
    setActive(next)
    scroll.showRow(next.row)
    horizontal.scrollToIndex(next.column, { align: 'auto' })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (rowCount === 0 || event.altKey) return
    const { row, column } = active ?? { row: Math.floor(scroll.offset / rowHeight), column: 0 }
    const page = Math.max(1, Math.floor(scroll.viewportHeight / rowHeight) - 1)
    const command = event.ctrlKey || event.metaKey
    if (command && event.key.toLowerCase() === 'c') {
      // A text selection made with the mouse is what the user means to copy.
      if (getSelection()?.isCollapsed !== false) void copy()
      return
    }
    const moves: Record<string, () => void> = {
      ArrowUp: () => move(command ? 0 : row - 1, column),
      ArrowDown: () => move(active ? (command ? rowCount - 1 : row + 1) : row, column),
      ArrowLeft: () => move(row, command ? 0 : column - 1),
      ArrowRight: () => move(row, command ? columns.length - 1 : column + (active ? 1 : 0)),
      PageUp: () => move(row - page, column),
      PageDown: () => move(row + page, column),
      Home: () => move(command ? 0 : row, 0),
      End: () => move(command ? rowCount - 1 : row, columns.length - 1),
    }
    const step = moves[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  return (
    <div className={classes.root}>
      <div
        ref={viewport}
        className={classes.viewport}
        role="grid"
        aria-label={label}
        aria-rowcount={rowCount + 1}
        aria-colcount={columns.length}
        aria-readonly
        aria-activedescendant={active ? `${id}-${active.row}-${active.column}` : undefined}
        tabIndex={0}
        onScroll={scroll.onScroll}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.header} style={{ width }}>
          <div role="row" aria-rowindex={1} tabIndex={-1}>
            {visibleColumns.map(({ index, start }) => {
              const header = headers[index]
              const column = columns[index]
              if (!header || !column) return null
              return (
                <div
                  key={header.id}
                  role="columnheader"
                  tabIndex={-1}
                  aria-colindex={index + 1}
                  className={`${classes.headerCell} ${isRightAligned(column.type) ? classes.right : ''}`}
                  style={{ left: start, width: header.getSize() }}
                  title={`${column.name} ${column.type}`}
                >
                  <span className={`${classes.name} truncate`} style={{ maxWidth: '100%' }}>
                    {column.name}
                  </span>
                  <span className={`${classes.type} truncate`} style={{ maxWidth: '100%' }}>
                    {column.type}
                  </span>
                  <div
                    className={classes.handle}
                    onMouseDown={header.getResizeHandler()}
                    onTouchStart={header.getResizeHandler()}
                    aria-hidden
                  />
                </div>
              )
            })}
          </div>
        </div>
        <div role="rowgroup" style={{ width, height: scroll.scale.scrollHeight }}>
          {table.getRowModel().rows.map((row) => {
            const { index, values } = row.original
            const rowCells = row.getAllCells()
            return (
              <div
                key={row.id}
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ top: headerHeight + scroll.scrollTop + index * rowHeight - scroll.offset, width }}
              >
                <div className={classes.gutter} style={{ width: gutter }} aria-hidden>
                  {formatCount(index + 1)}
                </div>
                {visibleColumns.map(({ index: columnIndex, start }) => {
                  const cell = rowCells[columnIndex]
                  const column = columns[columnIndex]
                  if (!cell || !column) return null
                  const isActive = active?.row === index && active.column === columnIndex
                  const alignment = isRightAligned(column.type) ? classes.right : ''
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself handles the keys
                    <div
                      key={cell.id}
                      id={`${id}-${index}-${columnIndex}`}
                      role="gridcell"
                      tabIndex={-1}
                      aria-colindex={columnIndex + 1}
                      aria-selected={isActive}
                      className={`${classes.cell} ${alignment} ${isActive ? classes.active : ''}`}
                      style={{ left: start, width: sizes[columnIndex] }}
                      onClick={() => setActive({ row: index, column: columnIndex })}
                    >
                      {values ? (
                        <CellContent value={cell.getValue()} type={column.type} />
                      ) : (
                        <span className={classes.skeleton} />
                      )}
                    </div>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
      <div className={classes.status}>
        {cache.error !== null ? (
          <>
            <span className={classes.failed}>
              Rows could not be read: {cache.error instanceof Error ? cache.error.message : String(cache.error)}
            </span>
            <Button variant="default" size="compact-xs" onClick={() => cache.retry(first, last)}>
              Try again
            </Button>
          </>
        ) : active && activeColumn ? (
          <>
            <span className="num">
              Row {formatCount(active.row + 1)} · {singleLine(activeColumn.name, 60)}
            </span>
            <span className={`${classes.statusValue} truncate`}>
              {activeValue === null ? (
                <em className="muted">NULL</em>
              ) : (
                singleLine(formatValue(activeValue, activeColumn.type), 2000)
              )}
            </span>
            <Tooltip label={copied ? 'Copied' : 'Copy the cell (Ctrl/⌘ C)'}>
              <ActionIcon onClick={copy} size="sm" aria-label="Copy the cell" disabled={!activeValues}>
                {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              </ActionIcon>
            </Tooltip>
          </>
        ) : (
          <span className="num">
            {formatCount(rowCount)} {rowCount === 1 ? 'row' : 'rows'} · {formatCount(columns.length)}{' '}
            {columns.length === 1 ? 'column' : 'columns'}
          </span>
        )}
      </div>
    </div>
  )
}
