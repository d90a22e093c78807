/** Names and values as SQL text, DuckDB's where nothing else is said. Whatever they hold, they never end their own quotes. */

/** A double-quoted DuckDB identifier. Throws RangeError on a NUL character, which no SQL text can hold. */
export function quoteIdentifier(name: string): string {
  refuseNul(name)
  return `"${name.replaceAll('"', '""')}"`
}

/** `schema.table` (one part or more, split at the dots) as quoted parts. For names whose parts hold no dots themselves. */
export function quoteName(name: string): string {
  return name.split('.').map(quoteIdentifier).join('.')
}

/** A DuckDB string literal: only the quote is special in it, a backslash is not. */
export function quoteLiteral(value: string): string {
  refuseNul(value)
  return `'${value.replaceAll("'", "''")}'`
}

/** A Databricks SQL identifier in backquotes. Throws RangeError on NUL. */
export function quoteSparkIdentifier(name: string): string {
  refuseNul(name)
  return `\`${name.replaceAll('`', '``')}\``
}

/** A Databricks SQL string literal, where a backslash escapes. Throws RangeError on NUL. */
export function quoteSparkLiteral(value: string): string {
  refuseNul(value)
  return `'${value.replace(/[\\']/g, '\\$&')}'`
}

/** Text of any origin as a literal, or NULL: the one character that SQL cannot hold is replaced. */
export function quoteText(value: string | null): string {
  return value === null ? 'NULL' : quoteLiteral(value.replaceAll('\0', '\ufffd'))
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new RangeError('SQL text cannot hold the character NUL')
}
