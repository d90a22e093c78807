import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dataset } from '@/domain/pipeline/project'
import { schedule } from './schedule'

const dataset = (name: string, inputs: string[] = []) => ({ name, inputs }) as unknown as Dataset
const turn = () => new Promise<void>((resolve) => setTimeout(resolve))

/** What happens, in order, when building and storing a dataset take a turn of the event loop or more each. */
async function events(datasets: Dataset[], mayOverlap = true): Promise<string[]> {
  const seen: string[] = []
  await schedule(
    datasets,
    async ({ name }, built) => {
      seen.push(`build ${name}`)
      await turn()
      seen.push(`store ${name}`)
      built()
      for (let step = 0; step < 3; step += 1) await turn()
      seen.push(`done ${name}`)
    },
    async () => mayOverlap,
  )
  return seen
}

describe('the order of an update', () => {
  it('builds a dataset of another branch while one is being stored', async () => {
    expect(await events([dataset('a'), dataset('b'), dataset('after_a', ['a'])])).toEqual([
      ...[
        'build a',
        'store a',
        'build b',
        'store b',
        'done a',
        'build after_a',
        'store after_a',
        'done b',
        'done after_a',
      ],
    ])
  })

  it('does one after the other while memory is short', async () => {
    expect(await events([dataset('a'), dataset('b')], false)).toEqual([
      ...['build a', 'store a', 'done a', 'build b', 'store b', 'done b'],
    ])
  })

  it('never begins a dataset before its inputs are done, builds one at a time, and does each once', async () => {
    const graph = fc
      .array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((rows) =>
        rows.map((picks, index) =>
          dataset(`d${index}`, index === 0 ? ['silver.a'] : [...new Set(picks.map((pick) => `d${pick % index}`))]),
        ),
      )
    await fc.assert(
      fc.asyncProperty(graph, async (datasets) => {
        const seen = await events(datasets)
        const place = (event: string) => seen.indexOf(event)
        expect(seen.filter((event) => event.startsWith('done')).toSorted()).toEqual(
          datasets.map(({ name }) => `done ${name}`).toSorted(),
        )
        for (const { name, inputs } of datasets) {
          for (const input of inputs.filter((one) => one.startsWith('d')))
            expect(place(`done ${input}`)).toBeLessThan(place(`build ${name}`))
        }
        const building = seen.filter((event) => !event.startsWith('done'))
        expect(building.every((event, index) => event.startsWith(index % 2 === 0 ? 'build' : 'store'))).toBe(true)
      }),
      { numRuns: 30, endOnFailure: true },
    )
  })
})
