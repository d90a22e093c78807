import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noSlot, paletteSlots, spread } from './palette'

test('the usual segments have colours of their own, and one without a name is grey', () => {
  const slots = paletteSlots(['Premium', 'Standard', 'Budget', null])
  expect(new Set(slots.values()).size).toBe(4)
  expect(slots.get(null)).toBe(noSlot)
})

test('colours do not depend on the order of names', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 12 }), (names) => {
      expect(paletteSlots(names.toReversed())).toEqual(paletteSlots(names))
    }),
  )
})

test('labels keep their distance and their order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }), (wanted) => {
      const places = spread(wanted, 14)
      const sorted = places.toSorted((a, b) => a - b)
      for (let i = 1; i < sorted.length; i++) {
        expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-9)
      }
    }),
  )
  expect(spread([10, 100], 14)).toEqual([10, 100])
})
