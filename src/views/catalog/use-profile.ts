import { useEffect, useState } from 'react'
import type { TableInfo } from '@/domain/automation'
import type { TableProfile } from '@/store/table-profile'
import { useActions, useGoldsmith } from '@/views/store-context'

/**
 * What a table's columns hold, read as long as it is shown. A view has to be run for that, so it is read only when asked.
 * `profile` is null where nothing was asked yet.
 */
export function useProfile(table: TableInfo): { profile: TableProfile | null; profileNow: () => void } {
  const { profileTable } = useActions()
  const profile = useGoldsmith((state) => state.catalog.profiles[table.name])
  const revision = useGoldsmith((state) => state.catalog.revision)
  const [asked, setAsked] = useState(0)
  const wanted = table.kind !== 'view' || asked > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has other rows, another question asks again
  useEffect(() => {
    if (!wanted) return
    const controller = new AbortController()
    void profileTable(table.name, controller.signal)
    return () => controller.abort()
  }, [wanted, asked, revision, table.name, profileTable])
  return { profile: profile ?? null, profileNow: () => setAsked(asked + 1) }
}
