import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCode } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { hrefOf } from '@/store/route'
import classes from './dashboards.module.css'

interface FigureCardProps {
  label: string
  value: ReactNode
  note: ReactNode
  hint?: string
  /** The figure in Databricks SQL. */
  sql?: string
  /** What is kept out of the other figures stands apart. */
  held?: boolean
}

/** One figure of a dashboard. */
export function FigureCard({ label, value, note, hint, sql, held = false }: FigureCardProps) {
  const card = (
    <section className={`card ${classes.tile} ${held ? classes.held : ''}`} aria-label={label}>
      <div className={classes.label}>
        {label}
        {sql !== undefined && (
          <ActionIcon
            component="a"
            size="xs"
            className={classes.figureSql ?? ''}
            href={hrefOf({ view: 'sql', query: sql })}
            aria-label={`${label}: SQL`}
          >
            <IconCode size={14} stroke={1.6} />
          </ActionIcon>
        )}
      </div>
      <div className={classes.value}>{value}</div>
      <div className={`${classes.note} num`}>{note}</div>
    </section>
  )
  return hint === undefined ? card : <Tooltip label={hint}>{card}</Tooltip>
}

/** A number with its cents smaller. */
export function FigureText({ text }: { text: string }) {
  const point = /\.\d\d(?!\d)/.exec(text)?.index
  if (point === undefined) return text
  return (
    <>
      {text.slice(0, point)}
      <small>{text.slice(point)}</small>
    </>
  )
}
