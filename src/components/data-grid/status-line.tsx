import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconLayoutSidebarRight } from '@tabler/icons-react'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatValue, singleLine } from '@/domain/format/value'
import classes from './data-grid.module.css'
import { type CellRange, cellCount } from './selection'
import type { GridColumn } from './types'

interface StatusLineProps {
  columns: readonly GridColumn[]
  rowCount: number
  range: CellRange | null
  active: { row: number; column: number } | null
  /** The active cell's value; undefined while its row is on its way. */
  value: unknown
  /** Why rows could not be read; null when they could. */
  error: unknown
  copyState: CopyState
  panelShown: boolean
  onRetry: () => void
  onCopy: (withNames: boolean) => void
  onTogglePanel: () => void
}

export type CopyState = { status: 'idle' | 'copying' | 'copied' } | { status: 'refused'; reason: string }

/** Under the rows: what is selected, or how much there is. */
export function StatusLine(props: StatusLineProps) {
  const { columns, rowCount, range, active, value, error, copyState, panelShown } = props
  const column = active ? columns[active.column] : undefined
  if (error !== null) {
    return (
      <div className={classes.status}>
        <span className={classes.failed}>
          Rows could not be read: {error instanceof Error ? error.message : String(error)}
        </span>
        <Button variant="default" size="compact-xs" onClick={props.onRetry}>
          Try again
        </Button>
      </div>
    )
  }
  if (!active || !column || !range) {
    return (
      <div className={classes.status}>
        <span className="num">
          {formatQuantity(rowCount, 'row')} · {formatQuantity(columns.length, 'column')}
        </span>
      </div>
    )
  }
  const isOne = cellCount(range) === 1
  const rows = range.bottom - range.top + 1
  return (
    <div className={classes.status}>
      <span className="num" style={{ whiteSpace: 'nowrap' }}>
        {isOne
          ? `Row ${formatCount(active.row + 1)} · ${singleLine(column.name, 60)}`
          : `${formatQuantity(rows, 'row')} × ${formatQuantity(range.right - range.left + 1, 'column')}`}
      </span>
      <span className={`${classes.statusValue} truncate`}>{isOne && <Value column={column} value={value} />}</span>
      <output className={copyState.status === 'refused' ? classes.failed : 'muted'}>{copyText(copyState)}</output>
      <Tooltip label={isOne ? 'Copy the cell (Ctrl/⌘ C)' : 'Copy the cells, tab-separated (Ctrl/⌘ C)'}>
        <ActionIcon
          size="sm"
          aria-label={isOne ? 'Copy the cell' : 'Copy the cells'}
          disabled={copyState.status === 'copying'}
          onClick={() => props.onCopy(false)}
        >
          {copyState.status === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
      {!isOne && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          disabled={copyState.status === 'copying'}
          onClick={() => props.onCopy(true)}
        >
          Copy with names
        </Button>
      )}
      <Tooltip label={panelShown ? 'Hide the value (Enter)' : 'Show the whole value (Enter)'}>
        <ActionIcon size="sm" aria-label="Show the whole value" aria-pressed={panelShown} onClick={props.onTogglePanel}>
          <IconLayoutSidebarRight size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

function Value({ column, value }: { column: GridColumn; value: unknown }) {
  if (column.masked) return <em className="muted">masked</em>
  if (value === null) return <em className="muted">NULL</em>
  if (value === '') return <em className="muted">empty text</em>
  return singleLine(formatValue(value, column.type), 2000)
}

function copyText(state: CopyState): string {
  switch (state.status) {
    case 'idle':
      return ''
    case 'copying':
      return 'Copying…'
    case 'copied':
      return 'Copied'
    case 'refused':
      return state.reason
  }
}
