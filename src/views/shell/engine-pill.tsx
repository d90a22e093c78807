import { Popover } from '@mantine/core'
import { type DotTone, StatusDot } from '@/components/status-dot'
import { formatQuantity } from '@/domain/format/number'
import { formatBytes } from '@/domain/format/units'
import { goldBytes } from '@/store/catalog'
import { useGoldsmith } from '@/views/store-context'
import classes from './shell.module.css'

/** The engine at a glance, and its facts on a click. */
export function EnginePill() {
  const { info, resources, failure } = useGoldsmith((state) => state.engine)
  const stored = useGoldsmith(goldBytes)
  const failed = failure !== null || info.status === 'error'
  const tone: DotTone = failed ? 'error' : info.status === 'loading' ? 'active' : 'ok'
  const word = failed ? 'Engine stopped' : info.status === 'loading' ? 'Starting…' : null
  const limit = info.status === 'ready' ? info.value.memoryLimitBytes : 0
  const used = resources?.memoryBytes ?? 0
  return (
    <Popover position="bottom-end" width={300}>
      <Popover.Target>
        <button type="button" className={classes.pill} aria-label="Engine details">
          <StatusDot tone={tone} label={failed ? 'engine stopped' : info.status === 'loading' ? 'starting' : 'ready'} />
          {word ??
            (info.status === 'ready' && (
              <>
                <span className={classes.optional}>{formatQuantity(info.value.threads, 'thread')}</span>
                <span className={`${classes.meter} ${classes.optional}`} aria-hidden>
                  <div style={{ width: `${Math.min(100, (100 * used) / Math.max(1, limit))}%` }} />
                </span>
                <span className={classes.optional}>
                  <b>{formatBytes(used)}</b>
                  {` / ${formatBytes(limit)}`}
                </span>
              </>
            ))}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {info.status === 'ready' ? (
          <dl className={classes.details}>
            <dt>Engine</dt>
            <dd>DuckDB {info.value.duckdbVersion.replace(/^v/, '')}, WebAssembly</dd>
            <dt>Threads</dt>
            <dd>{info.value.threads}</dd>
            <dt>Cross-origin isolated</dt>
            <dd>{info.value.crossOriginIsolated ? 'yes' : 'no: one thread only'}</dd>
            <dt>Memory used</dt>
            <dd>
              {formatBytes(used)} of {formatBytes(limit)}
            </dd>
            <dt>Gold, current versions</dt>
            <dd>{stored === null ? 'unknown' : formatBytes(stored)}</dd>
            <dt>Storage the browser allows</dt>
            <dd>{resources?.storageQuotaBytes == null ? 'unknown' : formatBytes(resources.storageQuotaBytes)}</dd>
            <dt>Gold survives a reload</dt>
            <dd>{info.value.persistent ? 'yes' : 'no: no private storage'}</dd>
          </dl>
        ) : (
          <p>{failure?.message ?? (info.status === 'error' ? info.error.message : 'The engine is starting.')}</p>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
