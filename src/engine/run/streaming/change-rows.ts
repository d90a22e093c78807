import { appliedChanges } from '@/domain/cdc/apply-changes'
import { BATCH, type ChangeRule, DELETED, effectiveChanges, newChanges, SEQUENCE } from '@/domain/cdc/change-log'
import { GoldsmithError } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { CommitMetadata } from '@/engine/gold/commit-metadata'
import type { ChangeFlow } from '@/engine/project-streams'
import type { BuildContext } from '@/engine/run/build-table'
import { quarantineName } from '@/engine/run/commit-dataset'
import type { DatasetRows, RefreshedDataset } from '@/engine/run/dataset-rows'
import type { Affected, Obstacle } from '@/engine/run/incremental/affected'
import { mergesOf } from '@/engine/run/incremental/incremental-run'
import { refreshTable } from '@/engine/run/incremental/refresh-table'
import { sameValues } from '@/engine/run/incremental/relation-text'
import { changeSource } from './change-source'
import type { Batch } from './stream-state'
import type { StreamingBuild } from './streaming-build'

/** Above this share of all keys, computing the table anew costs less. */
const MOST_KEYS = 0.3
const FEW_KEYS = 1000

/** The changes of a flow after those of its source have been taken in. */
interface Log {
  rule: ChangeRule
  definition: string
  /** A relation of all changes, the new ones among them. */
  changes: string
  batch: Batch | null
  isForgotten: boolean
}

/**
 * The rows of a table into which an AUTO CDC flow applies changes. Its state is the log of all changes that it has seen; the rows of a
 * key are computed from all changes of this key, so that it does not matter in which order and how often they came.
 */
export class ChangeRows implements DatasetRows {
  readonly reads: readonly string[]
  readonly #build: StreamingBuild
  readonly #flow: ChangeFlow
  #log: Promise<Log> | null = null
  #noted: Pick<CommitMetadata, 'read' | 'edited'> = {}
  #taken: Log | null = null

  constructor(build: StreamingBuild, flow: ChangeFlow) {
    this.#build = build
    this.#flow = flow
    this.reads = [build.state.name]
  }

  async refresh(context: BuildContext): Promise<RefreshedDataset | Obstacle> {
    const { state, blueprint, gold, newTable } = this.#build
    const applied = state.applied()
    const present = gold.tables.get(blueprint.name)
    if (applied.kind === 'none' || present === undefined) return { obstacle: 'a state that is not that of its version' }
    const affected = await this.#affected(applied.last)
    if ('obstacle' in affected) return affected
    const refreshed = await refreshTable(context, {
      blueprint,
      present,
      quarantine: gold.tables.get(quarantineName(blueprint.name)) ?? null,
      affected,
      keyColumns: (await this.#takeIn()).rule.keys,
      newTable,
    })
    return { refreshed, over: mergesOf(refreshed, gold.tables) }
  }

  async pieces(): Promise<string[]> {
    const { rule, changes } = await this.#takeIn()
    return [appliedChanges(rule, changes)]
  }

  noted(): Pick<CommitMetadata, 'read' | 'edited'> {
    return this.#noted
  }

  async commitFirst(): Promise<void> {
    const { state, updateId, inputs } = this.#build
    const log = this.#taken
    if (log?.batch) await state.commit(log.batch, log.definition, { id: updateId, inputs })
  }

  #takeIn(): Promise<Log> {
    this.#log ??= this.#readSource()
    return this.#log
  }

  /** Finds the changes that the log does not have yet. */
  async #readSource(): Promise<Log> {
    const { lakehouse, state, newTable, updateId } = this.#build
    const { rule, relation, definition } = await changeSource(lakehouse, this.#flow, this.#build.blueprint)
    const isForgotten = this.#forgets(definition)
    const names = [...rule.columns, SEQUENCE, DELETED].map(quoteIdentifier).join(', ')
    const batchColumn = quoteIdentifier(BATCH)
    const isKept = state.present !== null && !isForgotten
    const kept = isKept
      ? `(SELECT ${names}, ${batchColumn} FROM ${quoteName(state.name)})`
      : `(SELECT *, CAST(0 AS BIGINT) AS ${batchColumn} FROM ${relation} LIMIT 0)`
    const table = newTable()
    await lakehouse.database.runCancellable(
      `CREATE TABLE ${quoteName(table)} AS
       SELECT ${names}, CAST(${state.nextBatch} AS BIGINT) AS ${batchColumn} FROM (${newChanges(rule, relation, isKept ? kept : null)})`,
      this.#build.signal,
    )
    const changes = `(SELECT * FROM ${kept} UNION ALL SELECT * FROM ${quoteName(table)})`
    const batch = await this.#batch(rule, table, changes, isKept)
    this.#noted = { read: { [state.name]: state.announce(batch, isForgotten) }, edited: updateId }
    this.#taken = { rule, definition, changes, batch, isForgotten }
    return this.#taken
  }

  /** Now and then the log is written anew, without the changes that no longer count. */
  async #batch(rule: ChangeRule, table: string, changes: string, isKept: boolean): Promise<Batch | null> {
    const { lakehouse, state, newTable } = this.#build
    if (!isKept) return { table, replaces: true }
    if ((await lakehouse.count(table)) === 0) return null
    if (!state.isCrowded) return { table, replaces: false }
    const all = newTable()
    await lakehouse.database.run(`CREATE TABLE ${quoteName(all)} AS ${effectiveChanges(rule, changes)}`)
    return { table: all, replaces: true }
  }

  /** Whether the log begins anew. Throws when it has changes of another kind, which only a full refresh may forget. */
  #forgets(definition: string): boolean {
    const { state, isFullRefresh, blueprint, gold } = this.#build
    if (isFullRefresh) return true
    // Before `present` is looked at: a log that is gone must not pass for one that never was.
    if (gold.tables.has(blueprint.name)) state.applied()
    const { present } = state
    if (present === null || present.metadata?.definition === definition) return false
    if (!gold.tables.has(blueprint.name)) return true
    throw new GoldsmithError({
      code: 'cdc.definition_changed',
      message: `${blueprint.name}: the changes of ${this.#flow.source} have other columns, keys, an other order or other deletes now than those that were applied so far.`,
      remedy: `Run with a full refresh of ${blueprint.name}: it forgets the changes so far and applies those that ${this.#flow.source} holds now.`,
      file: blueprint.file,
    })
  }

  /** The keys of changes that came after batch `last`, and the rows that all their changes lead to. */
  async #affected(last: number): Promise<Affected | Obstacle> {
    const { lakehouse, newTable } = this.#build
    const { rule, changes } = await this.#takeIn()
    const keyNames = rule.keys.map(quoteIdentifier).join(', ')
    const keys = newTable()
    await lakehouse.database.run(
      `CREATE TABLE ${quoteName(keys)} AS SELECT DISTINCT ${keyNames} FROM ${changes} WHERE ${quoteIdentifier(BATCH)} > ${last}`,
    )
    const affected = await lakehouse.count(keys)
    const [all] = await lakehouse.row(`SELECT count(*) FROM (SELECT DISTINCT ${keyNames} FROM ${changes})`)
    if (affected > Number(all) * MOST_KEYS && affected > FEW_KEYS) {
      return { obstacle: `${affected} of ${all} keys, which it concerns` }
    }
    const hasNulls =
      (await lakehouse.count(keys, rule.keys.map((key) => `${quoteIdentifier(key)} IS NULL`).join(' OR '))) > 0
    const same = sameValues(
      'log',
      'affected',
      rule.keys.map((key) => ({ left: key, right: key })),
      hasNulls,
    )
    const ofKeys = `(SELECT log.* FROM ${changes} AS log SEMI JOIN ${quoteName(keys)} AS affected ON ${same})`
    return { keys, hasNulls, query: appliedChanges(rule, ofKeys) }
  }
}
