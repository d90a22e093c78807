import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core'
import { IconSearch, IconTerminal2 } from '@tabler/icons-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { valueOr } from '@/store/loadable'
import { allEvents, type EventFilter } from '@/store/runs/place'
import { eventsQuery } from '@/store/runs/queries'
import { useActions, useGoldsmith } from '@/views/store-context'
import { OpenedRows } from '@/views/table-rows'
import { NothingYet } from './nothing-yet'
import classes from './runs.module.css'
import { useDatasets } from './use-tables'

const table = 'pipeline.event_log'
const levels = ['INFO', 'WARN', 'ERROR']
const types = ['create_update', 'flow_definition', 'planning_information', 'flow_progress', 'update_progress']

/** Every event of every update, narrowed by filters that are in the address. */
export function EventLog() {
  const route = useGoldsmith((state) => state.route)
  const filter = route.view === 'runs' && route.tab === 'events' ? route.filter : allEvents
  const tables = useGoldsmith((state) => state.catalog.tables)
  const { navigate, openRows, openQuery } = useActions()
  const sql = eventsQuery(filter)
  const open = useCallback((signal: AbortSignal) => openRows(sql, signal), [openRows, sql])
  const set = (change: Partial<EventFilter>) =>
    navigate({ view: 'runs', tab: 'events', filter: { ...filter, ...change } }, 'replace')

  if (tables.status === 'ready' && !valueOr(tables, []).some(({ name }) => name === table)) {
    return (
      <NothingYet text="The event log tells of each update what it was asked, what it planned and why, and what it did to how many rows." />
    )
  }
  return (
    <div className={classes.fill}>
      <div className={classes.filters}>
        <MessageFilter text={filter.text ?? ''} onChange={(text) => set({ text: text === '' ? null : text })} />
        <Choice
          label="Level"
          all="every level"
          values={levels}
          value={filter.level}
          onChange={(level) => set({ level })}
        />
        <Choice
          label="Event type"
          all="every event type"
          values={types}
          value={filter.type}
          onChange={(type) => set({ type })}
        />
        <DatasetChoice value={filter.dataset} onChange={(dataset) => set({ dataset })} />
        {filter.update !== null && (
          <span className={classes.chip}>
            update <span className="mono">{filter.update.slice(0, 8)}</span>
            <CloseButton size="xs" aria-label="Events of all updates" onClick={() => set({ update: null })} />
          </span>
        )}
        <Button
          className={classes.end ?? ''}
          variant="default"
          leftSection={<IconTerminal2 size={15} />}
          onClick={() => {
            openQuery(sql, 'duckdb')
            navigate({ view: 'sql', query: null })
          }}
        >
          Open in SQL
        </Button>
      </div>
      <div className={classes.grid}>
        <OpenedRows
          tables={[table]}
          label="Events"
          open={open}
          empty={<p className={`${classes.pad} muted`}>No event is like this.</p>}
        />
      </div>
    </div>
  )
}

/** Waits until the typing rests: each filter is a query. */
function MessageFilter({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [draft, setDraft] = useState(text)
  useEffect(() => setDraft(text), [text])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another draft starts the wait anew
  useEffect(() => {
    if (draft === text) return
    const timer = setTimeout(() => onChange(draft), 300)
    return () => clearTimeout(timer)
  }, [draft])
  return (
    <TextInput
      placeholder="Filter messages"
      aria-label="Filter messages"
      leftSection={<IconSearch size={14} />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
    />
  )
}

function DatasetChoice({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const datasets = useDatasets()
  const names = useMemo(() => datasets.map(({ name }) => name).toSorted(), [datasets])
  return <Choice label="Dataset" all="every dataset" values={names} value={value} onChange={onChange} />
}

interface ChoiceProps {
  label: string
  /** What no choice is called. */
  all: string
  values: string[]
  value: string | null
  onChange: (value: string | null) => void
}

function Choice({ label, all, values, value, onChange }: ChoiceProps) {
  // A link may name a value that is not among those of today.
  const offered = value === null || values.includes(value) ? values : [value, ...values]
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      data={[{ value: '', label: all }, ...offered]}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  )
}
