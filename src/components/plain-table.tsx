import type { ReactNode } from 'react'
import classes from './plain-table.module.css'

export interface PlainColumn<Row> {
  title: string
  /** Unique among the columns. */
  id: string
  right?: boolean
  width?: string
  /** Names and types: cells that never break. */
  whole?: boolean
  cell: (row: Row) => ReactNode
}

interface PlainTableProps<Row> {
  label: string
  columns: PlainColumn<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string | number
  /** On a narrow screen a row's cells stand below each other, each with its column's title, instead of being scrolled to. */
  stacked?: boolean
}

/** A short table of known length; long results belong into the DataGrid. */
export function PlainTable<Row>({ label, columns, rows, rowKey, stacked = false }: PlainTableProps<Row>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <table className={stacked ? `${classes.table} ${classes.stacked}` : classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={column.right ? classes.right : undefined}
                style={{ width: column.width }}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-title={column.title}
                  className={column.right ? classes.right : column.whole ? classes.whole : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
