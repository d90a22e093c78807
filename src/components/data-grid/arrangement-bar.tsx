import { Button, CloseButton, Loader } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconFilter } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { singleLine } from '@/domain/format/value'
import { filterInWords, isStored, stored, withFilter } from '@/domain/result/arrangement'
import classes from './data-grid.module.css'
import type { Arranging, GridColumn } from './types'

interface ArrangementBarProps {
  arranging: Arranging
  columns: readonly GridColumn[]
  rowCount: number
}

/** In which order the rows are, what they are filtered by, and the way back. */
export function ArrangementBar({ arranging, columns, rowCount }: ArrangementBarProps) {
  const { arrangement, allRows, busy, error, onArrange } = arranging
  if (isStored(arrangement)) return null
  const nameOf = (column: number) => singleLine(columns[column]?.name ?? '', 40)
  const { order, filters } = arrangement
  return (
    <div className={classes.arrangement} role="status">
      {order && (
        <Chip label={`Order by ${nameOf(order.column)}`} onRemove={() => onArrange({ ...arrangement, order: null })}>
          {order.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />} {nameOf(order.column)}
        </Chip>
      )}
      {filters.map((filter) => (
        <Chip
          key={filter.column}
          label={`Filter of ${nameOf(filter.column)}`}
          onRemove={() => onArrange(withFilter(arrangement, filter.column, null))}
        >
          <IconFilter size={12} /> {nameOf(filter.column)} {singleLine(filterInWords(filter), 60)}
        </Chip>
      ))}
      {error ? (
        <span className={classes.failed}>
          {error.message} {error.remedy}
        </span>
      ) : busy ? (
        <span className={classes.busy}>
          <Loader size={12} /> Arranging {formatQuantity(allRows, 'row')}
        </span>
      ) : (
        filters.length > 0 && (
          <span className="num muted">
            {formatCount(rowCount)} of {formatQuantity(allRows, 'row')}
          </span>
        )
      )}
      <Button variant="subtle" color="gray" size="compact-xs" ml="auto" onClick={() => onArrange(stored)}>
        Clear
      </Button>
    </div>
  )
}

function Chip({ label, onRemove, children }: { label: string; onRemove: () => void; children: ReactNode }) {
  return (
    <span className={classes.chip}>
      {children}
      <CloseButton size={16} iconSize={12} aria-label={`Remove: ${label}`} onClick={onRemove} />
    </span>
  )
}
