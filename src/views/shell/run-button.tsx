import { Button, Tooltip } from '@mantine/core'
import { IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { formatDuration } from '@/domain/format/units'
import { isEngineReady, updateProgress, whyNotRun } from '@/store/run'
import { useActions, useGoldsmith, useNow } from '@/views/store-context'
import { RunMenu } from './run-menu'
import classes from './shell.module.css'

/** Run; while an update goes on, how far it is, and Cancel. The tab's title says the same. */
export function RunButton() {
  const update = useGoldsmith((state) => state.run.update)
  const reason = useGoldsmith(whyNotRun)
  const ready = useGoldsmith(isEngineReady)
  const { runPipeline, cancelRun } = useActions()
  const running = update.status !== 'idle'
  const now = useNow(running, 100)
  const progress = updateProgress(update)

  useEffect(() => {
    document.title = progress
      ? `${progress.done}/${progress.total} · Goldsmith`
      : running
        ? 'Running · Goldsmith'
        : 'Goldsmith'
  }, [progress, running])

  if (update.status === 'idle') {
    return (
      <Button.Group>
        <Tooltip label={reason} disabled={reason === null}>
          <Button
            leftSection={<IconPlayerPlay size={14} />}
            onClick={() => {
              // Disabled only in looks and for assistive technology: a truly disabled button shows no tooltip.
              if (reason === null) void runPipeline()
            }}
            disabled={!ready}
            {...(reason !== null ? { 'data-disabled': true, 'aria-disabled': true } : {})}
          >
            Run
          </Button>
        </Tooltip>
        <RunMenu disabled={!ready || reason !== null} />
      </Button.Group>
    )
  }
  const elapsed = formatDuration(Math.max(1, now - update.startedAt))
  return (
    <>
      <Button variant="default" leftSection={<IconX size={14} />} onClick={cancelRun} disabled={update.canceling}>
        {update.canceling ? 'Canceling…' : 'Cancel'}
      </Button>
      <output className={classes.progress}>
        <span className={classes.optional}>Running </span>
        {progress ? `${progress.done} of ${progress.total}` : 'plan'} · {elapsed}
        <span
          className={classes.progressBar}
          style={{ width: progress ? `${(100 * progress.done) / Math.max(1, progress.total)}%` : 0 }}
          aria-hidden
        />
      </output>
    </>
  )
}
