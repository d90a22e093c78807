import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { GoldsmithState } from '@/store/state'
import type { GoldsmithActions, GoldsmithStore } from '@/store/store'

const StoreContext = createContext<GoldsmithStore | null>(null)

export function StoreProvider({ store, children }: { store: GoldsmithStore; children: ReactNode }) {
  return <StoreContext value={store}>{children}</StoreContext>
}

function useGoldsmithStore(): GoldsmithStore {
  const store = useContext(StoreContext)
  if (!store) throw new Error('Views must be rendered inside a StoreProvider.')
  return store
}

/** Selects stable raw state; derive from it in useMemo. */
export function useGoldsmith<T>(selector: (state: GoldsmithState) => T): T {
  return useStore(useGoldsmithStore().state, selector)
}

export function useActions(): GoldsmithActions {
  return useGoldsmithStore().actions
}

/** When the component that asks was first shown. */
export function useStartedAt(): number {
  const store = useGoldsmithStore()
  return useState(() => store.now())[0]
}

/** The time now, renewed every `intervalMs` while `active`. */
export function useNow(active: boolean, intervalMs: number): number {
  const store = useGoldsmithStore()
  const [now, setNow] = useState(() => store.now())
  useEffect(() => {
    setNow(store.now())
    if (!active) return
    const timer = setInterval(() => setNow(store.now()), intervalMs)
    return () => clearInterval(timer)
  }, [store, active, intervalMs])
  return now
}
