import { ActionIcon, CloseButton, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { formatQuantity } from '@/domain/format/number'
import { prettyValue } from '@/domain/format/pretty-value'
import { formatValue, plainText, valueKind } from '@/domain/format/value'
import classes from './data-grid.module.css'
import type { GridColumn } from './types'

interface CellPanelProps {
  column: GridColumn
  /** Undefined while its row is on its way. */
  value: unknown
  onClose: () => void
}

/** The whole value of one cell beside the rows: line breaks, nested values and all. */
export function CellPanel({ column, value, onClose }: CellPanelProps) {
  return (
    <aside className={classes.cellPanel} aria-label={`Value of ${column.name}`}>
      <div className={classes.cellPanelHead}>
        <div className="truncate">
          <b title={column.name}>{column.name}</b> <span className="mono muted">{column.type}</span>
        </div>
        {!column.masked && (
          <CopyButton value={plainText(value)}>
            {({ copied, copy }) => (
              <Tooltip label={copied ? 'Copied' : 'Copy the value'}>
                <ActionIcon size="sm" aria-label="Copy the value" onClick={copy}>
                  {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                </ActionIcon>
              </Tooltip>
            )}
          </CopyButton>
        )}
        <CloseButton size="sm" aria-label="Close the value" onClick={onClose} />
      </div>
      <Whole column={column} value={value} />
    </aside>
  )
}

function Whole({ column, value }: Omit<CellPanelProps, 'onClose'>) {
  if (column.masked) return <p className="muted">Masked: personal data.</p>
  if (value === undefined) return <p className="muted">Reading the row…</p>
  if (value === null) return <p className="muted">NULL: there is no value.</p>
  if (value === '') return <p className="muted">Empty text: a value of no characters.</p>
  const kind = valueKind(column.type)
  const text = kind === 'text' || kind === 'nested' ? prettyValue(value) : formatValue(value, column.type)
  return (
    <>
      {/* Long values scroll, so they must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre className={classes.whole} tabIndex={0}>
        {text}
      </pre>
      {kind === 'text' && <p className="muted num">{formatQuantity([...text].length, 'character')}</p>}
      {value instanceof Uint8Array && <p className="muted num">{formatQuantity(value.length, 'byte')}</p>}
    </>
  )
}
