import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { domainColor, splitName } from '@/components/domain-color'
import { KindIcon } from '@/components/kind-icon'
import { tablesBySchema } from '@/components/tables-by-schema'
import { formatCompact } from '@/domain/format/number'
import type { StoredTable } from '@/store/contract'
import { hrefOf } from '@/store/route'
import { standingOf, type TableFilter, tableFilters } from '@/store/table-standing'
import { useGoldsmith, useNow } from '@/views/store-context'
import classes from './catalog.module.css'

const filterTexts: Record<TableFilter, { label: string; meaning: string }> = {
  pii: { label: 'PII', meaning: 'Tables with personal data' },
  stale: { label: 'stale', meaning: 'Tables that are older than they promise (sla_freshness_hours)' },
  failing: { label: 'failing', meaning: 'Tables whose last update failed, or of which rows break a rule' },
}

/** Tables by schema, narrowed by a filter over the names of tables and columns, and by what is to be looked after. */
export function TableTree({ tables, selected }: { tables: StoredTable[]; selected: string | null }) {
  const [filter, setFilter] = useState('')
  const [wanted, setWanted] = useState<TableFilter | null>(null)
  const now = useNow(true, 60_000)
  const report = useGoldsmith((state) => state.run.report)
  const measured = useGoldsmith((state) => state.run.measured)
  const standings = useMemo(
    () => new Map(tables.map((table) => [table.name, standingOf(table, { report, measured }, now)])),
    [tables, report, measured, now],
  )
  const counts = useMemo(() => {
    const count = (name: TableFilter) => [...standings.values()].filter((standing) => standing.has(name)).length
    return { pii: count('pii'), stale: count('stale'), failing: count('failing') }
  }, [standings])
  const tab = useGoldsmith((state) => (state.route.view === 'catalog' ? state.route.tab : 'columns'))
  const schemas = useMemo(() => {
    const kept = wanted === null ? tables : tables.filter(({ name }) => standings.get(name)?.has(wanted))
    return tablesBySchema(kept, filter)
  }, [tables, filter, wanted, standings])
  return (
    <nav className={classes.tree} aria-label="Tables">
      <TextInput
        placeholder="Filter tables and columns"
        aria-label="Filter tables and columns"
        leftSection={<IconSearch size={14} />}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div className={classes.filters} role="group" aria-label="Tables to look after">
        {tableFilters.map((name) => (
          <button
            key={name}
            type="button"
            title={filterTexts[name].meaning}
            aria-pressed={wanted === name}
            disabled={counts[name] === 0 && wanted !== name}
            onClick={() => setWanted(wanted === name ? null : name)}
          >
            {filterTexts[name].label} <span className="num">{counts[name]}</span>
          </button>
        ))}
      </div>
      {schemas.length === 0 && (
        <p className="muted">
          {filter.trim() === ''
            ? 'No table is left to look after here.'
            : `No table or column ${wanted === null ? '' : 'among these '}is named like this.`}
        </p>
      )}
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
