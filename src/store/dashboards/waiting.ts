import type { DatasetView, SourceView } from '@/rpc/contract'

/** Why a dashboard has nothing to show. */
export interface Waiting {
  /** Gold tables that it reads and that are not built. */
  tables: string[]
  /** Silver tables without rows that those are built from. */
  sources: string[]
}

/** What a dashboard that reads these tables waits for; null when all of them are there. */
export function waitingFor(
  reads: readonly string[],
  built: readonly { name: string }[],
  datasets: readonly Pick<DatasetView, 'name' | 'inputs'>[],
  sources: readonly Pick<SourceView, 'table' | 'status'>[],
): Waiting | null {
  const tables = reads.filter((read) => !built.some(({ name }) => name === read))
  if (tables.length === 0) return null
  const inputsOf = new Map(datasets.map(({ name, inputs }) => [name, inputs]))
  const seen = new Set<string>()
  const open = [...tables]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...(inputsOf.get(name) ?? []))
  }
  return {
    tables,
    sources: sources.filter(({ table, status }) => status !== 'ready' && seen.has(table)).map(({ table }) => table),
  }
}
