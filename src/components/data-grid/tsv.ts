import { plainText } from '@/domain/format/value'

/** Rows as tab-separated text for the clipboard, as spreadsheets read it: a value with a tab, line break or quote is quoted. */
export function tsv(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => row.map(field).join('\t')).join('\n')
}

function field(value: unknown): string {
  const text = plainText(value)
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
