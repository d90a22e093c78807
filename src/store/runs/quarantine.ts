import type { TableInfo } from '@/domain/automation'
import type { QueryRows } from '@/rpc/contract'
import { rowsOf } from './cells'

/** Rows that failed the same rules. */
export interface Reason {
  rules: string[]
  rows: number
}

const suffix = '__quarantine'

export function quarantineOf(dataset: string): string {
  return `${dataset}${suffix}`
}

/** The dataset whose rows a quarantine holds. */
export function datasetOf(quarantine: string): string {
  return quarantine.endsWith(suffix) ? quarantine.slice(0, -suffix.length) : quarantine
}

/** Quarantines that exist, those with the most rows first. */
export function quarantinesOf<T extends Pick<TableInfo, 'name' | 'kind' | 'rows'>>(tables: readonly T[]): T[] {
  return tables
    .filter(({ kind }) => kind === 'quarantine')
    .toSorted((a, b) => (b.rows ?? 0) - (a.rows ?? 0) || (a.name < b.name ? -1 : 1))
}

export function readReasons(result: QueryRows): Reason[] {
  return rowsOf(result).map((row) => {
    const rules = row.value('rules')
    return { rules: Array.isArray(rules) ? rules.map(String) : [], rows: row.count('held') }
  })
}

/** How many rows failed each rule, most first. A row that failed two counts for both. */
export function rowsByRule(reasons: readonly Reason[]): { rule: string; rows: number; alone: number }[] {
  const rules = new Map<string, { rule: string; rows: number; alone: number }>()
  for (const reason of reasons) {
    for (const rule of reason.rules) {
      const known = rules.get(rule) ?? { rule, rows: 0, alone: 0 }
      const alone = known.alone + (reason.rules.length === 1 ? reason.rows : 0)
      rules.set(rule, { rule, rows: known.rows + reason.rows, alone })
    }
  }
  return [...rules.values()].toSorted((a, b) => b.rows - a.rows || (a.rule < b.rule ? -1 : 1))
}
