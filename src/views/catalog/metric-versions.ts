import type { TableInfo } from '@/domain/automation'

/** The versions of a metric beside this one (`revenue_v1` and `revenue_v2`), oldest first. */
export function otherVersions(table: string, tables: readonly Pick<TableInfo, 'name'>[]): string[] {
  const own = metricOf(table)
  if (own === null) return []
  return tables
    .flatMap(({ name }) => {
      const other = name === table ? null : metricOf(name)
      return other?.metric === own.metric ? [{ name, version: other.version }] : []
    })
    .sort((a, b) => a.version - b.version)
    .map(({ name }) => name)
}

function metricOf(table: string): { metric: string; version: number } | null {
  const [, metric, version] = /^(.+)_v(\d+)$/.exec(table) ?? []
  return metric === undefined ? null : { metric, version: Number(version) }
}
