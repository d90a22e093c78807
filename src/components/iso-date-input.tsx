import { IconCalendar } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { addDays, isIsoDate } from '@/domain/format/dates'
import classes from './iso-date-input.module.css'

interface IsoDateInputProps {
  label: string
  /** YYYY-MM-DD, as are the limits. */
  value: string
  min?: string
  max?: string
  onChange: (date: string) => void
}

/**
 * A date written YYYY-MM-DD whatever the browser's language (its own date field follows the language), with the browser's
 * calendar behind a button. Arrow up and down go a day on and back.
 */
export function IsoDateInput({ label, value, min, max, onChange }: IsoDateInputProps) {
  const [draft, setDraft] = useState(value)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => setDraft(value), [value])

  const allowed = (date: string) =>
    isIsoDate(date) && (min === undefined || date >= min) && (max === undefined || date <= max)

  function commit(date: string) {
    if (!allowed(date)) setDraft(value)
    else if (date !== value) onChange(date)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') commit(draft)
    if (event.key === 'Escape') setDraft(value)
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    commit(addDays(value, step))
  }

  return (
    <span className={classes.field}>
      <input
        className={classes.text}
        aria-label={label}
        aria-invalid={!allowed(draft)}
        inputMode="numeric"
        placeholder="YYYY-MM-DD"
        maxLength={10}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => commit(draft)}
        onKeyDown={onKeyDown}
      />
      <input
        ref={picker}
        className={classes.picker}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={value}
        min={min}
        max={max}
        onChange={(event) => commit(event.currentTarget.value)}
      />
      <button
        type="button"
        className={classes.open}
        aria-label={`${label}: calendar`}
        onClick={() => picker.current?.showPicker()}
      >
        <IconCalendar size={14} stroke={1.7} />
      </button>
    </span>
  )
}
