import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cycleProblems,
  downstream,
  duplicateProblems,
  findCycles,
  type GraphNode,
  selectDatasets,
  topologicalOrder,
  unknownTable,
  upstream,
} from './graph'
import { editDistance, nearestName } from './nearest'

function node(name: string, ...inputs: string[]): GraphNode {
  return { name, file: `${name}.sql`, position: { line: 3, column: 5, offset: 40 }, inputs }
}

/** A graph without cycles: each dataset reads some of those with a smaller number; then shuffled. */
const acyclic = fc
  .array(fc.array(fc.nat(9), { maxLength: 4 }), { maxLength: 10 })
  .map((rows) => rows.map((inputs, i) => node(`g.${i}`, ...new Set(inputs.filter((j) => j < i).map((j) => `g.${j}`)))))
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }))

describe('topological order', () => {
  it('puts every dataset after its inputs and loses none', () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const order = topologicalOrder(nodes).map((n) => n.name)
        expect([...order].sort()).toEqual(nodes.map((n) => n.name).sort())
        for (const { name, inputs } of nodes) {
          for (const input of inputs) expect(order.indexOf(input)).toBeLessThan(order.indexOf(name))
        }
        expect(findCycles(nodes)).toEqual([])
      }),
    )
  })

  it('keeps datasets on a cycle, last', () => {
    const order = topologicalOrder([node('a', 'b'), node('b', 'a'), node('c', 'silver.x')])
    expect(order.map((n) => n.name)).toEqual(['c', 'a', 'b'])
  })
})

describe('cycles', () => {
  it('are found whenever an edge back is added', () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const reader = nodes.find((n) => n.inputs.length > 0)
        const input = nodes.find((n) => n.name === reader?.inputs[0])
        if (!reader || !input) return
        const closed = nodes.map((n) => (n === input ? { ...n, inputs: [...n.inputs, reader.name] } : n))
        const cycles = findCycles(closed)
        expect(cycles.length).toBeGreaterThan(0)
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1))
          for (let i = 1; i < cycle.length; i++) {
            expect(closed.find((n) => n.name === cycle[i])?.inputs).toContain(cycle[i - 1])
          }
        }
      }),
    )
  })

  it('are told whole, with file and line', () => {
    const [problem, ...more] = cycleProblems([node('a', 'c'), node('b', 'a'), node('c', 'b')])
    expect(more).toEqual([])
    expect(problem?.message).toBe('Datasets that need each other: a → b → c → a')
    expect(problem).toMatchObject({ code: 'pipeline.cycle', file: 'a.sql', line: 3, column: 5 })
    expect(cycleProblems([node('a', 'a')])[0]?.message).toContain('a → a')
  })
})

describe('selection', () => {
  const nodes = [
    node('gold.a', 'silver.o'),
    node('gold.b', 'gold.a'),
    node('gold.c', 'gold.b'),
    node('gold.d', 'gold.a'),
  ]

  it('follows upstream and downstream', () => {
    expect([...upstream(nodes, ['gold.c'])]).toEqual(['gold.c', 'gold.b', 'gold.a', 'silver.o'])
    expect([...downstream(nodes, ['silver.o'])].sort()).toEqual(['gold.a', 'gold.b', 'gold.c', 'gold.d', 'silver.o'])
    const names = (...terms: string[]) => [...selectDatasets(nodes, terms, 'gold').names].sort()
    expect(names('B')).toEqual(['gold.b'])
    expect(names('+gold.b')).toEqual(['gold.a', 'gold.b'])
    expect(names('b+')).toEqual(['gold.b', 'gold.c'])
    expect(names('+b+', 'd')).toEqual(['gold.a', 'gold.b', 'gold.c', 'gold.d'])
  })

  it('suggests a name for an unknown one', () => {
    const { problems } = selectDatasets([node('gold.fact_sales')], ['fact_sale+', 'nothing_like_it'], 'gold')
    expect(problems.map((p) => p.remedy)).toEqual([
      'Did you mean gold.fact_sales?',
      'Select a dataset of the pipeline.',
    ])
  })
})

describe('names', () => {
  it('may be given once', () => {
    const problems = duplicateProblems(
      [node('gold.a'), node('gold.a'), node('silver.o')],
      [{ name: 'silver.o', file: 's.sql' }],
    )
    expect(problems.map((p) => p.message)).toEqual([
      'gold.a is already defined in gold.a.sql',
      'silver.o is already defined in s.sql',
    ])
  })

  it('are suggested when a table is unknown', () => {
    expect(unknownTable('gold.fact_saels', ['gold.fact_sales', 'gold.dim_date'], { file: 'f' }).remedy).toContain(
      'fact_sales',
    )
    expect(nearestName('gold.dim_date', ['gold_common.dim_date'])).toBe('gold_common.dim_date')
    expect(nearestName('gold.zzz', ['silver.orders'])).toBeNull()
  })

  it('have an edit distance that is a metric', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
  })
})
