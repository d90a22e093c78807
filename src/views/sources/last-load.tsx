import { Button } from '@mantine/core'
import { formatCount, formatQuantity } from '@/domain/format/number'
import type { LastLoad as LastLoadOf } from '@/domain/silver/load-mode'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './sources.module.css'

/** What became of the rows that a table had when its last files were loaded, why, and the way to have it otherwise. */
export function LastLoad({ table, load }: { table: string; load: LastLoadOf }) {
  const { loadAgain } = useActions()
  const busy = useGoldsmith((state) => state.sources.activity !== null)
  const merged = load.mode === 'merge'
  return (
    <div className={classes.lastLoad}>
      <p>
        <b>{merged ? mergedText(table, load) : `${filesOf(load)} took the place of the rows of ${table}.`}</b>{' '}
        <span className="muted">{load.reason}</span>
      </p>
      {load.canSwitch && (
        <Button
          variant="default"
          size="compact-sm"
          disabled={busy}
          // What goes wrong is shown as a notice by the store.
          onClick={() => void loadAgain(table, merged ? 'replace' : 'merge').catch(() => undefined)}
        >
          {merged ? 'Replace the table instead' : 'Merge the rows instead'}
        </Button>
      )}
    </div>
  )
}

function mergedText(table: string, load: LastLoadOf): string {
  const { inserted, superseded } = load
  if (inserted + superseded === 0) return `${filesOf(load)} changed nothing in ${table}.`
  const old = superseded > 0 ? `, ${formatCount(superseded)} of them in the place of older ones` : ''
  return `Merged ${formatQuantity(inserted, 'changed row')} from ${filesOf(load)} into ${table}${old}.`
}

function filesOf({ files }: LastLoadOf): string {
  return files.length === 1 ? (files[0] ?? '') : formatQuantity(files.length, 'file')
}
