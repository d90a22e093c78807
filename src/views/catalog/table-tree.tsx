import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { domainColor, splitName } from '@/components/domain-color'
import { KindIcon } from '@/components/kind-icon'
import { tablesBySchema } from '@/components/tables-by-schema'
import type { TableInfo } from '@/domain/automation'
import { formatCompact } from '@/domain/format/number'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './catalog.module.css'

/** Tables by schema, narrowed by a filter over the names of tables and columns. */
export function TableTree({ tables, selected }: { tables: TableInfo[]; selected: string | null }) {
  const [filter, setFilter] = useState('')
  const tab = useGoldsmith((state) => (state.route.view === 'catalog' ? state.route.tab : 'columns'))
  const schemas = useMemo(() => tablesBySchema(tables, filter), [tables, filter])
  return (
    <nav className={classes.tree} aria-label="Tables">
      <TextInput
        placeholder="Filter tables and columns"
        aria-label="Filter tables and columns"
        leftSection={<IconSearch size={14} />}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      {schemas.length === 0 && <p className="muted">No table or column is named like this.</p>}
      {schemas.map(([schema, members]) => (
        <div key={schema}>
          <div className={classes.schema}>
            <span className={classes.swatch} style={{ background: domainColor(schema) }} />
            {schema}
          </div>
          {members.map((table) => (
            <a
              key={table.name}
              className={classes.item}
              href={hrefOf({ view: 'catalog', table: table.name, tab })}
              aria-current={table.name === selected ? 'page' : undefined}
              title={table.name}
            >
              <KindIcon kind={table.kind} size={14} />
              <span className="truncate">{splitName(table.name)[1]}</span>
              {table.rows !== null && <small>{formatCompact(table.rows)}</small>}
            </a>
          ))}
        </div>
      ))}
    </nav>
  )
}
