/**
 * The log of changes that an AUTO CDC flow has seen, as DuckDB SQL over relations with the flow's columns and these three. Pure text.
 */
import { quoteIdentifier } from '@/domain/sql/quote'

/** The value of SEQUENCE BY: which of two changes of a key is the later one. */
export const SEQUENCE = '__sequence'
/** Whether the change deletes its key. */
export const DELETED = '__deleted'
/** Number of the batch with which the change came: of two that say something else of one key and time, the later batch is believed. */
export const BATCH = '__batch'

/** What an AUTO CDC flow does with changes. Column names are as the source has them. */
export interface ChangeRule {
  keys: readonly string[]
  /** The columns that reach the target, in order, the keys among them. */
  columns: readonly string[]
  scdType: 1 | 2
  /** A NULL in a change leaves the column as it is. */
  ignoreNullUpdates: boolean
  /** SCD type 2: the columns whose change starts a new version; the change of others is made in the version that is there. */
  tracked: readonly string[]
}

/** Whether of a key's changes only the latest matters: then the log may forget the others. */
export function needsOnlyLatest({
  scdType,
  ignoreNullUpdates,
}: Pick<ChangeRule, 'scdType' | 'ignoreNullUpdates'>): boolean {
  return scdType === 1 && !ignoreNullUpdates
}

/** The columns of which the log holds one change that counts for each combination of values. */
function identityColumns(rule: ChangeRule): string[] {
  return needsOnlyLatest(rule) ? [...rule.keys] : [...rule.keys, SEQUENCE]
}

/**
 * The changes that count, of all in the relation `log`: of each key and sequence value the one of the last batch, within a batch a
 * delete before others, then the greatest values. Which it is depends on the rows alone, not on their order.
 */
export function effectiveChanges(rule: ChangeRule, log: string): string {
  return latestChanges(rule, log, [`${quoteIdentifier(BATCH)} DESC`])
}

/** The changes of one batch that count among themselves; the relation `batch` has no column for the batch's number. */
function effectiveBatch(rule: ChangeRule, batch: string): string {
  return latestChanges(rule, batch, [])
}

/**
 * The changes of a batch that are news to the log: those that say something else than the change that counts there, or are later
 * where only the latest matters. A batch that is taken in again has none.
 */
export function newChanges(rule: ChangeRule, batch: string, log: string): string {
  const same = identityColumns(rule).map(
    (name) => `batch.${quoteIdentifier(name)} IS NOT DISTINCT FROM log.${quoteIdentifier(name)}`,
  )
  const [sequence, deleted] = [quoteIdentifier(SEQUENCE), quoteIdentifier(DELETED)]
  const differs = [...rule.columns, DELETED].map(
    (name) => `batch.${quoteIdentifier(name)} IS DISTINCT FROM log.${quoteIdentifier(name)}`,
  )
  const names = [...rule.columns, SEQUENCE, DELETED].map((name) => `batch.${quoteIdentifier(name)}`)
  return `SELECT ${names.join(', ')}
    FROM (${effectiveBatch(rule, batch)}) AS batch LEFT JOIN (${effectiveChanges(rule, log)}) AS log ON ${same.join(' AND ')}
    WHERE log.${deleted} IS NULL OR batch.${sequence} > log.${sequence}
      OR (batch.${sequence} = log.${sequence} AND (${differs.join(' OR ')}))`
}

function latestChanges(rule: ChangeRule, relation: string, first: readonly string[]): string {
  const sequence = needsOnlyLatest(rule) ? [`${quoteIdentifier(SEQUENCE)} DESC`] : []
  const values = rule.columns.map((name) => `${quoteIdentifier(name)} DESC NULLS LAST`)
  const order = [...sequence, ...first, `${quoteIdentifier(DELETED)} DESC`, ...values]
  const identity = identityColumns(rule).map(quoteIdentifier)
  return `SELECT * FROM ${relation}
    QUALIFY row_number() OVER (PARTITION BY ${identity.join(', ')} ORDER BY ${order.join(', ')}) = 1`
}
