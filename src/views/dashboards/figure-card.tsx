import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dashboards.module.css'

interface FigureCardProps {
  label: string
  value: ReactNode
  note: ReactNode
  hint?: string
  /** What is kept out of the other figures stands apart. */
  held?: boolean
}

/** One figure of a dashboard. */
export function FigureCard({ label, value, note, hint, held = false }: FigureCardProps) {
  const card = (
    <section className={`card ${classes.tile} ${held ? classes.held : ''}`} aria-label={label}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>{value}</div>
      <div className={`${classes.note} num`}>{note}</div>
    </section>
  )
  return hint === undefined ? card : <Tooltip label={hint}>{card}</Tooltip>
}

/** A number with what follows its point smaller. */
export function FigureText({ text }: { text: string }) {
  const point = text.lastIndexOf('.')
  if (point < 0) return text
  return (
    <>
      {text.slice(0, point)}
      <small>{text.slice(point)}</small>
    </>
  )
}
