import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { GoldsmithError } from '@/domain/errors'
import type { ColumnProfile } from '@/domain/result/profile'
import type { EngineApi } from '@/rpc/contract'
import { initialCatalog } from './catalog'
import type { GoldsmithState, SliceContext } from './state'
import { profileTable } from './table-profile'

const profileOf = (column: number): ColumnProfile => ({
  column,
  rows: 2,
  nulls: 0,
  distinct: { count: 2, exact: true },
  min: 1,
  max: 2,
  histogram: null,
  top: null,
})

/** A store over an engine with one table of 30 columns; `profile` stands in for the engine's. */
function setUp(profile: EngineApi['profile']) {
  const store = createStore<GoldsmithState>(() => ({ catalog: initialCatalog }) as GoldsmithState)
  const closed: string[] = []
  const columns = Array.from({ length: 30 }, (_, i) => ({ name: `c${i}`, type: 'BIGINT' }))
  const api = {
    openTable: async () => ({ id: 'r', columns, rows: 2, durationMs: 1 }),
    profile,
    closeResult: async ({ id }: { id: string }) => void closed.push(id),
  } as unknown as EngineApi
  const context = { api, store } as unknown as SliceContext
  return { context, closed, profile: () => store.getState().catalog.profiles.t, store }
}

describe('profiling a table', () => {
  it('reads all its columns, and closes it', async () => {
    const { context, closed, profile } = setUp(async ({ columns }) => columns.map(profileOf))
    await profileTable(context, 't', new AbortController().signal)
    expect(profile()).toMatchObject({ status: 'done', total: 30, columns: { c29: { column: 29 } } })
    expect(closed).toEqual(['r'])
  })

  it('keeps what was read when the reader goes elsewhere, and goes on later', async () => {
    const controller = new AbortController()
    const { context, profile } = setUp(async ({ columns }) => {
      controller.abort()
      return columns.map(profileOf)
    })
    await profileTable(context, 't', controller.signal)
    expect(profile()?.status).toBe('paused')
    expect(Object.keys(profile()?.columns ?? {})).toHaveLength(12)
    await profileTable(context, 't', new AbortController().signal)
    expect(Object.keys(profile()?.columns ?? {})).toHaveLength(30)
  })

  it('says why it failed', async () => {
    const { context, profile } = setUp(async () => {
      throw new GoldsmithError({ code: 'engine.out_of_memory', message: 'No room.' })
    })
    await profileTable(context, 't', new AbortController().signal)
    expect(profile()).toMatchObject({ status: 'failed', error: { code: 'engine.out_of_memory' } })
  })

  it('puts nothing of an earlier catalog into a later one', async () => {
    const { context, profile, store } = setUp(async ({ columns }) => {
      store.setState({ catalog: { ...initialCatalog, revision: 1 } })
      return columns.map(profileOf)
    })
    await profileTable(context, 't', new AbortController().signal)
    expect(profile()).toBeUndefined()
  })
})
