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
import { ArrangementBar } from './arrangement-bar'
import { CellPanel } from './cell-panel'
import classes from './data-grid.module.css'
import { GridRows } from './grid-rows'
import { HeaderCell } from './header-cell'
import { type FetchRows, RowCache } from './row-cache'
import { type CellPlace, type CellSelection, moved, rangeOf } from './selection'
import { StatusLine } from './status-line'
import type { Arranging, GridColumn } from './types'
import { useCellDrag } from './use-cell-drag'
import { useCopy } from './use-copy'
import { useRowScroll } from './use-row-scroll'
import { columnWidth, type Lengths, withRows } from './widths'

interface DataGridProps {
  /** What the rows are, for screen readers. */
  label: string
  /** Must be the same array as long as the columns are the same. */
  columns: readonly GridColumn[]
  rowCount: number
  /** Must be the same function as long as the rows are the same. */
  fetchRows: FetchRows
  /** Null for rows that cannot be sorted and filtered. */
  arranging: Arranging | null
}

const features = tableFeatures({ columnSizingFeature, columnResizingFeature })
const helper = createColumnHelper<typeof features, never>()

const rowHeight = 28
const headerHeight = 40
const overscan = 6

/**
 * Rows of a result of any length, fetched as they come into view. Arrow keys move, Shift or the mouse selects, Ctrl/Cmd-C copies,
 * Enter shows a whole value, Alt and the down arrow what can be done with a column.
 */
export function DataGrid({ label, columns, rowCount, fetchRows, arranging }: DataGridProps) {
  const id = useId()
  const viewport = useRef<HTMLDivElement>(null)
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const [selection, setSelection] = useState<CellSelection | null>(null)
  const [openColumn, setOpenColumn] = useState<number | null>(null)
  const [panelShown, setPanelShown] = useState(false)
  const [lengths, setLengths] = useState<Lengths>([])
  const { state: copyState, copy, forget: forgetCopy } = useCopy(fetchRows, columns)

  const cache = useMemo(
    () => new RowCache(fetchRows, rowCount, redraw, (rows) => setLengths((known) => withRows(known, columns, rows))),
    [fetchRows, rowCount, columns],
  )
  useEffect(() => () => cache.dispose(), [cache])
  const scroll = useRowScroll(viewport, rowCount, rowHeight, headerHeight)
  const { toTop } = scroll
  // biome-ignore lint/correctness/useExhaustiveDependencies: another cache means other rows
  useEffect(() => {
    toTop()
    setSelection(null)
  }, [cache])
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows in another order keep their widths and their place
  useEffect(() => {
    if (viewport.current) viewport.current.scrollLeft = 0
    setLengths([])
    setOpenColumn(null)
  }, [columns])

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
        helper.display({ id: String(index), size: columnWidth(name, type, lengths[index] ?? 0), minSize: 48 }),
      ),
    [columns, lengths],
  )
  const table = useTable({ features, columns: definitions, data: noRows, columnResizeMode: 'onChange' })
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

  const range = selection && rangeOf(selection)
  const active = selection?.focus ?? null
  const activeColumn = active ? columns[active.column] : undefined
  const activeValue = active ? cache.row(active.row)?.[active.column] : undefined

  function select(next: CellSelection) {
    setSelection(next)
    forgetCopy()
    scroll.showRow(next.focus.row)
    horizontal.scrollToIndex(next.focus.column, { align: 'auto' })
  }

  function placeAt(x: number, y: number): CellPlace {
    const box = viewport.current?.getBoundingClientRect() ?? new DOMRect()
    const row = Math.floor((y - box.top - headerHeight + scroll.offset) / rowHeight)
    let rest = x - box.left + (viewport.current?.scrollLeft ?? 0) - gutter
    const column = sizes.findIndex((size) => {
      rest -= size
      return rest < 0
    })
    return {
      row: Math.min(rowCount - 1, Math.max(0, row)),
      column: column < 0 ? columns.length - 1 : column,
    }
  }

  const onPointerDown = useCellDrag({
    placeAt,
    onSelect: (focus, extend) => {
      const anchor = extend && selection ? selection.anchor : focus
      if (selection?.focus.row === focus.row && selection.focus.column === focus.column && extend) return
      select({ anchor, focus })
    },
  })

  function openColumnPanel(open: boolean, column: number) {
    setOpenColumn(open ? column : null)
    if (!open) viewport.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    // What a popover or a button in the header does with its keys is its own business.
    const { target, currentTarget } = event
    const isOwn =
      target instanceof Element && currentTarget.contains(target) && !target.closest('[role="columnheader"]')
    if (!isOwn) return
    if (event.altKey) {
      if (event.key !== 'ArrowDown' || !arranging || columns.length === 0) return
      event.preventDefault()
      const column = active?.column ?? 0
      horizontal.scrollToIndex(column, { align: 'auto' })
      return setOpenColumn(column)
    }
    if (rowCount === 0) return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') {
      if (range) void copy(range, event.shiftKey)
      return
    }
    if (event.key === 'Enter' && active) return setPanelShown(!panelShown)
    if (event.key === 'Escape') return setPanelShown(false)
    const page = Math.max(1, Math.floor(scroll.viewportHeight / rowHeight) - 1)
    const start = { row: Math.floor(scroll.offset / rowHeight), column: 0 }
    const next = moved(selection, event, { rows: rowCount, columns: columns.length, page }, start)
    if (!next) return
    event.preventDefault()
    select(next)
  }

  return (
    <div className={classes.root}>
      {arranging && <ArrangementBar arranging={arranging} columns={columns} rowCount={rowCount} />}
      <div className={classes.middle}>
        <div
          ref={viewport}
          className={classes.viewport}
          role="grid"
          aria-label={label}
          aria-rowcount={rowCount + 1}
          aria-colcount={columns.length}
          aria-multiselectable
          aria-readonly
          aria-busy={arranging?.busy}
          aria-keyshortcuts={arranging ? 'Alt+ArrowDown Enter Control+C' : 'Enter Control+C'}
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
                  <HeaderCell
                    key={header.id}
                    place={index}
                    column={column}
                    left={start}
                    width={header.getSize()}
                    arranging={arranging}
                    open={openColumn === index}
                    onOpen={(open) => openColumnPanel(open, index)}
                    onResize={header.getResizeHandler()}
                  />
                )
              })}
            </div>
          </div>
          <GridRows
            id={id}
            columns={columns}
            first={first}
            last={last}
            rowOf={(index) => cache.row(index)}
            topOf={(index) => headerHeight + scroll.scrollTop + index * rowHeight - scroll.offset}
            height={scroll.scale.scrollHeight}
            width={width}
            gutter={gutter}
            visibleColumns={visibleColumns}
            sizes={sizes}
            range={range}
            active={active}
            faded={arranging?.busy ?? false}
            onPointerDown={onPointerDown}
            onFocus={() => viewport.current?.focus({ preventScroll: true })}
            onTap={(row, column) => select({ anchor: { row, column }, focus: { row, column } })}
            onOpen={() => setPanelShown(true)}
          />
          {rowCount === 0 && (
            <p className={classes.none}>
              {arranging?.arrangement.filters.length ? 'No row passes the filters.' : 'No rows.'}
            </p>
          )}
        </div>
        {panelShown && active && activeColumn && (
          <CellPanel
            column={activeColumn}
            value={activeValue}
            onClose={() => {
              setPanelShown(false)
              viewport.current?.focus()
            }}
          />
        )}
      </div>
      <StatusLine
        columns={columns}
        rowCount={rowCount}
        range={range}
        active={active}
        value={activeValue}
        error={cache.error}
        copyState={copyState}
        panelShown={panelShown}
        onRetry={() => cache.retry(first, last)}
        onCopy={(withNames) => range && void copy(range, withNames)}
        onTogglePanel={() => setPanelShown(!panelShown)}
      />
    </div>
  )
}

/** The rows are drawn by their number: the table only knows the columns’ widths. */
const noRows: never[] = []
