import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatRoute, parseRoute, type Route } from '@/store/route'
import { placeOfTab, type RunsPlace, runsTabs } from './place'

const text = fc.string({ minLength: 1, unit: 'grapheme' })
const maybe = fc.option(text)
const places: fc.Arbitrary<RunsPlace> = fc.oneof(
  fc.record({ tab: fc.constant('updates' as const), update: maybe }),
  fc.record({
    tab: fc.constant('events' as const),
    filter: fc.record({ update: maybe, level: maybe, type: maybe, dataset: maybe, text: maybe }),
  }),
  fc.record({ tab: fc.constant('quarantine' as const), table: text, rule: maybe }),
  fc.constantFrom(...runsTabs.map(placeOfTab)),
)

it('every place of the Runs view has an address that leads back to it', () => {
  fc.assert(
    fc.property(places, (place) => {
      const route: Route = { view: 'runs', ...place }
      expect(parseRoute(formatRoute(route))).toEqual(route)
    }),
    { endOnFailure: true },
  )
})

it('an unknown place is the list of updates', () => {
  expect(parseRoute('/runs')).toEqual({ view: 'runs', tab: 'updates', update: null })
  expect(parseRoute('/runs/nonsense/x')).toEqual({ view: 'runs', tab: 'updates', update: null })
})
