import { Tag } from '@/components/tag'
import type { SourceView } from '@/store/contract'
import classes from './sources.module.css'

/** Silver tables that the pipeline knows and nobody has loaded. */
export function AbsentSources({ sources }: { sources: SourceView[] }) {
  const absent = sources.filter((source) => source.status === 'absent')
  if (absent.length === 0) return null
  const ordered = [...absent.filter((source) => !source.optional), ...absent.filter((source) => source.optional)]
  return (
    <section aria-label="Not loaded">
      <h2 style={{ margin: '4px 0 8px' }}>Not loaded</h2>
      <div className={classes.absent}>
        {ordered.map((source) => (
          <div key={source.table} className="card">
            <div style={{ display: 'flex', gap: 8, justifyContent: 'space-between' }}>
              <span className="mono">{source.table}</span>
              {source.optional ? <Tag>optional</Tag> : <Tag tone="warning">required</Tag>}
            </div>
            <div className={classes.fine}>
              {source.comment ?? `key ${source.key.join(', ')}`} · {source.columns.length} columns
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}
