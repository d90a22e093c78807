import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ColumnStatistics } from '@/components/column-profile/column-statistics'
import { ErrorNotice } from '@/components/error-notice'
import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import { plainText } from '@/domain/format/value'
import { type Arrangement, withFilter } from '@/domain/result/arrangement'
import type { ColumnProfile } from '@/domain/result/profile'
import classes from './data-grid.module.css'
import { draftOf, type FilterKind, filterKinds, filterLabels, testOf } from './filter-draft'
import type { Arranging, GridColumn } from './types'

interface ColumnPanelProps {
  place: number
  column: GridColumn
  arranging: Arranging
  onClose: () => void
}

/** What can be done with one column: sort by it, filter by it, and see what its values are like. */
export function ColumnPanel({ place, column, arranging, onClose }: ColumnPanelProps) {
  if (column.masked) {
    return (
      <div className={classes.panel}>
        <PanelTitle column={column} />
        <p className="muted">Personal data, masked: show it before you sort, filter or look at its values.</p>
      </div>
    )
  }
  return (
    <div className={classes.panel}>
      <PanelTitle column={column} />
      <Order place={place} column={column} arranging={arranging} />
      <Filter place={place} column={column} arranging={arranging} onClose={onClose} />
      <Statistics place={place} column={column} arranging={arranging} onClose={onClose} />
    </div>
  )
}

function PanelTitle({ column }: { column: GridColumn }) {
  return (
    <div className={classes.panelTitle}>
      <b className="truncate" title={column.name}>
        {column.name}
      </b>
      <span className="mono muted">{column.type}</span>
    </div>
  )
}

type PartProps = Omit<ColumnPanelProps, 'onClose'>

function Order({ place, column, arranging: { arrangement, onArrange } }: PartProps) {
  const { order } = arrangement
  const value = order?.column !== place ? 'stored' : order.descending ? 'descending' : 'ascending'
  const change = (next: string): Arrangement => ({
    ...arrangement,
    order: next === 'stored' ? null : { column: place, descending: next === 'descending' },
  })
  return (
    <SegmentedControl
      fullWidth
      aria-label={`Order by ${column.name}`}
      value={value}
      onChange={(next) => onArrange(change(next))}
      data={[
        { value: 'stored', label: 'As stored' },
        { value: 'ascending', label: '↑ Ascending' },
        { value: 'descending', label: '↓ Descending' },
      ]}
    />
  )
}

function Filter({ place, column, arranging: { arrangement, onArrange }, onClose }: ColumnPanelProps) {
  const current = arrangement.filters.find((filter) => filter.column === place) ?? null
  const [draft, setDraft] = useState(() => draftOf(current, column.type))
  const test = testOf(draft, column.type)
  const input = (key: 'text' | 'from' | 'to', label: string) => (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={draft[key]}
      onChange={(event) => setDraft({ ...draft, [key]: event.currentTarget.value })}
      style={{ flex: 1, minWidth: 0 }}
    />
  )
  return (
    <form
      className={classes.filter}
      onSubmit={(event) => {
        event.preventDefault()
        onArrange(withFilter(arrangement, place, test))
        onClose()
      }}
    >
      <NativeSelect
        size="xs"
        aria-label={`How to filter ${column.name}`}
        value={draft.kind}
        data={filterKinds(column.type).map((kind) => ({ value: kind, label: filterLabels[kind] }))}
        onChange={(event) => setDraft({ ...draft, kind: event.currentTarget.value as FilterKind })}
      />
      {(draft.kind === 'contains' || draft.kind === 'equals') && input('text', 'Value')}
      {draft.kind === 'range' && (
        <div className={classes.between}>
          {input('from', 'From')}
          {input('to', 'To')}
        </div>
      )}
      <div className={classes.filterActions}>
        {current && (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              onArrange(withFilter(arrangement, place, null))
              onClose()
            }}
          >
            Remove filter
          </Button>
        )}
        <Button type="submit" variant="default" disabled={test === null && current === null}>
          Filter
        </Button>
      </div>
    </form>
  )
}

function Statistics({ place, column, arranging, onClose }: ColumnPanelProps) {
  const { profile, arrangement, onArrange } = arranging
  const [made, setMade] = useState<ColumnProfile | null>(null)
  const [error, setError] = useState<ErrorData | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController()
    setMade(null)
    setError(null)
    profile(place, controller.signal).then(
      (answer) => {
        if (!controller.signal.aborted) setMade(answer)
      },
      (thrown: unknown) => {
        if (!controller.signal.aborted) setError(toErrorData(thrown))
      },
    )
    return () => controller.abort()
  }, [profile, place, attempt])
  if (error) {
    return (
      <ErrorNotice error={error}>
        <Button variant="default" size="compact-sm" mt={8} onClick={() => setAttempt(attempt + 1)}>
          Try again
        </Button>
      </ErrorNotice>
    )
  }
  return (
    <ColumnStatistics
      name={column.name}
      type={column.type}
      profile={made}
      onPick={(value) => {
        onArrange(withFilter(arrangement, place, { kind: 'equals', text: plainText(value) }))
        onClose()
      }}
    />
  )
}
