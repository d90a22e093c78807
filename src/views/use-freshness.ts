import { useEffect } from 'react'
import type { TableInfo } from '@/domain/automation'
import { useActions, useGoldsmith } from './store-context'
import { useVersions } from './use-versions'

/** Reads what tells how fresh the tables are, and again when one of them has another version; not while a run replaces them. */
export function useFreshness(tables: TableInfo[]): void {
  const { loadFreshness } = useActions()
  const versions = useVersions('pipeline.event_log', ...tables.map(({ name }) => name))
  const waits = useGoldsmith((state) => state.run.update.status !== 'idle' && state.runs.checks.status !== 'loading')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same versions are the same tables
  useEffect(() => {
    if (!waits) void loadFreshness(tables)
  }, [loadFreshness, versions, waits])
}
