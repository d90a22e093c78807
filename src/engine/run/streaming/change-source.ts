import { type ChangeRule, DELETED, needsOnlyLatest, SEQUENCE } from '@/domain/cdc/change-log'
import { GoldsmithError } from '@/domain/errors'
import { HISTORY_COLUMNS } from '@/domain/pipeline/flow-rules'
import { nearestName } from '@/domain/pipeline/nearest'
import type { ColumnSelection } from '@/domain/pipeline/statements'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import { type ChangeFlow, namesOf } from '@/engine/project-streams'

interface Place {
  name: string
  file: string
}

/** The rows of an AUTO CDC flow's source as changes. */
export interface ChangeSource {
  rule: ChangeRule
  /** A relation with the columns of the rule, SEQUENCE and DELETED. */
  relation: string
  /** Equal for changes that can be kept in one log. */
  definition: string
}

/**
 * Reads what the source has; it must be queryable. Throws `cdc.unknown_column` for a column that a clause names and the source
 * lacks, `cdc.reserved_column`, and `cdc.null_sequence` with the first row that has no place in the sequence.
 */
export async function changeSource(lakehouse: Lakehouse, flow: ChangeFlow, place: Place): Promise<ChangeSource> {
  const { source, sequenceSql, deleteSql, text } = flow
  const given = await lakehouse.describe(`SELECT * FROM ${quoteName(source)}`)
  const rule = ruleOf(
    flow,
    given.map(({ name }) => name),
    place,
  )
  const from = `FROM ${quoteName(source)} AS ${quoteIdentifier(source.split('.').at(-1) ?? source)}`
  await checkSequence(lakehouse, flow, from, place)
  const types = new Map(given.map(({ name, type }) => [name, type]))
  const columns = rule.columns.map((name) => storable(quoteIdentifier(name), types.get(name) ?? '', name))
  const [sequence] = await lakehouse.describe(`SELECT ${sequenceSql} ${from}`)
  const changes = [
    ...columns,
    storable(`(${sequenceSql})`, sequence?.type ?? '', SEQUENCE),
    `coalesce(${deleteSql ?? 'FALSE'}, FALSE) AS ${quoteIdentifier(DELETED)}`,
  ]
  const definition = JSON.stringify({
    source,
    keys: rule.keys,
    onlyLatest: needsOnlyLatest(rule),
    columns: rule.columns.map((name) => [name, types.get(name)]),
    sequence: [text.sequence, sequence?.type],
    deletes: text.delete,
  })
  return { rule, relation: `(SELECT ${changes.join(', ')} ${from})`, definition }
}

/** DuckDB sums integers to HUGEINT, which no table stores; a sum that does not fit raises. */
function storable(expression: string, type: string, name: string): string {
  return `${type === 'HUGEINT' ? `CAST(${expression} AS BIGINT)` : expression} AS ${quoteIdentifier(name)}`
}

function ruleOf(flow: ChangeFlow, given: readonly string[], place: Place): ChangeRule {
  const resolve = (clause: string) => (name: string) => {
    const found = given.find((column) => column.toLowerCase() === name.toLowerCase())
    if (found === undefined) throw unknownColumn(place, clause, name, flow.source, given)
    return found
  }
  const selected = (clause: string, selection: ColumnSelection | null, all: readonly string[]) => {
    if (selection === null) return [...all]
    const listed = namesOf(selection).map(resolve(clause))
    return selection.except ? all.filter((name) => !listed.includes(name)) : listed
  }
  const columns = selected('COLUMNS', flow.columns, given)
  const reserved = [SEQUENCE, DELETED, '__batch', '__life', '__version', '__starts', ...HISTORY_COLUMNS]
  const clash = columns.find((name) => reserved.some((word) => word.toLowerCase() === name.toLowerCase()))
  if (clash !== undefined) throw reservedColumn(place, clash, flow.source)
  return {
    keys: flow.keys.map(resolve('KEYS')),
    columns,
    scdType: flow.scdType,
    ignoreNullUpdates: flow.ignoreNullUpdates,
    tracked: selected('TRACK HISTORY ON', flow.trackHistory, columns).filter((name) => columns.includes(name)),
  }
}

async function checkSequence(
  lakehouse: Lakehouse,
  { sequenceSql, source, text }: ChangeFlow,
  from: string,
  { name, file }: Place,
): Promise<void> {
  const [nulls] = await lakehouse.row(`SELECT count(*) FILTER (WHERE (${sequenceSql}) IS NULL) ${from}`)
  if (Number(nulls) === 0) return
  const [row] = await lakehouse.row(
    `SELECT CAST(row AS VARCHAR) FROM (SELECT * ${from} WHERE (${sequenceSql}) IS NULL LIMIT 1) AS row`,
  )
  throw new GoldsmithError({
    code: 'cdc.null_sequence',
    message: `${name}: ${text.sequence}, by which changes are ordered, is NULL in ${nulls} rows of ${source}. The first: ${String(row).slice(0, 600)}`,
    remedy: `Correct the rows in Silver, or leave them out in a view that the flow reads in the place of ${source}.`,
    file,
  })
}

function unknownColumn(
  { name, file }: Place,
  clause: string,
  column: string,
  source: string,
  given: readonly string[],
): GoldsmithError {
  const nearest = nearestName(column, given)
  return new GoldsmithError({
    code: 'cdc.unknown_column',
    message: `${name}: ${clause} names ${column}, which ${source} does not have.`,
    remedy: nearest === null ? `It has ${given.join(', ')}.` : `Did you mean ${nearest}?`,
    file,
  })
}

function reservedColumn({ name, file }: Place, column: string, source: string): GoldsmithError {
  return new GoldsmithError({
    code: 'cdc.reserved_column',
    message: `${name}: ${source} has a column ${column}, a name that AUTO CDC uses itself.`,
    remedy: 'Leave it out by COLUMNS * EXCEPT, or rename it in a view that the flow reads.',
    file,
  })
}
