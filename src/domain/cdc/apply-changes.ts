/** The rows of a table into which an AUTO CDC flow applies changes, as a query over all changes of its keys. Pure text. */
import { HISTORY_COLUMNS } from '@/domain/pipeline/flow-rules'
import { quoteIdentifier } from '@/domain/sql/quote'
import { type ChangeRule, DELETED, effectiveChanges, needsOnlyLatest, SEQUENCE } from './change-log'

const sequence = quoteIdentifier(SEQUENCE)
const deleted = quoteIdentifier(DELETED)
/** Counts the deletes of a key so far: what came before one says nothing of what comes after. */
const life = quoteIdentifier('__life')
/** Numbers the versions of a key; a delete has a number, too. */
const version = quoteIdentifier('__version')

/**
 * The rows that the changes in the relation `log` (columns of the flow, SEQUENCE, DELETED, BATCH) lead to. A key's rows follow from
 * its own changes alone, and from these whatever the order in which they came: so late ones fall into their place.
 */
export function appliedChanges(rule: ChangeRule, log: string): string {
  const changes = effectiveChanges(rule, log)
  if (needsOnlyLatest(rule)) return `SELECT ${names(rule.columns)} FROM (${changes}) WHERE NOT ${deleted}`
  const filled = rule.ignoreNullUpdates ? filledChanges(rule, changes) : changes
  return rule.scdType === 1 ? lastStates(rule, filled) : versions(rule, filled)
}

/** Each change with the values that are known since the last delete in the place of its NULLs. */
function filledChanges({ keys, columns }: ChangeRule, changes: string): string {
  const upToHere = (partition: readonly string[]) =>
    `(PARTITION BY ${partition.join(', ')} ORDER BY ${sequence} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
  const keyNames = keys.map(quoteIdentifier)
  const isKey = (column: string) => keys.some((key) => key.toLowerCase() === column.toLowerCase())
  const values = columns.map((column) => {
    const name = quoteIdentifier(column)
    if (isKey(column)) return name
    const given = `CASE WHEN NOT ${deleted} THEN ${name} END`
    return `last_value(${given} IGNORE NULLS) OVER ${upToHere([...keyNames, life])} AS ${name}`
  })
  return `SELECT ${values.join(', ')}, ${sequence}, ${deleted} FROM (
    SELECT *, count(*) FILTER (WHERE ${deleted}) OVER ${upToHere(keyNames)} AS ${life} FROM (${changes}))`
}

function lastStates({ keys, columns }: ChangeRule, changes: string): string {
  return `SELECT ${names(columns)} FROM (SELECT * FROM (${changes})
    QUALIFY row_number() OVER (PARTITION BY ${names(keys)} ORDER BY ${sequence} DESC) = 1) WHERE NOT ${deleted}`
}

/**
 * A version starts with a key's first change, the first after a delete, and with each that changes a tracked column; it has the
 * values of the last change before the next one starts, and ends there or at a delete.
 */
function versions({ keys, columns, tracked }: ChangeRule, changes: string): string {
  const inOrder = `(PARTITION BY ${names(keys)} ORDER BY ${sequence})`
  const before = (column: string) => `lag(${quoteIdentifier(column)}) OVER ${inOrder}`
  const starts = [
    deleted,
    `coalesce(${before(DELETED)}, TRUE)`,
    ...tracked.map((column) => `${quoteIdentifier(column)} IS DISTINCT FROM ${before(column)}`),
  ]
  const [start = '', end = ''] = HISTORY_COLUMNS.map(quoteIdentifier)
  const ofVersion = `PARTITION BY ${names(keys)}, ${version}`
  return `SELECT ${names(columns)}, ${start}, ${end} FROM (
    SELECT *, lead(${start}) OVER (PARTITION BY ${names(keys)} ORDER BY ${version}) AS ${end} FROM (
      SELECT *, min(${sequence}) OVER (${ofVersion}) AS ${start} FROM (
        SELECT *, count(*) FILTER (WHERE "__starts")
            OVER (PARTITION BY ${names(keys)} ORDER BY ${sequence} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS ${version}
        FROM (SELECT *, (${starts.join(' OR ')}) AS "__starts" FROM (${changes}))
      ) QUALIFY row_number() OVER (${ofVersion} ORDER BY ${sequence} DESC) = 1
    )
  ) WHERE NOT ${deleted}`
}

function names(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ')
}
