/** Says of each row of a change set whether the table gained or lost it. */
export const CHANGE_TYPE = '_change_type'

/**
 * How the rows of a table became others: a DuckDB table with the columns of the table and `_change_type`, 'insert' or 'delete'.
 * A row that was changed is there twice, as it was and as it is. The table that was, less the deleted rows, plus the inserted
 * ones, is the table that is, as multisets; a row that is on both sides changes nothing and is allowed.
 */
export interface ChangeSet {
  /** Where the rows are, `schema.table` in DuckDB; whoever made it drops it. */
  table: string
  inserted: number
  deleted: number
}
