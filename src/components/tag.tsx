import type { ReactNode } from 'react'
import classes from './tag.module.css'

export type Tone = 'neutral' | 'gold' | 'ok' | 'warning' | 'error'

export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${classes.tag} ${classes[tone]}`}>{children}</span>
}
