import { useMemo } from 'react'
import { type AsOf, effectiveAsOf } from '@/store/as-of'
import { valueOr } from '@/store/loadable'
import { useGoldsmith, useNow } from './store-context'

/** The business date that runs and dashboards use, and where it comes from. */
export function useAsOf(): AsOf {
  const chosen = useGoldsmith((state) => state.run.chosenAsOf)
  const sources = useGoldsmith((state) => state.sources.sources)
  const lastUpdate = useGoldsmith((state) => state.run.report?.asOf ?? null)
  const now = useNow(true, 60_000)
  return useMemo(() => effectiveAsOf(chosen, valueOr(sources, []), lastUpdate, now), [chosen, sources, lastUpdate, now])
}
