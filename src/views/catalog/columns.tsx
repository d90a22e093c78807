import { useMediaQuery } from '@mantine/hooks'
import { ErrorNotice } from '@/components/error-notice'
import { type PlainColumn, PlainTable } from '@/components/plain-table'
import { Tag } from '@/components/tag'
import type { TableInfo } from '@/domain/automation'
import type { Loadable } from '@/store/loadable'
import classes from './catalog.module.css'
import { listOf, type TableColumn } from './table-columns'

interface ColumnsProps {
  table: TableInfo
  columns: Loadable<TableColumn[]>
  columnKey: string[]
}

/** The columns of a table and what they mean; on a narrow screen one under the other. */
export function Columns({ table, columns, columnKey }: ColumnsProps) {
  const narrow = useMediaQuery('(max-width: 600px)', false, { getInitialValueInEffect: false })
  const contract = listOf(table.properties.public_contract)
  if (columns.status === 'loading') {
    return (
      <p className="muted" style={{ padding: 16 }}>
        Reading the tables behind {table.name} for its columns…
      </p>
    )
  }
  if (columns.status === 'error') {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={columns.error} subject={table.name} />
      </div>
    )
  }
  const name = (column: TableColumn) => <span className="mono">{column.name}</span>
  const type = (column: TableColumn) => <span className="mono muted">{column.type}</span>
  const meaning = (column: TableColumn) => <span className="muted">{column.comment}</span>
  const flags = (column: TableColumn) => (
    <span className={classes.flags}>
      {columnKey.includes(column.name) && <Tag>key</Tag>}
      {column.pii && <Tag tone="error">PII</Tag>}
      {contract.includes(column.name) && <Tag tone="gold">contract</Tag>}
      {!column.nullable && <Tag>not null</Tag>}
    </span>
  )
  const wide: PlainColumn<TableColumn>[] = [
    { id: 'name', title: 'Column', whole: true, cell: name },
    { id: 'type', title: 'Type', whole: true, cell: type },
    { id: 'flags', title: 'Role', whole: true, cell: flags },
    { id: 'comment', title: 'Meaning', cell: meaning },
  ]
  const stacked: PlainColumn<TableColumn>[] = [
    {
      id: 'column',
      title: 'Column, type, role and meaning',
      cell: (column) => (
        <>
          <div className={classes.stacked}>
            {name(column)} {type(column)} {flags(column)}
          </div>
          {meaning(column)}
        </>
      ),
    },
  ]
  return (
    <div className={classes.padded}>
      <PlainTable
        label={`Columns of ${table.name}`}
        rows={columns.value}
        rowKey={(column) => column.name}
        columns={narrow ? stacked : wide}
      />
    </div>
  )
}
