import { Type, tableFromIPC } from 'apache-arrow'
import { quoteIdentifier } from '@/domain/sql/quote'

const PRINTED_ALIKE = /^(?:BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|DATE|DECIMAL\(.*\))$/

/** Columns of a CSV line as one SQL expression. */
export interface CsvPart {
  sql: string
  /** Null when the expression is text of the file already: then it may be of several columns. */
  type: string | null
}

/**
 * The columns of a table in as few parts as can be: DuckDB prints most values as csvRows does, several times faster than
 * they can be read one by one. A column whose type has another spelling in DuckDB stays a value.
 */
export function csvParts(columns: readonly { name: string; type: string }[]): CsvPart[] {
  const parts: CsvPart[] = []
  let printed: string[] = []
  const endPrinted = () => {
    // concat() takes NULL for empty text, which is what CSV has for it.
    if (printed.length > 0) parts.push({ sql: `concat(${printed.join(", ',', ")})`, type: null })
    printed = []
  }
  for (const { name, type } of columns) {
    const column = quoteIdentifier(name)
    const field = csvField(column, type)
    if (field !== null) printed.push(field)
    else {
      endPrinted()
      parts.push({ sql: column, type })
    }
  }
  endPrinted()
  return parts
}

function csvField(column: string, type: string): string | null {
  if (PRINTED_ALIKE.test(type)) return column
  if (type === 'TIMESTAMP') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`
  if (type !== 'VARCHAR') return null
  const apostrophe = `CASE WHEN regexp_matches(${column}, '^[=+\\-@\\t\\r]') THEN '''' ELSE '' END`
  return `CASE WHEN ${column} = '' OR regexp_matches(${column}, '^[=+\\-@\\t]|["'',\\r\\n]')
    THEN concat('"', ${apostrophe}, replace(${column}, '"', '""'), '"') ELSE ${column} END`
}

/** The bytes of a query's only column, a text in every row, one after the other. */
export function joinedText(stream: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const table = tableFromIPC(stream)
  return table.batches.map((batch) => {
    const [text] = batch.data.children
    if (text === undefined || text.type.typeId !== Type.Utf8) throw new TypeError('the query returned no text')
    const { valueOffsets, values, length } = text
    // The rows' text lies in one buffer, in their order. Copied, since a Blob takes no shared memory.
    return new Uint8Array((values as Uint8Array).subarray(valueOffsets[0] ?? 0, valueOffsets[length] ?? 0))
  })
}
