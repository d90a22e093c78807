import { describe, expect, it } from 'vitest'
import { type BuiltFrom, type Decision, type PlanFacts, type PlannedDataset, planUpdate } from './plan'

const dataset = (name: string, inputs: string[], extra: Partial<PlannedDataset> = {}): PlannedDataset => ({
  name,
  kind: 'materialized_view',
  inputs,
  optionalInputs: [],
  definition: `definition of ${name}`,
  behind: inputs,
  strategy: { kind: 'whole', reason: 'a test' },
  ...extra,
})

const chain = [
  dataset('gold.fact', ['silver.orders']),
  dataset('gold.base', ['gold.fact'], { kind: 'view' }),
  dataset('gold.daily', ['gold.base']),
]

const facts = (extra: Partial<PlanFacts> = {}): PlanFacts => ({
  sources: new Map([['silver.orders', 'rows 1']]),
  declaredSources: new Set(['silver.orders', 'silver.dates']),
  built: new Map(),
  selected: new Set(['gold.fact', 'gold.base', 'gold.daily', 'gold.dim']),
  fullRefresh: new Set(),
  knowsChanges: () => true,
  updateId: 'update',
  ...extra,
})

/** The state after a run that carried the decisions out. */
function committed(decisions: Map<string, Decision>, datasets: readonly PlannedDataset[]): Map<string, BuiltFrom> {
  const built = new Map<string, BuiltFrom>()
  for (const { name, definition } of datasets) {
    const decision = decisions.get(name)
    if (decision?.action === 'full') built.set(name, { version: 0, definition, inputs: decision.inputs })
  }
  return built
}

const actions = (decisions: Map<string, Decision>) => [...decisions.values()].map(({ action }) => action)

describe('planUpdate', () => {
  it('builds everything the first time', () => {
    expect(actions(planUpdate(chain, facts()))).toEqual(['full', 'view', 'full'])
  })

  it('skips everything when nothing changed', () => {
    const built = committed(planUpdate(chain, facts()), chain)
    expect(actions(planUpdate(chain, facts({ built })))).toEqual(['skip', 'view', 'skip'])
  })

  it('rebuilds what lies downstream of a changed source, and names the input', () => {
    const built = committed(planUpdate(chain, facts()), chain)
    const plan = planUpdate(chain, facts({ built, sources: new Map([['silver.orders', 'rows 2']]) }))
    expect(plan.get('gold.fact')).toMatchObject({
      action: 'full',
      reason: 'silver.orders changed; in full, because of a test',
    })
    expect(plan.get('gold.daily')).toMatchObject({
      action: 'full',
      reason: 'gold.base changed; in full, because of a test',
    })
  })

  it('rebuilds a dataset whose view changed, and leaves what is upstream alone', () => {
    const built = committed(planUpdate(chain, facts()), chain)
    const changed = chain.map((item) => (item.kind === 'view' ? { ...item, definition: 'another' } : item))
    expect(actions(planUpdate(changed, facts({ built })))).toEqual(['skip', 'view', 'full'])
  })

  it('waits for a source that is not loaded, downstream too', () => {
    const plan = planUpdate(chain, facts({ sources: new Map() }))
    expect([...plan.values()]).toEqual(chain.map(() => ({ action: 'wait', reason: 'waiting for silver.orders' })))
  })

  it('does without an absent source that the dataset declares optional, until it appears', () => {
    const calendar = [dataset('gold.dim', ['silver.orders', 'silver.dates'], { optionalInputs: ['silver.dates'] })]
    const first = planUpdate(calendar, facts())
    expect(actions(first)).toEqual(['full'])
    const sources = new Map([
      ['silver.orders', 'rows 1'],
      ['silver.dates', 'days'],
    ])
    const second = planUpdate(calendar, facts({ built: committed(first, calendar), sources }))
    expect(second.get('gold.dim')).toMatchObject({
      action: 'full',
      reason: 'silver.dates changed; in full, because of a test',
    })
  })

  it('builds a selected dataset from the versions that are there, and knows later that they were old', () => {
    const built = committed(planUpdate(chain, facts()), chain)
    const sources = new Map([['silver.orders', 'rows 2']])
    const selected = new Set(['gold.base', 'gold.daily'])
    const partial = planUpdate(chain, facts({ built, sources, selected, fullRefresh: new Set(['gold.daily']) }))
    expect(actions(partial)).toEqual(['skip', 'view', 'full'])
    const after = new Map([...built, ...committed(partial, chain)])
    expect(actions(planUpdate(chain, facts({ built: after, sources })))).toEqual(['full', 'view', 'full'])
  })

  it('waits for an input outside the update that was never built', () => {
    const plan = planUpdate(chain, facts({ selected: new Set(['gold.base', 'gold.daily']) }))
    expect(plan.get('gold.daily')).toEqual({
      action: 'wait',
      reason: 'waiting for gold.fact, which is not part of this update',
    })
  })

  it('rebuilds what was asked for, and what another writer touched', () => {
    const built: PlanFacts['built'] = new Map([
      ['gold.fact', null],
      ...[...committed(planUpdate(chain, facts()), chain)].filter(([name]) => name === 'gold.daily'),
    ])
    const plan = planUpdate(chain, facts({ built, fullRefresh: new Set(['gold.daily']) }))
    expect(plan.get('gold.fact')).toMatchObject({
      reason: 'the last version was not written by a run of this pipeline',
    })
    expect(plan.get('gold.daily')).toMatchObject({ reason: 'full refresh was asked for' })
  })
})

describe('an incremental plan', () => {
  const rows = { kind: 'rows', by: ['order_id'] } as const
  const groups = { kind: 'groups', by: ['day'] } as const
  const followed = chain.map((item) => {
    if (item.name === 'gold.fact') return { ...item, strategy: rows }
    // The view hides the fact from its reader, which has to know of both.
    return item.name === 'gold.daily' ? { ...item, strategy: groups, behind: ['gold.base', 'gold.fact'] } : item
  })
  const changed = new Map([['silver.orders', 'rows 2']])

  /** The state after a run, with what each version read. */
  function built(datasets = followed): Map<string, BuiltFrom> {
    const decisions = planUpdate(datasets, facts())
    const state = new Map<string, BuiltFrom>()
    for (const { name, definition } of datasets) {
      const decision = decisions.get(name)
      if (decision?.action !== 'full') continue
      const read = Object.entries(decision.behind).map(([input, fingerprint]) => [input, { fingerprint, version: 0 }])
      state.set(name, { version: 0, definition, inputs: decision.inputs, read: Object.fromEntries(read) })
    }
    return state
  }

  it('follows changed rows of a source, and of what is behind a view, and says by which columns', () => {
    const plan = planUpdate(followed, facts({ built: built(), sources: changed }))
    expect(plan.get('gold.fact')).toMatchObject({
      action: 'incremental',
      reason: 'silver.orders changed; only the rows are computed whose order_id it concerns',
    })
    expect(plan.get('gold.daily')).toMatchObject({
      action: 'incremental',
      reason: 'gold.base changed; only the groups are computed whose day it concerns',
    })
  })

  it.each([
    [
      'the query looks at all rows',
      { strategy: { kind: 'whole', reason: 'a window function' } } as const,
      /because of a window function/,
    ],
    ['its definition changed', { definition: 'another' }, /^its definition changed$/],
  ])('is none when %s', (_, change, reason) => {
    const datasets = followed.map((item) => (item.name === 'gold.fact' ? { ...item, ...change } : item))
    const plan = planUpdate(datasets, facts({ built: built(), sources: changed }))
    expect(plan.get('gold.fact')).toMatchObject({ action: 'full', reason: expect.stringMatching(reason) })
  })

  it('is none when the earlier rows of a source are not known, or the version does not say what it read', () => {
    const forgotten = planUpdate(followed, facts({ built: built(), sources: changed, knowsChanges: () => false }))
    expect(forgotten.get('gold.fact')).toMatchObject({ action: 'full', reason: expect.stringMatching(/earlier rows/) })
    const old = new Map([...built()].map(([name, { read: _, ...from }]) => [name, from]))
    const plan = planUpdate(followed, facts({ built: old, sources: changed }))
    expect(plan.get('gold.fact')).toMatchObject({ action: 'full', reason: expect.stringMatching(/does not say/) })
  })

  it('is none when a view between changed, though the tables behind it are the same', () => {
    const other = followed.map((item) => (item.kind === 'view' ? { ...item, definition: 'another' } : item))
    const plan = planUpdate(other, facts({ built: built() }))
    expect(plan.get('gold.daily')).toMatchObject({
      action: 'full',
      reason: 'gold.base changed; in full, because of the definition of gold.base, which changed',
    })
  })

  it('is none for a full refresh, or when the quarantine is that of another update', () => {
    const asked = planUpdate(followed, facts({ built: built(), sources: changed, fullRefresh: new Set(['gold.fact']) }))
    expect(asked.get('gold.fact')).toMatchObject({ action: 'full', reason: 'full refresh was asked for' })
    const torn = new Map([...built()].map(([name, from]) => [name, { ...from, isTorn: true }]))
    expect(planUpdate(followed, facts({ built: torn, sources: changed })).get('gold.fact')?.action).toBe('full')
  })
})

describe('a streaming table', () => {
  const strategy = { kind: 'changes', by: ['id'] } as const
  const history = dataset('gold.history', ['silver.orders'], { kind: 'streaming_table', strategy })
  const reader = dataset('gold.reader', ['gold.history'])
  const both = [history, reader]
  const selected = new Set(['gold.history', 'gold.reader'])
  const first = planUpdate(both, facts({ selected }))
  /** As an update leaves it, whose identifier its version notes. */
  const built = (extra: Partial<BuiltFrom> = {}) => {
    const of = committed(first, both)
    const from = of.get('gold.history')
    if (from) of.set('gold.history', { ...from, edited: 'update', ...extra })
    return of
  }

  it('is left alone with what reads it when nothing changed', () => {
    const plan = planUpdate(both, facts({ selected, built: built(), updateId: 'later' }))
    expect([...plan.values()].map(({ action }) => action)).toEqual(['skip', 'skip'])
  })

  it('takes in what is new, whatever is known of how its source changed, and so is new to what reads it', () => {
    const sources = new Map([['silver.orders', 'rows 2']])
    const plan = planUpdate(both, facts({ selected, built: built(), sources, knowsChanges: () => false }))
    expect(plan.get('gold.history')).toMatchObject({
      action: 'incremental',
      reason: 'silver.orders changed; only the rows are computed whose id new changes are of',
    })
    const again = planUpdate(
      both,
      facts({ selected, built: built(), fullRefresh: new Set(['gold.history']), updateId: 'later' }),
    )
    expect(again.get('gold.reader')).toMatchObject({
      action: 'full',
      reason: 'gold.history changed; in full, because of a test',
    })
  })

  it('goes on where it stopped when its rows are not those of its state', () => {
    const plan = planUpdate(both, facts({ selected, built: built({ isBehind: true }) }))
    expect(plan.get('gold.history')).toMatchObject({
      action: 'incremental',
      reason: expect.stringMatching(/^its rows are not those that its flows have read; only the rows/),
    })
  })
})
