import { expect, test } from 'vitest'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import { initialRun, withReport } from './run'

function reportOf(status: DatasetReport['status'], expectations: DatasetReport['expectations']): UpdateReport {
  const dataset: DatasetReport = {
    name: 'gold.fact_sales',
    kind: 'materialized_view',
    plan: 'full',
    reason: '',
    status,
    version: 0,
    rowsWritten: 0,
    rowsUpserted: 0,
    rowsDeleted: 0,
    rowsDropped: 0,
    durationMs: 1,
    expectations,
  }
  return {
    updateId: 'u',
    status: status === 'canceled' || status === 'failed' ? status : 'completed',
    asOf: '2011-12-09',
    startedAt: '2011-12-09T00:00:00Z',
    durationMs: 1,
    datasets: [dataset],
    problems: [],
  }
}

const passed = [{ name: 'valid_customer', action: 'drop' as const, passed: 9, failed: 1 }]
const refused = [{ name: 'valid_customer', action: 'drop' as const, passed: 0, failed: 10 }]

test('what the rules counted stays known after an update that was canceled or failed', () => {
  let state = { ...initialRun(null), ...withReport(initialRun(null), reportOf('completed', passed)) }
  state = { ...state, ...withReport(state, reportOf('canceled', [])) }
  expect(state.measured['gold.fact_sales']).toEqual(passed)
  // The rows that a failed update counted were never stored.
  state = { ...state, ...withReport(state, reportOf('failed', refused)) }
  expect(state.measured['gold.fact_sales']).toEqual(passed)
})

test('an update that skipped a dataset tells the counts of its stored version, also in a new visit', () => {
  const { measured } = withReport(initialRun(null), reportOf('skipped', passed))
  expect(measured['gold.fact_sales']).toEqual(passed)
})
