import { Button, Skeleton } from '@mantine/core'
import { IconArrowRight, IconPlayerPlay } from '@tabler/icons-react'
import type { DroppedFile } from '@/components/dropped-files'
import { ErrorNotice } from '@/components/error-notice'
import { FileButtons } from '@/components/file-buttons'
import { formatQuantity } from '@/domain/format/number'
import type { SourceView } from '@/store/contract'
import { hrefOf } from '@/store/route'
import { outcomeOfRun } from '@/store/run'
import { useActions, useGoldsmith } from '@/views/store-context'
import { useAsOf } from '@/views/use-as-of'
import { AbsentSources } from './absent-sources'
import { AfterBuild, AfterFailure } from './after-run'
import { KeptGold } from './kept-gold'
import { LoadActivity } from './load-activity'
import { Samples } from './samples'
import { SourceCard } from './source-card'
import classes from './sources.module.css'

/** The first screen: what is loaded, what is missing, and how to load. */
export function SourcesView() {
  const { sources, activity, notices } = useGoldsmith((state) => state.sources)
  const { loadFiles, dismissNotice, dismissNotices, refreshSources } = useActions()

  // What went wrong is shown as a notice by the store.
  const onFiles = (files: DroppedFile[]) => void loadFiles(files).catch(() => undefined)

  const problems = notices.length > 0 && (
    <>
      {notices.length > 1 && (
        <div className={classes.noticesHead}>
          <span className="muted">{formatQuantity(notices.length, 'problem')} with the last files</span>
          <Button variant="default" size="compact-sm" onClick={dismissNotices}>
            Dismiss all
          </Button>
        </div>
      )}
      {notices.map(({ id, subject, error }) => (
        <ErrorNotice key={id} error={error} subject={subject} onDismiss={() => dismissNotice(id)} />
      ))}
    </>
  )

  if (sources.status === 'error') {
    return (
      <div className={classes.view}>
        <ErrorNotice error={sources.error}>
          <Button variant="default" size="compact-sm" mt={8} onClick={() => void refreshSources()}>
            Try again
          </Button>
        </ErrorNotice>
      </div>
    )
  }
  const known: SourceView[] = sources.status === 'ready' ? sources.value : []
  const loaded = known.filter((source) => source.status !== 'absent')

  if (sources.status === 'loading' || loaded.length === 0) {
    return (
      <div className={classes.view}>
        {problems}
        {sources.status === 'ready' && !activity && <KeptGold />}
        <section className={`card ${classes.hero}`}>
          <h1>Silver files in, Gold tables out, in this browser.</h1>
          <p>
            Goldsmith runs a pipeline of SQL files over your Silver Parquet files, checks every row against its quality
            rules, and keeps the Gold layer as Delta tables. There is no server: nothing leaves this browser.
          </p>
          {/* What is being read takes the place of what may be read: nothing moves, and no eye has to. */}
          {activity ? (
            <div className={classes.loading}>
              <LoadActivity activity={activity} />
            </div>
          ) : (
            <div className={classes.zone}>
              <strong>Drop Silver Parquet files or a folder anywhere on this page</strong>
              <span className="muted">
                orders, customers and products are required; a file is known by its name or its columns
              </span>
              <div className={classes.buttons}>
                <FileButtons onFiles={onFiles} disabled={false} />
              </div>
            </div>
          )}
        </section>
        <Samples loading={activity?.label ?? null} />
        {sources.status === 'loading' ? <Skeleton height={120} radius="lg" /> : <AbsentSources sources={known} />}
      </div>
    )
  }

  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <h1>Silver sources</h1>
        <FileButtons onFiles={onFiles} disabled={activity !== null} />
      </div>
      {activity && <LoadActivity activity={activity} />}
      {problems}
      {!activity && <NextStep sources={known} />}
      {loaded.map((source) => (
        <SourceCard key={source.table} source={source} />
      ))}
      <AbsentSources sources={known} />
      <Samples loading={activity?.label ?? null} />
    </div>
  )
}

/** What to do now that something is loaded. */
function NextStep({ sources }: { sources: SourceView[] }) {
  const { runPipeline, navigate } = useActions()
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  const engineReady = useGoldsmith((state) => state.engine.info.status === 'ready')
  const asOf = useAsOf()
  const outcome = useGoldsmith(outcomeOfRun)
  const builtAsOf = useGoldsmith((state) => state.run.report?.asOf ?? null)
  const missing = sources.filter((source) => !source.optional && source.status !== 'ready')
  const orders = sources.find((source) => source.table === 'silver.orders')
  if (missing.length > 0) {
    return (
      <div className={`card ${classes.next}`}>
        <div>
          <b>Still needed: {missing.map(({ table }) => table).join(', ')}.</b> Drop the Parquet{' '}
          {missing.length === 1 ? 'file' : 'files'} anywhere on this page.
        </div>
      </div>
    )
  }
  if (!running && outcome === 'failed') return <AfterFailure />
  if (!running && outcome === 'built' && builtAsOf === asOf.date) return <AfterBuild asOf={asOf.date} />
  return (
    <div className={`card ${classes.next}`}>
      <div>
        <b>{running ? 'Building Gold' : 'Ready to build Gold'}</b>
        {orders && <> from {formatQuantity(orders.rows, 'order line')}</>}, as of{' '}
        <span className="num">{asOf.date}</span>.
      </div>
      <Button
        component="a"
        variant="default"
        href={hrefOf({ view: 'pipeline', dataset: null })}
        rightSection={<IconArrowRight size={14} />}
      >
        Open pipeline
      </Button>
      <Button
        leftSection={<IconPlayerPlay size={14} />}
        disabled={running || !engineReady}
        onClick={() => {
          navigate({ view: 'pipeline', dataset: null })
          void runPipeline()
        }}
      >
        Run the pipeline
      </Button>
    </div>
  )
}
