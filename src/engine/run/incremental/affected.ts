import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { FlowJoin, GroupFlow, LatestPerKey, QueryFlow, RowFlow } from '@/engine/ports'
import type { SupersededRows } from '@/engine/run/superseded'
import { changedRows, fillRelations, latestConditions, sameValues } from './relation-text'
import type { Strategy } from './strategy'
import type { Changes } from './table-changes'

/** Above this share of the driving table's rows, a rebuild costs less. */
const MOST_ROWS = 0.3

/** What changed rows of the inputs lead to. */
export interface Affected {
  /** DuckDB table of the keys in question, once each, its columns named as the dataset's. */
  keys: string
  /** Whether a key has a NULL. */
  hasNulls: boolean
  /** The query of all rows that the dataset shall have for these keys. */
  query: string
}

export interface AffectedContext {
  lakehouse: Lakehouse
  superseded: SupersededRows
  newTable: () => string
}

/** Why changed rows cannot be followed after all; the rebuild's reason. */
export interface Obstacle {
  obstacle: string
}

/**
 * Finds the keys whose rows could differ, and the query of those rows. `changes` says of every table of the flow what became of
 * its rows.
 */
export async function affectedRows(
  context: AffectedContext,
  strategy: Exclude<Strategy, { kind: 'whole' }>,
  flow: QueryFlow,
  changes: ReadonlyMap<string, Changes>,
): Promise<Affected | Obstacle> {
  for (const change of changes.values()) if (change.kind === 'unknown') return { obstacle: change.reason }
  return strategy.kind === 'groups'
    ? affectedGroups(context, strategy, flow, changes)
    : affectedKeys(context, strategy, flow, changes)
}

async function affectedGroups(
  context: AffectedContext,
  { flow: shape, identity }: { flow: GroupFlow; identity: readonly { output: string; column: string }[] },
  flow: QueryFlow,
  changes: ReadonlyMap<string, Changes>,
): Promise<Affected | Obstacle> {
  const { lakehouse, superseded, newTable } = context
  const others = flow.inputs.find(
    ({ table, placeholder }) => placeholder !== shape.driver.placeholder && changes.get(table)?.kind === 'rows',
  )
  if (others !== undefined) return { obstacle: `${others.table}, which changed and is joined to the rows it groups` }
  const change = changes.get(shape.driver.table)
  const latest = await latestConditions(superseded, flow.latestPerKey)
  const keys = newTable()
  const outputs = identity.map(({ output, column }) => `${quoteIdentifier(column)} AS ${quoteIdentifier(output)}`)
  const relation = change?.kind === 'rows' ? changedRows(change.set) : `(FROM ${quoteName(shape.driver.table)} LIMIT 0)`
  const found = fillRelations(shape.keysSql, flow, new Map([[shape.driver.placeholder, relation]]), latest)
  await lakehouse.database.run(`CREATE TABLE ${quoteName(keys)} AS SELECT ${outputs.join(', ')} FROM (${found})`)
  // Under names that hide no column of the rows which are grouped.
  const renamed = identity.map(({ output, column }) => `${quoteIdentifier(output)} AS ${quoteIdentifier(column)}`)
  const same = shape.groups.map(({ sql, column }) => `${sql} IS NOT DISTINCT FROM ${quoteIdentifier(column)}`)
  const restriction = `EXISTS (SELECT 1 FROM (SELECT ${renamed.join(', ')} FROM ${quoteName(keys)}) WHERE ${same.join(' AND ')})`
  const query = fillRelations(shape.restrictedSql, flow, new Map(), latest)
  const hasNulls = await anyNull(lakehouse, keys, identity)
  return { keys, hasNulls, query: query.replace('"__restriction"', () => restriction) }
}

async function affectedKeys(
  context: AffectedContext,
  { flow: shape, identity }: { flow: RowFlow; identity: readonly { output: string; column: string }[] },
  flow: QueryFlow,
  changes: ReadonlyMap<string, Changes>,
): Promise<Affected | Obstacle> {
  const { lakehouse, superseded, newTable } = context
  const { driver } = shape
  const columns = identity
    .map(({ column, output }) => `${quoteIdentifier(column)} AS ${quoteIdentifier(output)}`)
    .join(', ')
  const sources: string[] = []
  const change = changes.get(driver.table)
  if (change?.kind === 'rows') sources.push(`SELECT ${columns} FROM ${changedRows(change.set)}`)
  for (const join of shape.joins) {
    const joined = changes.get(join.relation.table)
    if (joined?.kind !== 'rows') continue
    if (join.on.length === 0)
      return { obstacle: `${join.relation.table}, which changed and is not joined by equal columns` }
    const values = joinedValues(join, changedRows(joined.set))
    const same = sameValues(
      'driver',
      'joined',
      join.on.map(({ column, driverColumn }) => ({ left: driverColumn, right: column })),
    )
    sources.push(
      `SELECT ${columns} FROM ${quoteName(driver.table)} AS driver SEMI JOIN (${values}) AS joined ON ${same}`,
    )
  }
  const keys = newTable()
  const empty = `SELECT ${columns} FROM ${quoteName(driver.table)} LIMIT 0`
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(keys)} AS SELECT DISTINCT * FROM (${sources.join(' UNION ALL ') || empty})`,
  )
  const [affected, all] = [await lakehouse.count(keys), await lakehouse.count(driver.table)]
  if (affected > all * MOST_ROWS && affected > 1000)
    return { obstacle: `${affected} of ${all} rows, which it concerns` }
  const rows = newTable()
  const hasNulls = await anyNull(lakehouse, keys, identity)
  const same = sameValues(
    'driver',
    'affected',
    identity.map(({ column, output }) => ({ left: column, right: output })),
    hasNulls,
  )
  const chosen = `FROM ${quoteName(driver.table)} AS driver SEMI JOIN ${quoteName(keys)} AS affected ON ${same}`
  await lakehouse.database.run(`CREATE TABLE ${quoteName(rows)} AS ${latestRows(chosen, driver.latest)}`)
  const latest = await latestConditions(superseded, flow.latestPerKey, driver.latest)
  const query = fillRelations(flow.sql, flow, new Map([[driver.placeholder, quoteName(rows)]]), latest)
  return { keys, hasNulls, query }
}

async function anyNull(lakehouse: Lakehouse, keys: string, identity: readonly { output: string }[]): Promise<boolean> {
  const nulls = identity.map(({ output }) => `${quoteIdentifier(output)} IS NULL`).join(' OR ')
  return (await lakehouse.count(keys, nulls)) > 0
}

/** The values by which a joined table's changed rows are found from the driving table. */
function joinedValues({ relation, on }: FlowJoin, changed: string): string {
  const columns = on.map(({ column }) => quoteIdentifier(column)).join(', ')
  const direct = `SELECT ${columns} FROM ${changed}`
  if (relation.latest === null || on.every(({ column }) => relation.latest?.keys.includes(column))) return direct
  // When the latest row of a key changes, so may which of its other rows counts.
  const same = sameValues(
    'other',
    'changed',
    relation.latest.keys.map((key) => ({ left: key, right: key })),
  )
  return `${direct} UNION ALL SELECT ${columns} FROM ${quoteName(relation.table)} AS other SEMI JOIN ${changed} AS changed ON ${same}`
}

/** The rows, or the latest of each key; where the order ties, the later one in the table, as in a full rebuild. */
function latestRows(from: string, latest: LatestPerKey | null): string {
  if (latest === null) return `SELECT driver.* ${from}`
  const keys = latest.keys.map((key) => `driver.${quoteIdentifier(key)}`).join(', ')
  const order = [
    ...latest.orderBy.map(
      ({ column, descending, nullsFirst }) =>
        `driver.${quoteIdentifier(column)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
    ),
    'driver.rowid DESC',
  ].join(', ')
  return `SELECT driver.* ${from} QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) = 1`
}
