import type { TableInfo } from '@/domain/automation'

const quarantine = '__quarantine'

/**
 * The columns of a table, lower case, that hold personal data: those that its property `pii_columns` names. A quarantine has the
 * rows of its table, and so its personal data.
 */
export function personalColumns(tables: readonly TableInfo[], name: string): Set<string> {
  const of = name.endsWith(quarantine) ? name.slice(0, -quarantine.length) : name
  const columns = tables.filter((table) => table.name === name || table.name === of).flatMap((table) => table.columns)
  return new Set(columns.filter(({ pii }) => pii).map((column) => column.name.toLowerCase()))
}
