import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { CHANGE_TYPE } from '@/engine/changes/change-set'
import type { CommitMetadata } from '@/engine/gold/commit-metadata'
import type { AppendFlow } from '@/engine/project-streams'
import { type BuildContext, type BuiltTable, buildTable } from '@/engine/run/build-table'
import { type CommitOver, quarantineName } from '@/engine/run/commit-dataset'
import { duplicateKeysError, wrongColumns } from '@/engine/run/dataset-errors'
import type { DatasetRows, RefreshedDataset } from '@/engine/run/dataset-rows'
import type { Obstacle } from '@/engine/run/incremental/affected'
import type { RefreshedTable } from '@/engine/run/incremental/refresh-table'
import { fillRelations, latestConditions, sameValues } from '@/engine/run/incremental/relation-text'
import { newRows, READ_ROWS, streamColumns } from './append-source'
import type { Batch } from './stream-state'
import type { StreamingBuild } from './streaming-build'

/** What the flows make of their sources. */
interface Intake {
  /** One query a flow. */
  pieces: string[]
  batch: Batch
  definition: string
  /** Whether the pieces give all rows of the table, and not only those that are to be appended. */
  isWhole: boolean
}

/**
 * The rows of a table that append flows fill. Its state has a hash of each row that a flow has read; a row that has none is read and
 * appended, once. A batch that the target's version does not have was never read.
 */
export class AppendRows implements DatasetRows {
  readonly reads: readonly string[]
  readonly #build: StreamingBuild
  readonly #flows: readonly AppendFlow[]
  #intake: Intake | null = null
  #noted: Pick<CommitMetadata, 'read' | 'edited'> = {}

  constructor(build: StreamingBuild, flows: readonly AppendFlow[]) {
    this.#build = build
    this.#flows = flows
    this.reads = [build.state.name]
  }

  async refresh(context: BuildContext): Promise<RefreshedDataset | Obstacle> {
    const { blueprint, gold } = this.#build
    const intake = await this.#takeIn(false)
    const present = gold.tables.get(blueprint.name)
    if (intake.isWhole || present === undefined) return { obstacle: 'a state that is not that of its version' }
    const built = await buildTable(context, blueprint, { pieces: intake.pieces })
    try {
      return await this.#appended(built)
    } finally {
      await context.lakehouse.drop(built.table)
      if (built.quarantine) await context.lakehouse.drop(built.quarantine.table)
    }
  }

  async pieces(): Promise<string[]> {
    return (await this.#takeIn(true)).pieces
  }

  noted(): Pick<CommitMetadata, 'read' | 'edited'> {
    return this.#noted
  }

  async commitFirst(): Promise<void> {
    const { state, updateId, inputs } = this.#build
    if (this.#intake) await state.commit(this.#intake.batch, this.#intake.definition, { id: updateId, inputs })
  }

  async #takeIn(isWhole: boolean): Promise<Intake> {
    const { lakehouse, state, newTable, isFullRefresh, updateId } = this.#build
    const columns = await Promise.all(this.#flows.map((flow) => streamColumns(this.#build, flow)))
    const definition = JSON.stringify(columns.map((of) => of.definition))
    const applied = state.applied()
    const isKnown = applied.kind === 'batches' && state.present?.metadata?.definition === definition && !isFullRefresh
    const { flow, hash, key, batch } = READ_ROWS
    const stateColumns = `CAST('' AS VARCHAR) AS ${flow}, CAST('' AS VARCHAR) AS ${hash}, CAST('' AS VARCHAR) AS ${key}, CAST(0 AS BIGINT) AS ${batch}`
    const none = `(SELECT * FROM (SELECT ${stateColumns}) LIMIT 0)`
    const read = isKnown ? `(SELECT * FROM ${quoteName(state.name)} WHERE ${batch} <= ${applied.last})` : none
    const startsAnew = isWhole || !isKnown
    const seen = newTable()
    await lakehouse.database.run(`CREATE TABLE ${quoteName(seen)} AS SELECT * FROM ${none}`)
    const pieces: string[] = []
    for (const [index, one] of this.#flows.entries()) {
      const of = columns[index]
      if (of === undefined) continue
      // Also where all rows are read again: those that are gone must not go from the table in silence.
      const fresh = await newRows(this.#build, one, of, read)
      const taken = startsAnew ? await newRows(this.#build, one, of, none) : fresh
      pieces.push(await this.#query(one, taken.table, taken.columns))
      await lakehouse.database.run(
        `INSERT INTO ${quoteName(seen)} SELECT ${quoteLiteral(one.name)}, ${hash}, ${key}, ${state.nextBatch} FROM ${quoteName(taken.table)}`,
      )
    }
    await this.#checkColumns(pieces)
    // Rows of a batch that the target never got are left out of what is remembered.
    const isCut = isKnown && applied.last < (state.present?.snapshot.version ?? 0)
    const keepsOld = !startsAnew && (isCut || state.isCrowded)
    if (keepsOld) await lakehouse.database.run(`INSERT INTO ${quoteName(seen)} SELECT * FROM ${read}`)
    const stored = { table: seen, replaces: startsAnew || keepsOld || state.present === null }
    this.#noted = { read: { [state.name]: state.announce(stored, startsAnew) }, edited: updateId }
    this.#intake = { pieces, batch: stored, definition, isWhole: startsAnew }
    return this.#intake
  }

  async #query({ query }: AppendFlow, table: string, columns: readonly string[]): Promise<string> {
    const { flow } = query
    const rows = `(SELECT ${columns.map(quoteIdentifier).join(', ')} FROM ${quoteName(table)})`
    const latest = await latestConditions(this.#build.superseded, flow.latestPerKey)
    const driver = flow.shape.kind === 'rows' ? flow.shape.driver.placeholder : ''
    return fillRelations(flow.sql, flow, new Map([[driver, rows]]), latest)
  }

  /** Flows into one table give the same columns, in any order. */
  async #checkColumns([first = '', ...others]: readonly string[]): Promise<void> {
    const { lakehouse, blueprint } = this.#build
    const wanted = await lakehouse.describe(first)
    const lacks = (columns: typeof wanted, name: string) =>
      !columns.some((column) => column.name.toLowerCase() === name.toLowerCase())
    for (const piece of others) {
      const given = await lakehouse.describe(piece)
      const missing = wanted.filter(({ name }) => lacks(given, name))
      const extra = given.filter(({ name }) => lacks(wanted, name))
      if (missing.length + extra.length > 0) throw wrongColumns(blueprint, missing, extra)
    }
  }

  async #appended(built: BuiltTable): Promise<RefreshedDataset> {
    const { blueprint, gold } = this.#build
    await this.#checkKey(built)
    const present = gold.tables.get(blueprint.name)
    const quarantine = gold.tables.get(quarantineName(blueprint.name))
    const known = present?.metadata?.expectations ?? []
    const table = await this.#added(blueprint.name, built.table)
    const held = built.quarantine && (await this.#added(quarantineName(blueprint.name), built.quarantine.table))
    const expectations = built.expectations.map((expectation, index) => ({
      ...expectation,
      passed: (known[index]?.passed ?? 0) + expectation.passed,
      failed: (known[index]?.failed ?? 0) + expectation.failed,
    }))
    const over = (version: number | undefined): CommitOver => ({
      mode: 'Append',
      ...(version === undefined ? {} : { version }),
    })
    return {
      refreshed: {
        keyColumns: blueprint.primaryKey ?? [],
        table,
        quarantine: held,
        expectations,
        rowsDropped: held === null ? 0 : (quarantine?.rows ?? 0) + held.rows,
      },
      over: { table: over(present?.snapshot.version), quarantine: over(quarantine?.snapshot.version) },
    }
  }

  /** Rows that are appended to a table, as a refresh of it. */
  async #added(name: string, built: string): Promise<RefreshedTable> {
    const { lakehouse, newTable, gold } = this.#build
    const columns = (gold.tables.get(name)?.columns ?? []).map((column) => quoteIdentifier(column.name)).join(', ')
    const [rows, changes] = [newTable(), newTable()]
    await lakehouse.database.run(`CREATE TABLE ${quoteName(rows)} AS SELECT ${columns} FROM ${quoteName(built)}`)
    await lakehouse.database.run(
      `CREATE TABLE ${quoteName(changes)} AS SELECT *, 'insert' AS ${CHANGE_TYPE} FROM ${quoteName(rows)}`,
    )
    const inserted = await lakehouse.count(rows)
    return {
      name,
      table: rows,
      rows: inserted,
      merge: {
        changes: { table: changes, inserted, deleted: 0 },
        gone: '',
        come: '',
        inserted,
        updated: 0,
        deleted: 0,
      },
      partitions: [],
      statements: [`INSERT INTO ${quoteName(name)} (${columns}) SELECT ${columns} FROM ${quoteName(rows)}`],
    }
  }

  /** A new row must not have the key of one that is there; among themselves new rows are checked where they are built. */
  async #checkKey(built: BuiltTable): Promise<void> {
    const { lakehouse, blueprint } = this.#build
    const key = blueprint.primaryKey ?? []
    if (key.length === 0) return
    const same = sameValues(
      'added',
      'there',
      key.map((column) => ({ left: column, right: column })),
    )
    const text = key.map((column) => `CAST(added.${quoteIdentifier(column)} AS VARCHAR)`).join(`, ', ', `)
    const found = await lakehouse.rows(
      `SELECT concat(${text}) FROM ${quoteName(built.table)} AS added SEMI JOIN ${quoteName(blueprint.name)} AS there ON ${same} LIMIT 10`,
    )
    if (found.length > 0)
      throw duplicateKeysError(
        blueprint,
        key,
        found.map(([value]) => ({ key: String(value), rows: 2 })),
      )
  }
}
