import { IconChevronRight } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import { type EditorDialect, writtenName, writtenTableName } from '@/components/code-editor/completion'
import { domainColor, splitName } from '@/components/domain-color'
import { KindIcon } from '@/components/kind-icon'
import { tablesBySchema } from '@/components/tables-by-schema'
import type { TableInfo } from '@/domain/automation'
import classes from './sql.module.css'

interface TableListProps {
  tables: readonly TableInfo[]
  dialect: EditorDialect
  onInsert: (text: string) => void
}

/** What can be queried, by schema; a click puts the name of a table or column into the query. */
export function TableList({ tables, dialect, onInsert }: TableListProps) {
  const schemas = useMemo(() => tablesBySchema(tables), [tables])
  return (
    <nav className={classes.side} aria-label="Tables">
      {schemas.length === 0 && <p className="muted">Nothing is loaded yet.</p>}
      {schemas.map(([schema, members]) => (
        <div key={schema}>
          <h2 className={classes.schema}>
            <span style={{ background: domainColor(schema) }} />
            {schema}
          </h2>
          {members.map((table) => (
            <Table key={table.name} table={table} dialect={dialect} onInsert={onInsert} />
          ))}
        </div>
      ))}
    </nav>
  )
}

function Table({ table, dialect, onInsert }: { table: TableInfo } & Omit<TableListProps, 'tables'>) {
  const [open, setOpen] = useState(false)
  const columns = useId()
  return (
    <>
      <div className={classes.table}>
        <button
          type="button"
          className={classes.expand}
          aria-expanded={open}
          aria-controls={open ? columns : undefined}
          aria-label={`Columns of ${table.name}`}
          onClick={() => setOpen(!open)}
        >
          <IconChevronRight size={13} aria-hidden />
        </button>
        <button
          type="button"
          className={classes.name}
          title={`Insert ${table.name}${table.comment === null ? '' : `\n${table.comment}`}`}
          onClick={() => onInsert(writtenTableName(table.name, dialect))}
        >
          <KindIcon kind={table.kind} size={13} />
          <span className="truncate">{splitName(table.name)[1]}</span>
        </button>
      </div>
      {open && (
        <ul className={classes.columns} id={columns} aria-label={`Columns of ${table.name}`}>
          {table.columns.map((column) => (
            <li key={column.name}>
              <button
                type="button"
                className={classes.name}
                title={`Insert ${column.name} (${column.type})${column.comment === null ? '' : `\n${column.comment}`}`}
                onClick={() => onInsert(writtenName(column.name, dialect))}
              >
                <span className="truncate">{column.name}</span>
                <small className="truncate">{column.type}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
