import { Button, Popover } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { formatQuantity } from '@/domain/format/number'
import { formatDuration, formatRelativeTime } from '@/domain/format/units'
import { singleLine } from '@/domain/format/value'
import type { PastQuery } from '@/store/sql-memory'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import classes from './sql.module.css'

/** Queries that ended, and those whose tab was closed before they ran. */
export function PastQueries() {
  const past = useGoldsmith((state) => state.sql.past)
  const { openQuery, forgetQueries } = useActions()
  const [open, setOpen] = useState(false)
  const now = useNow(open, 30_000)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconHistory size={15} />}
          disabled={past.length === 0}
          onClick={() => setOpen(!open)}
        >
          Recent
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes.past}>
          {past.map((query) => (
            <button
              key={query.at}
              type="button"
              onClick={() => {
                openQuery(query.sql, query.dialect)
                setOpen(false)
              }}
            >
              <div className="mono truncate">{singleLine(query.sql, 120)}</div>
              <span className="muted num">
                {formatRelativeTime(query.at, now)} · {query.dialect === 'duckdb' ? 'DuckDB' : 'Databricks'} ·{' '}
                {outcomeOf(query)}
              </span>
            </button>
          ))}
        </div>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          m={4}
          onClick={() => {
            forgetQueries()
            setOpen(false)
          }}
        >
          Forget recent queries
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function outcomeOf({ rows, durationMs }: PastQuery): string {
  if (durationMs === null) return 'closed before it ran'
  return `${rows === null ? 'failed' : formatQuantity(rows, 'row')} · ${formatDuration(durationMs)}`
}
