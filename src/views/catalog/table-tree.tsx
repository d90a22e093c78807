import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { domainColor, splitName } from '@/components/domain-color'
import { KindIcon } from '@/components/kind-icon'
import type { TableInfo } from '@/domain/automation'
import { formatCompact } from '@/domain/format/number'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import classes from './catalog.module.css'

/** Tables by schema, narrowed by a filter over the names of tables and columns. */
export function TableTree({ tables, selected }: { tables: TableInfo[]; selected: string | null }) {
  const [filter, setFilter] = useState('')
  const tab = useGoldsmith((state) => (state.route.view === 'catalog' ? state.route.tab : 'columns'))
  const schemas = useMemo(() => groupBySchema(tables, filter), [tables, filter])
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

const layerOrder = { gold: 0, silver: 1, pipeline: 2 }

function groupBySchema(tables: TableInfo[], filter: string): [string, TableInfo[]][] {
  const wanted = filter.trim().toLowerCase()
  const matches = (text: string) => text.toLowerCase().includes(wanted)
  const kept = tables.filter((table) => matches(table.name) || table.columns.some((column) => matches(column.name)))
  const ordered = kept.toSorted((a, b) => layerOrder[a.layer] - layerOrder[b.layer] || (a.name < b.name ? -1 : 1))
  const groups = new Map<string, TableInfo[]>()
  for (const table of ordered) {
    const [schema] = splitName(table.name)
    groups.set(schema, [...(groups.get(schema) ?? []), table])
  }
  return [...groups]
}
