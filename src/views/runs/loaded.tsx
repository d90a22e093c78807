import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import type { Loadable } from '@/store/loadable'
import classes from './runs.module.css'

interface LoadedProps<T> {
  value: Loadable<T>
  /** What is read, for whoever waits for it and for an error. */
  subject: string
  onRetry: () => void
  children: (value: T) => ReactNode
}

/** Something that is read from the tables of the pipeline: its place while it is read, or why it could not be. */
export function Loaded<T>({ value, subject, onRetry, children }: LoadedProps<T>) {
  if (value.status === 'ready') return children(value.value)
  if (value.status === 'error') {
    return (
      <div className={classes.pad}>
        <ErrorNotice error={value.error} subject={subject}>
          <Button variant="default" size="compact-sm" mt={8} onClick={onRetry}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  return (
    <div className={classes.pad}>
      <output className="muted">Reading {subject}…</output>
      {[0, 1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={22} mt={8} />
      ))}
    </div>
  )
}
