import { GoldsmithError } from '@/domain/errors'
import { LineMap } from '@/domain/pipeline/lines'

const READS = /^(with|select|from|values|table|describe|summarize|show|explain|pivot|unpivot|\()/i

/**
 * The one statement of a text, without the semicolon after it; places in it are those in the text. Queries only read: Gold
 * changes by runs of the pipeline alone. Throws `sql.not_a_query`.
 */
export function readingStatement(sql: string): string {
  const statement = sql.replace(/[;\s]+$/, '')
  const start = withoutLeadingComments(statement)
  if (READS.test(start)) return statement
  const { line, column } = new LineMap(sql).at(statement.length - start.length)
  throw new GoldsmithError({
    code: 'sql.not_a_query',
    message:
      start === ''
        ? 'There is no statement to run.'
        : `Only queries can be run here, not ${start.split(/\s/)[0]?.slice(0, 40).toUpperCase()}.`,
    remedy: 'Write a SELECT. Tables change by the pipeline’s files only.',
    line,
    column,
    sql,
  })
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/, '')
}
