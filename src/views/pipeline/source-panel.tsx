import type { ReactNode } from 'react'
import { ErrorNotice } from '@/components/error-notice'
import { PlainTable } from '@/components/plain-table'
import { Tag } from '@/components/tag'
import { formatQuantity } from '@/domain/format/number'
import type { SourceView } from '@/store/contract'
import { hrefOf } from '@/store/route'
import classes from './pipeline.module.css'

/** One Silver source in full: what it is for, and what the pipeline uses of it. */
export function SourcePanel({ source, close }: { source: SourceView; close: ReactNode }) {
  return (
    <aside className={classes.panel} aria-label={source.table}>
      <div className={classes.panelHead}>
        <div className={classes.panelTitle}>
          <h2>{source.table}</h2>
          <Tag>Silver source</Tag>
          <div className={classes.end}>{close}</div>
        </div>
        <p className="muted">
          {source.comment} {sourceState(source)} <a href={hrefOf({ view: 'sources' })}>Sources</a>
        </p>
      </div>
      {source.problems.length > 0 && (
        <div className={classes.problems}>
          {source.problems.map((problem) => (
            <ErrorNotice key={JSON.stringify(problem)} error={problem} subject={source.table} />
          ))}
        </div>
      )}
      <div className={classes.panelBody}>
        <PlainTable
          label={`Columns of ${source.table}`}
          rows={source.columns}
          rowKey={(column) => column.name}
          columns={[
            { id: 'name', title: 'Column', whole: true, cell: (column) => <span className="mono">{column.name}</span> },
            {
              id: 'type',
              title: 'Type',
              whole: true,
              cell: (column) => <span className="mono muted">{column.type}</span>,
            },
            {
              id: 'use',
              title: 'In the pipeline',
              cell: (column) => (column.used ? 'used' : <span className="muted">not used</span>),
            },
          ]}
        />
      </div>
    </aside>
  )
}

function sourceState(source: SourceView): string {
  switch (source.status) {
    case 'absent':
      return 'Not loaded.'
    case 'invalid':
      return 'Not usable.'
    case 'ready':
      return `${formatQuantity(source.rows, 'row')}.`
  }
}
