import classes from './status-dot.module.css'

export type DotTone = 'idle' | 'none' | 'ok' | 'warning' | 'error' | 'active'

/** A coloured dot; `label` says in words what its colour says. */
export function StatusDot({ tone, label }: { tone: DotTone; label: string }) {
  return <span className={`${classes.dot} ${classes[tone] ?? ''}`} role="img" aria-label={label} title={label} />
}
