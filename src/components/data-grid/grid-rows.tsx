import type { VirtualItem } from '@tanstack/react-virtual'
import type { PointerEvent } from 'react'
import { formatCount } from '@/domain/format/number'
import { CellContent } from './cell'
import classes from './data-grid.module.css'
import { type CellPlace, type CellRange, holds } from './selection'
import type { GridColumn } from './types'
import { isRightAligned } from './widths'

interface GridRowsProps {
  /** Cells have the id `id-row-column`. */
  id: string
  columns: readonly GridColumn[]
  /** Rows [first, last] are drawn. */
  first: number
  last: number
  /** Null while the row is on its way. */
  rowOf: (index: number) => unknown[] | null
  /** px inside the scroll area */
  topOf: (index: number) => number
  height: number
  width: number
  gutter: number
  visibleColumns: readonly VirtualItem[]
  sizes: readonly number[]
  range: CellRange | null
  active: CellPlace | null
  /** Other rows are about to come. */
  faded: boolean
  onPointerDown: (event: PointerEvent) => void
  onFocus: () => void
  /** A finger chose a cell. */
  onTap: (row: number, column: number) => void
  /** The active cell’s whole value is wanted. */
  onOpen: () => void
}

export function GridRows(props: GridRowsProps) {
  const { id, columns, first, last, gutter, visibleColumns, sizes, range, active } = props
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  return (
    <div
      role="rowgroup"
      className={props.faded ? classes.faded : undefined}
      style={{ width: props.width, height: props.height }}
      onMouseDown={(event) => {
        // The grid has the focus, not a cell, which goes when it is scrolled out of sight.
        event.preventDefault()
        props.onFocus()
      }}
    >
      {indexes.map((index) => {
        const values = props.rowOf(index)
        return (
          <div
            key={index}
            role="row"
            tabIndex={-1}
            aria-rowindex={index + 2}
            className={classes.row}
            style={{ top: props.topOf(index), width: props.width }}
          >
            <div className={classes.gutter} style={{ width: gutter }} aria-hidden>
              {formatCount(index + 1)}
            </div>
            {visibleColumns.map(({ index: place, start }) => {
              const column = columns[place]
              if (!column) return null
              const isActive = active?.row === index && active.column === place
              const isSelected = range !== null && holds(range, index, place)
              const marks = `${isSelected && !isActive ? classes.selected : ''} ${isActive ? classes.active : ''}`
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself handles the keys
                <div
                  key={place}
                  id={`${id}-${index}-${place}`}
                  role="gridcell"
                  tabIndex={-1}
                  aria-colindex={place + 1}
                  aria-selected={isSelected}
                  className={`${classes.cell} ${isRightAligned(column.type) ? classes.right : ''} ${marks}`}
                  style={{ left: start, width: sizes[place] }}
                  onPointerDown={props.onPointerDown}
                  onClick={({ detail, nativeEvent }) => {
                    // Clicks of the mouse have chosen when they were pressed; assistive technology does not press.
                    const { pointerType } = nativeEvent as unknown as { pointerType?: string }
                    if (pointerType !== 'mouse') props.onTap(index, place)
                    if (detail === 2) props.onOpen()
                  }}
                >
                  {values ? (
                    <CellContent value={values[place]} type={column.type} masked={column.masked ?? false} />
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
  )
}
