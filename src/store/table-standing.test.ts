import { describe, expect, it } from 'vitest'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import type { StoredTable } from '@/rpc/contract'
import { standingOf } from './table-standing'

const committedAt = Date.UTC(2024, 0, 1)
const hours = (count: number) => committedAt + count * 3_600_000

function table(changes: Partial<StoredTable> = {}): StoredTable {
  return {
    name: 'gold.t',
    layer: 'gold',
    kind: 'materialized_view',
    comment: null,
    columns: [{ name: 'a', type: 'BIGINT', nullable: true, comment: null, pii: false }],
    properties: { sla_freshness_hours: '24' },
    rows: 1,
    version: 0,
    files: 1,
    bytes: 1,
    committedAt,
    ...changes,
  }
}

function updated(status: DatasetReport['status'], at: number): UpdateReport {
  const dataset = { name: 'gold.t', status } as DatasetReport
  return { startedAt: new Date(at).toISOString(), datasets: [dataset] } as UpdateReport
}

const none = { report: null, measured: {} }
const stale = (...[of, updates, now]: Parameters<typeof standingOf>) => standingOf(of, updates, now).has('stale')

describe('a table is stale', () => {
  it('when its last commit is older than it promises', () => {
    expect([stale(table(), none, hours(24)), stale(table(), none, hours(25))]).toEqual([false, true])
  })

  it('not when an update has since found it up to date, but when that update failed', () => {
    const at = (status: DatasetReport['status']) => ({ report: updated(status, hours(20)), measured: {} })
    expect(stale(table(), at('skipped'), hours(40))).toBe(false)
    expect(stale(table(), at('failed'), hours(40))).toBe(true)
    expect(stale(table(), at('skipped'), hours(45))).toBe(true)
  })

  it('never when it promises nothing, or nobody knows its age', () => {
    expect(stale(table({ properties: {} }), none, hours(999))).toBe(false)
    const { committedAt: _, ...view } = table()
    expect(stale(view, none, hours(999))).toBe(false)
  })
})

describe('a table is failing', () => {
  it('when its last update failed or rows break a rule', () => {
    const rule = (failed: number) => [{ name: 'r', action: 'warn' as const, passed: 1, failed }]
    const failing = (failed: number) =>
      standingOf(table(), { report: null, measured: { 'gold.t': rule(failed) } }, hours(1))
    expect([failing(0).has('failing'), failing(2).has('failing')]).toEqual([false, true])
    expect(standingOf(table(), { report: updated('failed', hours(0)), measured: {} }, hours(1)).has('failing')).toBe(
      true,
    )
  })
})
