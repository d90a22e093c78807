import { expect, test } from 'vitest'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import { summarize } from './graph-model'

function dataset(status: DatasetReport['status'], kind: DatasetReport['kind'] = 'materialized_view'): DatasetReport {
  return {
    name: 'gold.t',
    kind,
    plan: 'full',
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

test('an update without changes says so, and counts tables, not views', () => {
  const skipped = [dataset('skipped'), dataset('skipped'), dataset('completed', 'view')]
  expect(summarize(report('completed', skipped)).title).toBe('Nothing changed: 2 tables already up to date.')
})

test('a failure outweighs what succeeded', () => {
  const summary = summarize(report('failed', [dataset('completed'), dataset('failed'), dataset('waiting')]))
  expect(summary.tone).toBe('error')
  expect(summary.title).toBe('1 dataset failed, 1 waiting. What failed keeps its last version.')
})

test('a mixed update counts both', () => {
  expect(summarize(report('completed', [dataset('completed'), dataset('skipped')])).title).toBe(
    '1 table built in 7.1 s; 1 already up to date.',
  )
})

test('problems before the run mean that nothing ran', () => {
  const problems = [{ code: 'pipeline.cycle', message: 'a → b → a' }]
  expect(summarize(report('failed', [], problems)).title).toBe('Nothing ran: 1 problem in the pipeline.')
})
