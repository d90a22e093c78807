import { Button, Progress } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { formatCount, formatQuantity } from '@/domain/format/number'
import { formatBytes, formatDuration } from '@/domain/format/units'
import type { LoadActivity as Activity } from '@/store/sources'
import { useActions, useNow } from '@/views/store-context'
import classes from './sources.module.css'

/** What is being read: rows and bytes, file by file, with the time it takes. */
export function LoadActivity({ activity }: { activity: Activity }) {
  const { cancelLoad } = useActions()
  const now = useNow(true, 100)
  const place = useRef<HTMLElement>(null)
  // Whoever pressed a button further down must see that it works.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const { fetching, files } = activity
  const rows = files.reduce((sum, file) => sum + file.rows, 0)
  const elapsed = formatDuration(Math.max(1, now - activity.startedAt))
  return (
    <section ref={place} className={`card ${classes.activity}`} aria-label="Loading" aria-busy>
      <div className={classes.activityHead}>
        <div className="truncate">
          <b>
            {fetching ? 'Fetching' : 'Loading'} {activity.label}
          </b>
          <span className="muted num">
            {rows > 0 && ` · ${formatQuantity(rows, 'row')}`} · {elapsed}
          </span>
        </div>
        <Button variant="default" size="compact-sm" leftSection={<IconX size={14} />} onClick={cancelLoad}>
          Cancel
        </Button>
      </div>
      {fetching && (
        <div className={classes.file}>
          <span>from this page’s server</span>
          <Progress value={(100 * fetching.bytes) / fetching.totalBytes} aria-label="Bytes fetched" />
          <span className="muted num">
            {formatBytes(fetching.bytes)} of {formatBytes(fetching.totalBytes)}
          </span>
        </div>
      )}
      {files.map((file) => (
        <div key={file.file} className={classes.file}>
          <span className="mono truncate" title={file.file}>
            {file.file}
          </span>
          <Progress
            value={file.totalRows > 0 ? (100 * file.rows) / file.totalRows : 0}
            aria-label={`Rows of ${file.file}`}
          />
          <span className="muted num">
            {formatCount(file.rows)} of {formatCount(file.totalRows)} rows · {formatBytes(file.totalBytes)}
          </span>
        </div>
      ))}
      {!fetching && files.length === 0 && <Progress value={100} animated aria-label="Reading" />}
    </section>
  )
}
