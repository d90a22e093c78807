import { expect, test } from 'vitest'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import { leftOut, summarize } from './summary-model'

function dataset(status: DatasetReport['status'], kind: DatasetReport['kind'] = 'materialized_view'): DatasetReport {
  return {
    name: 'gold.t',
    kind,
    plan: status === 'skipped' ? 'skip' : 'full',
    reason: '',
    status,
    version: 1,
    rowsWritten: 1,
    rowsUpserted: 0,
    rowsDeleted: 0,
    rowsDropped: 0,
    durationMs: 5,
    expectations: [],
  }
}

function report(
  status: UpdateReport['status'],
  datasets: DatasetReport[],
  problems: UpdateReport['problems'] = [],
): UpdateReport {
  return {
    updateId: 'u',
    status,
    asOf: '2011-12-09',
    startedAt: '2011-12-09T00:00:00Z',
    durationMs: 7100,
    datasets,
    problems,
  }
}

/** Datasets that read nothing of one another. */
const alone = new Map<string, string[]>()

test('an update without changes says so, and counts tables, not views', () => {
  const skipped = [dataset('skipped'), dataset('skipped'), dataset('completed', 'view')]
  expect(summarize(report('completed', skipped), alone).title).toBe('Nothing changed: 2 tables already up to date.')
})

test('a failure outweighs what succeeded', () => {
  const summary = summarize(report('failed', [dataset('completed'), dataset('failed'), dataset('waiting')]), alone)
  expect(summary.tone).toBe('error')
  expect(summary.title).toBe('1 dataset failed, 1 waiting. What failed keeps its last version.')
})

test('a mixed update counts both', () => {
  expect(summarize(report('completed', [dataset('completed'), dataset('skipped')]), alone).title).toBe(
    '1 table built in 7.1 s; 1 already up to date.',
  )
})

test('problems before the run mean that nothing ran', () => {
  const problems = [{ code: 'pipeline.cycle', message: 'a → b → a' }]
  expect(summarize(report('failed', [], problems), alone).title).toBe('Nothing ran: 1 problem in the pipeline.')
})

/** fact fails; daily reads it, view reads daily, ltv reads the view. */
const chain = new Map([
  ['gold.daily', ['gold.fact']],
  ['gold.view', ['gold.daily']],
  ['gold.ltv', ['gold.view']],
])

function failedChain(version: number | null): DatasetReport[] {
  return [
    { ...dataset('failed'), name: 'gold.fact', version },
    { ...dataset('skipped'), name: 'gold.daily', plan: 'full', version },
    { ...dataset('skipped', 'view'), name: 'gold.view', plan: 'skip', version: null },
    { ...dataset('skipped'), name: 'gold.ltv', plan: 'full', version: null },
    { ...dataset('skipped'), name: 'gold.dim', plan: 'skip', version: 4 },
  ]
}

test('what a failure kept from being built is not up to date, and only a version that exists is kept', () => {
  expect(summarize(report('failed', failedChain(null)), chain).title).toBe(
    '1 dataset failed, 2 not built because of that. None of them has an earlier version.',
  )
  expect(summarize(report('failed', failedChain(3)), chain).title).toBe(
    '1 dataset failed, 2 not built because of that. 2 keep their last version; 1 has none.',
  )
})

test('a first update that was canceled speaks of no last version', () => {
  const datasets = [dataset('completed'), { ...dataset('canceled'), version: null }]
  expect(summarize(report('canceled', datasets), alone).title).toBe(
    'Canceled after 7.1 s. 1 table finished; the others are not built yet.',
  )
})

test('a dry run tells what would be built', () => {
  const datasets = [{ ...dataset('skipped'), plan: 'full' as const }, dataset('skipped')]
  expect(summarize(report('completed', datasets), alone).title).toBe(
    'Dry run: 1 table would be built, 1 already up to date.',
  )
})

test('rows that a query leaves out are counted where the dataset has the key of one source, and nowhere else', () => {
  const built = { ...dataset('completed'), rowsWritten: 397_880, rowsDropped: 141_948 }
  const orders = { table: 'silver.orders', key: ['order_id'], rows: 541_909 }
  const customers = { table: 'silver.customers', key: ['customer_id'], rows: 4372 }
  expect(leftOut(built, ['order_id'], [orders, customers])).toEqual({ rows: 2081, source: 'silver.orders' })
  expect(leftOut(built, ['order_date'], [orders, customers])).toBeNull()
  expect(leftOut({ ...built, status: 'skipped', plan: 'skip' }, ['order_id'], [orders])).toBeNull()
  expect(leftOut({ ...built, rowsWritten: 600_000 }, ['order_id'], [orders])).toBeNull()
})
