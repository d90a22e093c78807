import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconTableOptions, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { StatusDot } from '@/components/status-dot'
import { Tag } from '@/components/tag'
import { formatQuantity } from '@/domain/format/number'
import { formatBytes } from '@/domain/format/units'
import type { SourceView } from '@/store/contract'
import { useActions } from '@/views/store-context'
import { TableRows } from '@/views/table-rows'
import { LastLoad } from './last-load'
import classes from './sources.module.css'

/** One loaded Silver table: what came in, what the pipeline uses of it, and its rows. */
export function SourceCard({ source }: { source: SourceView }) {
  const { unload } = useActions()
  const [preview, setPreview] = useState(false)
  const ready = source.status === 'ready'
  // A file that was refused has no columns here: the notice says which are missing.
  const known = ready || source.columns.some(({ present }) => present)
  // Rows that the engine made itself came from no file; a Parquet file is never empty.
  const generated = ready && source.bytes === 0
  return (
    <section className="card" aria-label={source.table}>
      <div className={classes.cardHead}>
        <StatusDot tone={ready ? 'ok' : 'error'} label={ready ? 'ready' : 'not usable'} />
        <h2>{source.table}</h2>
        <Tag tone={ready ? 'ok' : 'error'}>{ready ? 'ready' : 'not usable'}</Tag>
        <div className={classes.tools}>
          {ready && (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconTableOptions size={14} />}
              aria-expanded={preview}
              onClick={() => setPreview(!preview)}
            >
              {preview ? 'Hide rows' : 'Show rows'}
            </Button>
          )}
          <Tooltip label="Remove this source. Gold that was built from it stays.">
            <ActionIcon aria-label={`Remove ${source.table}`} onClick={() => void unload(source.table)}>
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      {source.comment !== null && <p className={classes.comment}>{source.comment}</p>}
      <div className={`${classes.facts} num`}>
        {ready && (
          <span>
            <b>{formatQuantity(source.rows, 'row')}</b>
          </span>
        )}
        <span>
          {generated ? (
            'generated here'
          ) : source.delta !== null ? (
            <span className="mono">{source.delta.folder}</span>
          ) : source.files.length === 1 ? (
            <span className="mono">{source.files[0]?.path}</span>
          ) : (
            <Tooltip label={source.files.map((file) => file.path).join(', ')}>
              <span>{formatQuantity(source.files.length, 'file')}</span>
            </Tooltip>
          )}
        </span>
        {source.delta !== null && (
          <span>
            <span className="muted">Delta version</span> {source.delta.version}
          </span>
        )}
        {source.bytes > 0 && <span>{formatBytes(source.bytes)}</span>}
        {source.dateRange && (
          <span>
            <span className="mono muted">{source.dateRange.column}</span> {source.dateRange.min.slice(0, 10)} to{' '}
            {source.dateRange.max.slice(0, 10)}
          </span>
        )}
        {source.key.length > 0 && (
          <span>
            <span className="muted">key</span> <span className="mono">{source.key.join(', ')}</span>
          </span>
        )}
      </div>
      {source.lastLoad !== null && <LastLoad table={source.table} load={source.lastLoad} />}
      {source.problems.length > 0 && (
        <div className={classes.problems}>
          {ready && <p>The last load failed; {source.table} still holds the rows that were loaded before.</p>}
          {source.problems.map((problem) => (
            <ErrorNotice key={JSON.stringify(problem)} error={problem} subject={source.table} />
          ))}
        </div>
      )}
      <ul className={classes.columns} aria-label={`Columns of ${source.table}`}>
        {source.columns.map((column) => (
          <Column key={column.name} column={column} known={known} />
        ))}
      </ul>
      {preview && (
        <div className={classes.preview}>
          <TableRows table={source.table} />
        </div>
      )}
    </section>
  )
}

type SourceColumn = SourceView['columns'][number]

function Column({ column, known }: { column: SourceColumn; known: boolean }) {
  const { tone, state, explanation } = describeColumn(column, known)
  return (
    <li>
      <Tooltip label={explanation}>
        <span className={`${classes.column} ${tone ?? ''}`}>
          <span className="truncate">{column.name}</span>
          <small>{column.type}</small>
          {state !== null && <small>{state}</small>}
        </span>
      </Tooltip>
    </li>
  )
}

function describeColumn(column: SourceColumn, known: boolean) {
  if (!column.used) {
    return {
      tone: classes.unused,
      state: 'not used',
      explanation: 'Nothing in the pipeline uses this column: it is not read.',
    }
  }
  if (!known) return { tone: '', state: null, explanation: column.comment ?? 'The pipeline uses this column.' }
  if (column.present) return { tone: '', state: null, explanation: column.comment ?? 'Read from the file.' }
  if (column.optional) {
    const explanation = 'Optional, and not in the file: the pipeline sees NULL.'
    return { tone: classes.optionalMissing, state: 'not in the file', explanation }
  }
  const explanation = 'The pipeline needs this column and the file does not have it.'
  return { tone: classes.missing, state: 'missing', explanation }
}
