import { ActionIcon, Popover } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconFilterFilled } from '@tabler/icons-react'
import type { MouseEventHandler, TouchEventHandler } from 'react'
import { nextOrder } from '@/domain/result/arrangement'
import { ColumnPanel } from './column-panel'
import classes from './data-grid.module.css'
import type { Arranging, GridColumn } from './types'
import { isRightAligned } from './widths'

interface HeaderCellProps {
  place: number
  column: GridColumn
  /** px */
  left: number
  width: number
  /** Null for rows that can only be read. */
  arranging: Arranging | null
  open: boolean
  onOpen: (open: boolean) => void
  onResize: MouseEventHandler & TouchEventHandler
}

/** A column's name and type. A click on it shows what its values are like; a smaller one beside it sorts. */
export function HeaderCell({ place, column, left, width, arranging, open, onOpen, onResize }: HeaderCellProps) {
  const order = arranging?.arrangement.order ?? null
  const sorted = order?.column !== place ? 'none' : order.descending ? 'descending' : 'ascending'
  const names = (
    <>
      <span className={`${classes.name} truncate`}>{column.name}</span>
      <span className={`${classes.type} truncate`}>{column.type}</span>
    </>
  )
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-colindex={place + 1}
      aria-sort={arranging ? sorted : undefined}
      className={`${classes.headerCell} ${isRightAligned(column.type) ? classes.right : ''}`}
      style={{ left, width }}
      title={open ? undefined : `${column.name} ${column.type}`}
    >
      {arranging ? (
        <Popover
          opened={open}
          onChange={onOpen}
          position="bottom-start"
          width={300}
          returnFocus={false}
          // Where there is no room below it covers the header rather than leave the screen.
          middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
        >
          <Popover.Target>
            {/* One tab stop is the grid itself: Alt and the down arrow open the column of the active cell. */}
            <button type="button" tabIndex={-1} className={classes.names} onClick={() => onOpen(!open)}>
              {names}
            </button>
          </Popover.Target>
          {open && (
            <Popover.Dropdown p={12}>
              <ColumnPanel place={place} column={column} arranging={arranging} onClose={() => onOpen(false)} />
            </Popover.Dropdown>
          )}
        </Popover>
      ) : (
        <div className={classes.names}>{names}</div>
      )}
      {arranging?.arrangement.filters.some((filter) => filter.column === place) && (
        <IconFilterFilled size={11} className={classes.filtered} aria-label="filtered" />
      )}
      {arranging && !column.masked && (
        <ActionIcon
          size={18}
          tabIndex={-1}
          className={classes.sort}
          data-sorted={sorted !== 'none' || undefined}
          aria-label={`Sort by ${column.name}`}
          onClick={() =>
            arranging.onArrange({ ...arranging.arrangement, order: nextOrder(arranging.arrangement.order, place) })
          }
        >
          {sorted === 'none' ? (
            <IconArrowsSort size={13} />
          ) : sorted === 'ascending' ? (
            <IconArrowUp size={14} />
          ) : (
            <IconArrowDown size={14} />
          )}
        </ActionIcon>
      )}
      <div className={classes.handle} onMouseDown={onResize} onTouchStart={onResize} aria-hidden />
    </div>
  )
}
