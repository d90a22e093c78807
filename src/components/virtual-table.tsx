import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'
import classes from './virtual-table.module.css'

export interface VirtualColumn<Row> {
  id: string
  title: string
  /** A track of a CSS grid: `120px`, `minmax(140px, 2fr)`. */
  width: string
  right?: boolean
  cell: (row: Row) => ReactNode
}

interface VirtualTableProps<Row> {
  label: string
  columns: readonly VirtualColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** px; a narrower place scrolls sideways. */
  minWidth: number
}

const rowHeight = 34

/** A table of rows of one height of which only those in sight are drawn: as fast with five hundred rows as with five. */
export function VirtualTable<Row>({ label, columns, rows, rowKey, minWidth }: VirtualTableProps<Row>) {
  const scroll = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const gridTemplateColumns = columns.map(({ width }) => width).join(' ')
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <div ref={scroll} className={classes.scroll} tabIndex={0}>
      {/* A real table element cannot leave rows out and keep its layout. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div
        className={classes.table}
        style={{ minWidth }}
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: a row of a table is none */}
        <div className={`${classes.row} ${classes.head}`} role="row" aria-rowindex={1} style={{ gridTemplateColumns }}>
          {columns.map(({ id, title, right }) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: nothing can be done with it
            <div key={id} role="columnheader" className={`${classes.cell} ${right ? classes.right : ''}`}>
              {title}
            </div>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              // biome-ignore lint/a11y/useSemanticElements: see above
              // biome-ignore lint/a11y/useFocusableInteractive: a row of a table is none
              <div
                key={rowKey(row)}
                className={classes.row}
                role="row"
                aria-rowindex={index + 2}
                style={{ gridTemplateColumns, height: size, top: start }}
              >
                {columns.map(({ id, right, cell }) => (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div key={id} role="cell" className={`${classes.cell} ${right ? classes.right : ''}`}>
                    {cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
