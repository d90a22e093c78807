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

/**
 * The changes of a batch that are news to the log, null when that is empty: those that say something else than the change that counts
 * there, or are later where only the latest matters. A batch that is taken in again has none.
 */
export function newChanges(rule: ChangeRule, batch: string, log: string | null): string {
  const all = [...rule.columns, SEQUENCE, DELETED]
  const chosen = (relation: string) => all.map((name) => `${relation}.${quoteIdentifier(name)}`).join(', ')
  if (log === null) return `SELECT ${chosen('batch')} FROM (${latestChanges(rule, batch, [])}) AS batch`
  const identity = identityColumns(rule)
  const [sequence, deleted] = [quoteIdentifier(SEQUENCE), quoteIdentifier(DELETED)]
  const differs = [...rule.columns, DELETED].map((name) => isDistinct('batch', 'log', name))
  const rowHash = (relation: string) => `hash(${chosen(relation)})`
  const idsOf = (relation: string) => identity.map((name) => `${relation}.${quoteIdentifier(name)}`).join(', ')
  const ids = idsOf('batch')
  // Most rows of a file are in the log as they are: what decides is only looked at for the others, and where the log has several
  // rows of an identity, of which the file may hold one that was outdone.
  const suspected = (relation: string, name: string) =>
    `(SELECT ${name}.* FROM ${relation} AS ${name} SEMI JOIN "__suspects" ON ${same(name, '"__suspects"', identity)})`
  const [ofBatch, ofLog] = [suspected(batch, 'batch'), suspected(log, 'log')]
  return `WITH "__suspects" AS MATERIALIZED (
      SELECT DISTINCT ${ids} FROM ${batch} AS batch
      ANTI JOIN (SELECT ${rowHash('log')} AS "__hash" FROM ${log} AS log) AS log ON log."__hash" = ${rowHash('batch')}
      UNION SELECT ${ids} FROM ${batch} AS batch
      SEMI JOIN (
        SELECT hash(${idsOf('log')}) AS "__id" FROM ${log} AS log GROUP BY ALL HAVING count(*) > 1
      ) AS "__several" ON "__several"."__id" = hash(${ids})
    )
    SELECT ${chosen('batch')}
    FROM (${latestChanges(rule, ofBatch, [])}) AS batch LEFT JOIN (${effectiveChanges(rule, ofLog)}) AS log
      ON ${same('batch', 'log', identity)}
    WHERE log.${deleted} IS NULL OR batch.${sequence} > log.${sequence}
      OR (batch.${sequence} = log.${sequence} AND (${differs.join(' OR ')}))`
}

/** One row of each identity; the window that chooses it is only over those that have several. */
function latestChanges(rule: ChangeRule, relation: string, first: readonly string[]): string {
  const sequence = needsOnlyLatest(rule) ? [`${quoteIdentifier(SEQUENCE)} DESC`] : []
  const values = rule.columns.map((name) => `${quoteIdentifier(name)} DESC NULLS LAST`)
  const order = [...sequence, ...first, `${quoteIdentifier(DELETED)} DESC`, ...values]
  const identity = identityColumns(rule)
  const ids = identity.map(quoteIdentifier).join(', ')
  const isRepeated = same('one', '"__repeated"', identity)
  return `WITH "__repeated" AS MATERIALIZED (SELECT ${ids} FROM ${relation} GROUP BY ${ids} HAVING count(*) > 1)
    SELECT one.* FROM ${relation} AS one ANTI JOIN "__repeated" ON ${isRepeated}
    UNION ALL SELECT * FROM (
      SELECT one.* FROM ${relation} AS one SEMI JOIN "__repeated" ON ${isRepeated}
      QUALIFY row_number() OVER (PARTITION BY ${ids} ORDER BY ${order.join(', ')}) = 1
    )`
}

/** Whether two relations' columns have the same values, NULL among them. */
function same(left: string, right: string, columns: readonly string[]): string {
  return columns
    .map(quoteIdentifier)
    .map((name) => `${left}.${name} IS NOT DISTINCT FROM ${right}.${name}`)
    .join(' AND ')
}

function isDistinct(left: string, right: string, column: string): string {
  const name = quoteIdentifier(column)
  return `(${left}.${name} IS DISTINCT FROM ${right}.${name})`
}
