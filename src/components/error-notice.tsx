import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ErrorData } from '@/domain/automation'
import classes from './error-notice.module.css'
import { type QuotedRow, quotedRow, tellingFields } from './error-row'

interface ErrorNoticeProps {
  error: ErrorData
  /** The file or table that it is about, when the error itself does not name one. */
  subject?: string | null
  /** The rule that a row broke, in SQL. */
  rule?: string | null
  onDismiss?: () => void
  /** What the user may do right here. */
  children?: ReactNode
}

/** An error as a person can use it: what happened, where, and what to do about it; details to copy. */
export function ErrorNotice({ error, subject, rule = null, onDismiss, children }: ErrorNoticeProps) {
  const place = placeOf(error) ?? subject ?? null
  const quoted = quotedRow(error.message)
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle size={17} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        {place !== null && <div className={classes.place}>{place}</div>}
        <div className={classes.title}>{quoted?.message ?? error.message}</div>
        {rule !== null && (
          <div>
            The rule: <code className="mono">{rule}</code>
          </div>
        )}
        {quoted && <FirstRow quoted={quoted} about={rule ?? ''} />}
        {error.remedy !== undefined && <div className={classes.remedy}>{error.remedy}</div>}
        {error.sql !== undefined && <pre className={classes.sql}>{error.sql}</pre>}
        {children}
      </div>
      <div className={classes.actions}>
        <CopyButton value={JSON.stringify(error, null, 2)}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the details'}>
              <ActionIcon onClick={copy} aria-label="Copy the details" size="sm">
                {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
        {onDismiss && (
          <ActionIcon onClick={onDismiss} aria-label="Dismiss" size="sm">
            <IconX size={15} />
          </ActionIcon>
        )}
      </div>
    </div>
  )
}

/** The row that an error quotes: what identifies it at once, the rest when it is asked for. */
function FirstRow({ quoted, about }: { quoted: QuotedRow; about: string }) {
  return (
    <>
      <div>
        The first such row:{' '}
        <span className="mono">
          {tellingFields(quoted, about)
            .map(({ name, value }) => `${name} ${value}`)
            .join(', ')}
        </span>
      </div>
      <details>
        <summary>The whole row</summary>
        <pre className={classes.sql}>{quoted.fields.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>
      </details>
    </>
  )
}

/** "file:line:column", as far as it is known. */
function placeOf(error: ErrorData): string | null {
  const parts = [error.file, error.line, error.line === undefined ? undefined : error.column]
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 0) return null
  return error.file === undefined ? `line ${known.join(', column ')}` : known.join(':')
}
