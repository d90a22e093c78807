import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconChevronDown, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import { IsoDateInput } from '@/components/iso-date-input'
import { singleLine } from '@/domain/format/value'
import { dimensionValues, type RevenueRow } from '@/store/revenue-model'
import { type DashboardFilter, noFilter, nullKey } from '@/store/route'
import { useActions } from '@/views/store-context'
import classes from './revenue.module.css'

interface RevenueFiltersProps {
  /** Unfiltered: they say what can be chosen. */
  rows: RevenueRow[]
  window: { first: string; last: string }
  filter: DashboardFilter
}

/** Dates, segments and categories; the choice is in the address. */
export function RevenueFilters({ rows, window, filter }: RevenueFiltersProps) {
  const { navigate } = useActions()
  const segments = useMemo(() => dimensionValues(rows, (row) => row.segment), [rows])
  const categories = useMemo(() => dimensionValues(rows, (row) => row.category), [rows])
  const set = (change: Partial<DashboardFilter>) =>
    navigate({ view: 'dashboards', name: 'revenue', filter: { ...filter, ...change } }, 'replace')
  const filtered =
    filter.from !== null || filter.to !== null || filter.segments.length > 0 || filter.categories.length > 0
  return (
    <div className={classes.end}>
      <div className={classes.dates}>
        <IsoDateInput
          label="From"
          value={filter.from ?? window.first}
          min={window.first}
          max={filter.to ?? window.last}
          onChange={(from) => set({ from: from === window.first ? null : from })}
        />
        <span aria-hidden>–</span>
        <IsoDateInput
          label="To"
          value={filter.to ?? window.last}
          min={filter.from ?? window.first}
          max={window.last}
          onChange={(to) => set({ to: to === window.last ? null : to })}
        />
      </div>
      <Choice
        label="Segment"
        values={segments}
        chosen={filter.segments}
        onChange={(chosen) => set({ segments: chosen })}
      />
      <Choice
        label="Category"
        values={categories}
        chosen={filter.categories}
        onChange={(chosen) => set({ categories: chosen })}
      />
      {filtered && (
        <Button
          variant="light"
          rightSection={<IconX size={13} />}
          onClick={() => navigate({ view: 'dashboards', name: 'revenue', filter: noFilter }, 'replace')}
        >
          Clear
        </Button>
      )}
    </div>
  )
}

interface ChoiceProps {
  label: string
  values: (string | null)[]
  chosen: string[]
  onChange: (chosen: string[]) => void
}

function Choice({ label, values, chosen, onChange }: ChoiceProps) {
  const only = chosen[0]
  const summary =
    chosen.length === 0 ? 'all' : chosen.length === 1 && only !== undefined ? nameOf(only) : `${chosen.length}`
  return (
    <Popover position="bottom-end">
      <Popover.Target>
        <Button variant="default" rightSection={<IconChevronDown size={13} />} styles={{ label: { gap: 6 } }}>
          <span className="muted" style={{ fontWeight: 400 }}>
            {label}
          </span>
          {singleLine(summary, 24)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={7} style={{ maxHeight: 320, overflow: 'auto' }}>
          {values.map((value) => {
            const key = value ?? nullKey
            return (
              <Checkbox
                key={key}
                label={singleLine(nameOf(key), 60)}
                checked={chosen.includes(key)}
                onChange={(event) =>
                  onChange(event.currentTarget.checked ? [...chosen, key] : chosen.filter((other) => other !== key))
                }
              />
            )
          })}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A group's name for reading. */
export function nameOf(key: string | null): string {
  return key === null || key === nullKey ? 'unknown' : key
}
