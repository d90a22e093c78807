import type { TableInfo } from '@/domain/automation'
import { splitName } from './domain-color'

const layerOrder = { gold: 0, silver: 1, pipeline: 2 }

/** Tables by schema, Gold first, by name within; those of which a filter finds the name or a column's name. */
export function tablesBySchema(tables: readonly TableInfo[], filter = ''): [schema: string, tables: TableInfo[]][] {
  const wanted = filter.trim().toLowerCase()
  const matches = (text: string) => text.toLowerCase().includes(wanted)
  const kept = tables.filter((table) => matches(table.name) || table.columns.some((column) => matches(column.name)))
  const ordered = kept.toSorted((a, b) => layerOrder[a.layer] - layerOrder[b.layer] || (a.name < b.name ? -1 : 1))
  const groups = new Map<string, TableInfo[]>()
  for (const table of ordered) {
    const [schema] = splitName(table.name)
    groups.set(schema, [...(groups.get(schema) ?? []), table])
  }
  return [...groups]
}
