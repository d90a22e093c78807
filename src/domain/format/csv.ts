/**
 * Plain rows as CSV by RFC 4180, with a header. NULL is an empty field and empty text a quoted one, so the two stay apart.
 * Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
 */
export function csvHeader(names: readonly string[]): string {
  return `${names.map(csvField).join(',')}\r\n`
}

/** A value whose type is null is text of the file already. */
export function csvRows(rows: readonly (readonly unknown[])[], types: readonly (string | null)[]): string {
  return rows.map((row) => `${row.map((value, index) => csvValue(value, types[index] ?? null)).join(',')}\r\n`).join('')
}

function csvValue(value: unknown, type: string | null): string {
  if (value === null || value === undefined) return ''
  if (type === 'VARCHAR') return csvField(String(value))
  if (typeof value === 'object')
    return quoted(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)))
  return String(value)
}

function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return harmless === '' || /[",\r\n']/.test(harmless) ? quoted(harmless) : harmless
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
