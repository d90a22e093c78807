import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { RowCache, windowSize } from './row-cache'
import { clampOffset, maxScrollHeight, offsetShowing, scrollScale } from './scroll-scale'

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('rows come in whole windows, the last one short', async () => {
  const fetchRows = vi.fn(async (offset: number, limit: number) =>
    Array.from({ length: limit }, (_, i) => [offset + i]),
  )
  const cache = new RowCache(fetchRows, 450, () => undefined)
  expect(cache.row(0)).toBeNull()
  cache.want(190, 449)
  await settled()
  expect(fetchRows.mock.calls.map(([offset, limit]) => [offset, limit])).toEqual([
    [0, 200],
    [200, 200],
    [400, 50],
  ])
  expect(cache.row(449)).toEqual([449])
  cache.want(0, 449)
  await settled()
  expect(fetchRows).toHaveBeenCalledTimes(3)
})

test('a window that scrolling left behind is cancelled and not kept', async () => {
  const signals: AbortSignal[] = []
  const cache = new RowCache(
    async (offset, limit, signal) => {
      signals.push(signal)
      await settled()
      return Array.from({ length: limit }, (_, i) => [offset + i])
    },
    100_000,
    () => undefined,
  )
  cache.want(0, 10)
  cache.want(50_000, 50_010)
  await settled()
  await settled()
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false])
  expect(cache.row(0)).toBeNull()
  expect(cache.row(50_005)).toEqual([50_005])
})

test('the cache forgets the least recently used rows, not the visible ones', async () => {
  const cache = new RowCache(
    async (offset, limit) => Array.from({ length: limit }, (_, i) => [offset + i]),
    1e6,
    () => undefined,
  )
  for (let index = 0; index < 60; index++) {
    cache.want(0, 10)
    await settled()
    cache.want(index * windowSize, index * windowSize + 10)
    await settled()
  }
  expect(cache.row(0)).toEqual([0])
  expect(cache.row(5 * windowSize)).toBeNull()
  expect(cache.row(59 * windowSize)).toEqual([59 * windowSize])
})

test('a failed fetch is told once and tried again only on request', async () => {
  let fails = true
  const fetchRows = vi.fn(async (): Promise<unknown[][]> => {
    if (fails) throw new Error('gone')
    return [['back']]
  })
  const changed = vi.fn()
  const cache = new RowCache(fetchRows, 1, changed)
  cache.want(0, 0)
  await settled()
  cache.want(0, 0)
  await settled()
  expect(fetchRows).toHaveBeenCalledTimes(1)
  expect(cache.error).toBeInstanceOf(Error)
  fails = false
  cache.retry(0, 0)
  await settled()
  expect(cache.row(0)).toEqual(['back'])
  expect(cache.error).toBeNull()
})

test('every row of any result can be reached, and the scroll area never passes what browsers allow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 28, max: 2000 }), (rows, viewport) => {
      const scale = scrollScale(rows, 28, viewport)
      expect(scale.scrollHeight).toBeLessThanOrEqual(maxScrollHeight)
      const bottom = Math.max(0, scale.scrollHeight - viewport) * scale.factor
      expect(bottom).toBeCloseTo(scale.maxOffset, 3)
      expect(clampOffset(Number.POSITIVE_INFINITY, scale)).toBe(scale.maxOffset)
    }),
  )
})

test('moving to a row scrolls no further than needed', () => {
  expect(offsetShowing(10, 28, 280, 0)).toBe(28)
  expect(offsetShowing(5, 28, 280, 0)).toBe(0)
  expect(offsetShowing(2, 28, 280, 100)).toBe(56)
})
