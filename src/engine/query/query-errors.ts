import type { ErrorData } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { LineMap } from '@/domain/pipeline/lines'
import { tokenize } from '@/domain/pipeline/tokens'

/** An error of a user's query as data: DuckDB's first line says what, and the name in it where. */
export function queryError(error: unknown, sql: string): GoldsmithError {
  const data = toErrorData(error)
  if (data.code !== 'internal.unexpected') return new GoldsmithError({ ...data, sql })
  const message = duckdbMessage(data.message)
  return new GoldsmithError({ ...classify(message), message, sql, ...placeOf(message, sql) })
}

/** An error of filtering as data: what the reader wrote is not a value of the column's type. */
export function arrangementError(error: unknown): GoldsmithError {
  const data = toErrorData(error)
  if (data.code !== 'internal.unexpected') return new GoldsmithError(data)
  const message = duckdbMessage(data.message)
  if (/^Conversion Error/i.test(message)) {
    return new GoldsmithError({
      code: 'result.filter_value',
      message: message.replace(/^Conversion Error: /i, ''),
      remedy: 'Write a value as the column shows it, dates as YYYY-MM-DD.',
    })
  }
  return new GoldsmithError({ ...classify(message), message })
}

const NAME_IN_MESSAGE =
  /(?:Referenced column|column named|Function with name) "?([^"\n]+?)"?(?= not found| does not exist|$)/m

/**
 * Where the name that DuckDB does not know stands in the user's text. DuckDB's own place is one in the translated query. A
 * name that occurs several times has no one place.
 */
function placeOf(message: string, sql: string): Pick<ErrorData, 'line' | 'column'> {
  const name = NAME_IN_MESSAGE.exec(message)?.[1]?.toLowerCase()
  if (name === undefined) return {}
  try {
    const found = tokenize(sql).filter(
      // DuckDB's dialect has names in double quotes, which Databricks has for texts.
      ({ kind, value, start }) =>
        (kind === 'word' || kind === 'name' || sql[start] === '"') && value.toLowerCase() === name,
    )
    const [only] = found
    if (found.length !== 1 || only === undefined) return {}
    const { line, column } = new LineMap(sql).at(only.start)
    return { line, column }
  } catch {
    // A text that the tokens of Databricks SQL do not fit.
    return {}
  }
}

function classify(message: string): Omit<ErrorData, 'message'> {
  if (/Out of Memory/i.test(message)) {
    return {
      code: 'engine.out_of_memory',
      remedy: 'Ask for fewer rows or columns (a filter, an aggregate, LIMIT); what is stored is untouched.',
    }
  }
  if (/^Catalog Error: Table/i.test(message)) {
    return { code: 'sql.unknown_table', remedy: 'Look at the table list for what can be queried.' }
  }
  if (/^Binder Error.*(column|Referenced)/i.test(message)) {
    return { code: 'sql.unknown_column', remedy: 'Look at the table’s columns in the catalog.' }
  }
  if (/^Parser Error/i.test(message)) return { code: 'sql.syntax', remedy: 'Correct the SQL at the place named.' }
  if (/^Conversion Error/i.test(message)) {
    return { code: 'sql.conversion', remedy: 'Use TRY_CAST where a value may not fit.' }
  }
  return { code: 'sql.failed', remedy: 'Change the query and run it again.' }
}

/** DuckDB's own text without the statement that it quotes below; some errors come as JSON. */
function duckdbMessage(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'exception_message' in parsed) {
      const type = 'exception_type' in parsed ? `${String(parsed.exception_type)} Error: ` : ''
      return `${type}${String(parsed.exception_message)}`.split('\n')[0] ?? text
    }
  } catch {
    // Not JSON: the usual case.
  }
  return text.split(/\n\s*\n/)[0] ?? text
}
