import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconChevronDown, IconX } from '@tabler/icons-react'
import { IsoDateInput } from '@/components/iso-date-input'
import { singleLine } from '@/domain/format/value'
import { dimensions } from '@/store/dashboards/definition'
import {
  type DashboardFilter,
  type FilterName,
  isFiltered,
  noFilter,
  nullKey,
  withValues,
} from '@/store/dashboards/filter'
import classes from './dashboards.module.css'
import { keyName } from './naming'

export interface Choice {
  name: FilterName
  /** All that can be chosen, in reading order. */
  keys: (string | null)[]
  /** Names of keys that are identifiers. */
  names?: Map<string, string>
}

interface FilterBarProps {
  /** First and last date that there are rows for; null when no rows have dates. */
  dates: { first: string; last: string } | null
  choices: Choice[]
  filter: DashboardFilter
  onChange: (filter: DashboardFilter) => void
}

/** Dates and values that all tiles are filtered by. */
export function FilterBar({ dates, choices, filter, onChange }: FilterBarProps) {
  const { from, to } = filter
  return (
    <div className={classes.end}>
      {dates && (
        <div className={classes.dates}>
          <IsoDateInput
            label="From"
            value={from ?? dates.first}
            min={dates.first}
            max={to ?? dates.last}
            onChange={(day) => onChange({ ...filter, from: day === dates.first ? null : day })}
          />
          <span aria-hidden>–</span>
          <IsoDateInput
            label="To"
            value={to ?? dates.last}
            min={from ?? dates.first}
            max={dates.last}
            onChange={(day) => onChange({ ...filter, to: day === dates.last ? null : day })}
          />
        </div>
      )}
      {choices.map((choice) => (
        <ChoiceButton
          key={choice.name}
          choice={choice}
          chosen={filter.values[choice.name] ?? []}
          onChange={(chosen) => onChange(withValues(filter, choice.name, chosen))}
        />
      ))}
      {isFiltered(filter) && (
        <Button variant="light" rightSection={<IconX size={13} />} onClick={() => onChange(noFilter)}>
          Clear
        </Button>
      )}
    </div>
  )
}

interface ChoiceButtonProps {
  choice: Choice
  chosen: string[]
  onChange: (chosen: string[]) => void
}

function ChoiceButton({ choice: { name, keys, names }, chosen, onChange }: ChoiceButtonProps) {
  const [only] = chosen
  const summary =
    only === undefined ? 'all' : chosen.length === 1 ? keyName(name, only, names) : `${chosen.length} chosen`
  return (
    <Popover position="bottom-end">
      <Popover.Target>
        <Button variant="default" rightSection={<IconChevronDown size={13} />} styles={{ label: { gap: 6 } }}>
          <span className="muted" style={{ fontWeight: 400 }}>
            {dimensions[name].title}
          </span>
          {singleLine(summary, 24)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={7} style={{ maxHeight: 320, overflow: 'auto' }}>
          {keys.map((value) => {
            const key = value ?? nullKey
            return (
              <Checkbox
                key={key}
                label={singleLine(keyName(name, value, names), 60)}
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
