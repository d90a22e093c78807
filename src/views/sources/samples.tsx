import { Anchor, Button, Select } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '@/domain/format/number'
import { formatBytes } from '@/domain/format/units'
import { onlineRetail } from '@/store/online-retail'
import { sampleLabels } from '@/store/sources'
import { useActions } from '@/views/store-context'
import classes from './sources.module.css'

const sizes = [10_000, 100_000, 1_000_000, 5_000_000, 10_000_000]

/** Two ways to see Gold without files of one's own. `loading` names what is being read; one at a time. */
export function Samples({ loading }: { loading: string | null }) {
  const { loadOnlineRetail, loadSample } = useActions()
  const [lines, setLines] = useState(100_000)
  const bytes = onlineRetail.files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <section className={classes.samples} aria-label="Sample data">
      <div className={`card ${classes.sample}`}>
        <h2>Online Retail: {formatCount(onlineRetail.orderLines)} real order lines</h2>
        <p className="muted">
          Every transaction of a UK gift-ware retailer, December 2010 to December 2011, dirt included.
        </p>
        <p className={classes.fine}>
          {onlineRetail.citation} doi:
          <Anchor
            href={`https://doi.org/${onlineRetail.doi}`}
            target="_blank"
            rel="noreferrer"
            underline="always"
            inherit
          >
            {onlineRetail.doi}
          </Anchor>
          , {onlineRetail.license}; changes made: {onlineRetail.changes}.
        </p>
        <div className={classes.end}>
          <Button
            loading={loading === sampleLabels.onlineRetail}
            disabled={loading !== null}
            onClick={() => void loadOnlineRetail()}
          >
            Load Online Retail
          </Button>
          <span className={classes.fine}>{formatBytes(bytes)}, shipped with this page</span>
        </div>
      </div>
      <div className={`card ${classes.sample}`}>
        <h2>Generated sample</h2>
        <p className="muted">
          Three years of a shop that never was: seasons, segments, returns, late corrections. The same rows every time.
        </p>
        <div className={classes.end}>
          <Select
            aria-label="Order lines to generate"
            size="xs"
            w={190}
            allowDeselect={false}
            value={String(lines)}
            onChange={(value) => value !== null && setLines(Number(value))}
            data={sizes.map((size) => ({ value: String(size), label: `${formatCount(size)} order lines` }))}
          />
          {/* What went wrong is shown as a notice by the store. */}
          <Button
            variant="default"
            loading={loading === sampleLabels.generated}
            disabled={loading !== null}
            onClick={() => void loadSample({ lines }).catch(() => undefined)}
          >
            Generate
          </Button>
        </div>
      </div>
    </section>
  )
}
