import type { AddFile } from '@/domain/delta/actions'
import { whyNotOnTop } from '@/domain/delta/commands/rebase'
import { checkWritable } from '@/domain/delta/features'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import { type DeltaColumn, parseSchema } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import { goldPath } from '@/engine/gold/gold-path'
import { tableHistory } from '@/engine/history'
import { quarantineName } from '@/engine/run/commit-dataset'
import type { UpdateContext } from '@/engine/run/update-context'

/** Other writers that may come first before a command gives up. */
const MOST_ATTEMPTS = 5

/** What a command works with. */
export interface CommandContext extends Omit<UpdateContext, 'silver'> {
  signal: AbortSignal
}

/** A stored table as its log has it now, whatever this tab has read before. */
export interface CommandTable {
  /** `schema.table` */
  name: string
  path: string
  snapshot: Snapshot
  columns: DeltaColumn[]
  /** The dataset whose rows or held back rows it has; null for the engine's own tables and for what is no longer in the pipeline. */
  dataset: Dataset | null
}

/**
 * The table that a name means: one to three parts, lower-case. Throws `catalog.unknown_table`, `catalog.no_versions`,
 * `sql.table_not_built`, and what makes a table unreadable.
 */
export async function commandTable(context: CommandContext, parts: readonly string[]): Promise<CommandTable> {
  const { project, deltaTables } = context
  const [schema = '', own] = parts.slice(-2)
  const name = own === undefined ? `${project.defaultSchema}.${schema}` : `${schema}.${own}`
  // Says why there is nothing to tend, when there is nothing.
  await tableHistory(context, name)
  const path = goldPath(name)
  const snapshot = await deltaTables.readSnapshot(path)
  if (snapshot === null) {
    throw new GoldsmithError({
      code: 'sql.table_not_built',
      message: `${name} has not been built yet.`,
      remedy: 'Run the pipeline first.',
    })
  }
  const dataset = project.datasets.find((one) => one.name === name || quarantineName(one.name) === name) ?? null
  return { name, path, snapshot, columns: parseSchema(snapshot.metaData.schemaString), dataset }
}

/** Throws `delta.unsupported_feature` when a writer that honours the table's protocol must do more than Goldsmith does. */
export function checkTended({ name, snapshot }: CommandTable): void {
  checkWritable(name, { ...snapshot, files: [] }, snapshot.metaData.configuration)
}

/** How a command becomes a log entry, over whichever version is the last by then. */
export interface CommandCommit {
  plan: (snapshot: Snapshot, context: CommitContext) => CommitPlan
  /** Whether rows that another writer added meanwhile would have concerned the command. */
  concerns: (file: AddFile) => boolean
  /** Called when the new version exists, or may exist, whatever fails afterwards: its files must stay. */
  committed?: () => void
}

/**
 * Commits a command, and lets go of the rows that were in memory. When another writer came first and did nothing that the
 * command relied on, it is put on top; else throws `delta.conflict` with the reason.
 */
export async function commitCommand(
  context: CommandContext,
  table: CommandTable,
  { plan, concerns, committed }: CommandCommit,
): Promise<number> {
  const { files, deltaTables, gold, swap, emit } = context
  const lock = `commit ${table.dataset?.name ?? table.name}`
  const version = await files.withLock(lock, async () => {
    let { snapshot } = table
    for (let attempt = 1; ; attempt += 1) {
      const entry = plan(snapshot, commitContext(context))
      try {
        const committedVersion = await deltaTables.commit(table.path, entry)
        committed?.()
        return committedVersion
      } catch (error) {
        const isConflict = toErrorData(error).code === 'delta.conflict'
        // A store that fails may have done all it was asked for.
        if (!isConflict) committed?.()
        if (!isConflict || attempt === MOST_ATTEMPTS) throw error
        const latest = await deltaTables.readSnapshot(table.path)
        if (latest === null) throw error
        const since = await deltaTables.commitsSince(table.path, snapshot.version)
        const reason = whyNotOnTop({ actions: entry.actions, concerns }, since)
        if (reason !== null) throw inTheWay(table.name, reason)
        snapshot = latest
      }
    }
  })
  await swap.run(() => gold.reread(table.name))
  emit({ type: 'catalog.changed' })
  return version
}

function commitContext({ clock, engineVersion }: CommandContext): CommitContext {
  return { now: clock.now(), engineVersion, newId: () => crypto.randomUUID() }
}

function inTheWay(table: string, reason: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.conflict',
    message: `The statement on ${table} was not committed, because ${reason}.`,
    remedy: 'Nothing of it was stored. Run it again: it then starts from what the other writer left.',
  })
}
