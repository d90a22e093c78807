import type { Dataset } from '@/domain/pipeline/project'
import { quoteName } from '@/domain/sql/quote'
import type { ReadState } from '@/domain/update/plan'
import { CHANGE_TYPE, type ChangeSet } from '@/engine/changes/change-set'
import type { GoldStore } from '@/engine/gold/gold-store'
import type { Lakehouse } from '@/engine/lakehouse'
import type { AnalyzedQuery } from '@/engine/ports'
import type { SupersededRows } from '@/engine/run/superseded'
import type { SilverStore } from '@/engine/silver/silver-store'
import { changedRows, fillRelations, latestConditions } from './relation-text'

/** What became of a table's rows: nothing, a change set, or something that is not known, with the reason. */
export type Changes = { kind: 'none' } | { kind: 'rows'; set: ChangeSet } | { kind: 'unknown'; reason: string }

export interface TableChangesOptions {
  lakehouse: Lakehouse
  silver: SilverStore
  gold: GoldStore
  superseded: SupersededRows
  /** The translated query of a view of the project; null when there is no view of that name. */
  view(name: string): { query: AnalyzedQuery; drops: boolean } | null
}

/** How the tables that an update reads became others, for datasets that follow changed rows. Its tables go when it is forgotten. */
export class TableChanges {
  readonly #options: TableChangesOptions
  /** Of datasets that this update has committed. */
  readonly #committed = new Map<string, { since: string; set: ChangeSet }>()
  readonly #own: string[] = []

  constructor(options: TableChangesOptions) {
    this.#options = options
  }

  /** A name for a table of changes that is dropped at the end. */
  newTable(): string {
    const table = `engine.changes_${crypto.randomUUID().replaceAll('-', '')}`
    this.#own.push(table)
    return table
  }

  /** Notes how a dataset's rows changed since it had the fingerprint. */
  note(dataset: string, since: string, set: ChangeSet): void {
    this.#committed.set(dataset, { since, set })
  }

  async forget(): Promise<void> {
    for (const table of this.#own.splice(0)) await this.#options.lakehouse.drop(table)
    this.#committed.clear()
  }

  /** How the rows of a table or view changed since `read`; `now` are the fingerprints that the update works with. */
  async since(
    name: string,
    read: Readonly<Record<string, ReadState>>,
    now: Readonly<Record<string, string>>,
  ): Promise<Changes> {
    const view = this.#options.view(name)
    if (view !== null) return this.#ofView(name, view, read, now)
    const before = read[name]
    if (before === undefined) return unknown(`${name} was not read before`)
    if (before.fingerprint === now[name]) return { kind: 'none' }
    const committed = this.#committed.get(name)
    const { silver, gold } = this.#options
    const set =
      committed?.since === before.fingerprint
        ? committed.set
        : silver.tables.has(name)
          ? await silver.changesSince(name, before.fingerprint)
          : before.version === null
            ? null
            : await gold.changesSince(name, before.version, this.newTable())
    if (set === null) return unknown(`it is not known which rows of ${name} changed`)
    return set.inserted + set.deleted === 0 ? { kind: 'none' } : { kind: 'rows', set }
  }

  /** A view that maps rows one by one maps changed rows in the same way. */
  async #ofView(
    name: string,
    { query, drops }: { query: AnalyzedQuery; drops: boolean },
    read: Readonly<Record<string, ReadState>>,
    now: Readonly<Record<string, string>>,
  ): Promise<Changes> {
    const { flow } = query
    const inputs = new Map<string, Changes>()
    for (const { table } of flow.inputs) if (!inputs.has(table)) inputs.set(table, await this.since(table, read, now))
    const changed = [...inputs].filter(([, { kind }]) => kind !== 'none')
    if (changed.length === 0) return { kind: 'none' }
    if (flow.shape.kind !== 'rows') return unknown(`${name} is a view with ${reasonOf(flow.shape)}`)
    const { driver } = flow.shape
    const [[table, changes] = ['', null]] = changed
    const isDrivers = flow.inputs.every((input) => input.table !== table || input.placeholder === driver.placeholder)
    if (changes?.kind === 'unknown') return changes
    if (changes?.kind !== 'rows' || changed.length > 1 || !isDrivers || driver.latest !== null || drops) {
      return unknown(`more of the view ${name} changed than rows of one table`)
    }
    const latest = await latestConditions(this.#options.superseded, flow.latestPerKey)
    const images = (['insert', 'delete'] as const).map((type) => {
      const rows = fillRelations(
        flow.sql,
        flow,
        new Map([[driver.placeholder, changedRows(changes.set, type)]]),
        latest,
      )
      return `SELECT *, '${type}' AS ${CHANGE_TYPE} FROM (${rows})`
    })
    return { kind: 'rows', set: await this.#create(images.join(' UNION ALL ')) }
  }

  async #create(query: string): Promise<ChangeSet> {
    const { lakehouse } = this.#options
    const table = this.newTable()
    await lakehouse.database.run(`CREATE TABLE ${quoteName(table)} AS ${query}`)
    return countChanges(lakehouse, table)
  }
}

/** The change set that a table of changes is. */
export async function countChanges(lakehouse: Lakehouse, table: string): Promise<ChangeSet> {
  const inserted = await lakehouse.count(table, `${CHANGE_TYPE} = 'insert'`)
  return { table, inserted, deleted: (await lakehouse.count(table)) - inserted }
}

/** The names of all views and stored tables behind a dataset's inputs. */
export function behind(dataset: Pick<Dataset, 'inputs'>, datasets: ReadonlyMap<string, Dataset>): string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    const input = datasets.get(name)
    if (input?.kind === 'view') input.inputs.forEach(visit)
  }
  dataset.inputs.forEach(visit)
  return [...found].sort()
}

function unknown(reason: string): Changes {
  return { kind: 'unknown', reason }
}

function reasonOf(shape: AnalyzedQuery['flow']['shape']): string {
  return shape.kind === 'whole' ? shape.reason : 'groups'
}
