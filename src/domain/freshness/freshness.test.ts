import { describe, expect, it } from 'vitest'
import { type Ages, dataTimeColumns, endOfDay, judgeFreshness, slaOf } from './freshness'

const hour = 3_600_000
const now = Date.UTC(2026, 0, 5, 12)
const day = slaOf({ sla_freshness_hours: '24' })!

function judge(ages: Partial<Ages>, sla = day) {
  return judgeFreshness(sla, { now, refreshedAt: now - hour, data: null, ...ages })
}

describe('the SLA of a table', () => {
  it('is read from hours, minutes and seconds, and the strictest holds', () => {
    expect(slaOf({ sla_freshness_hours: '2', sla_freshness_minutes: '90' })).toMatchObject({ freshnessMs: 1.5 * hour })
    expect(slaOf({ sla_freshness_seconds: '0.5', refresh_sla_minutes: '60' })).toEqual({
      freshnessMs: 500,
      refreshMs: hour,
      unreadable: [],
    })
  })

  it('is none where no property promises anything', () => {
    expect(slaOf({ team: 'analytics', sla_freshness_hours: '' })).toBeNull()
  })

  it.each(['soon', '-1', '0', '1e3'])('that says %s cannot be read, so the table is never fresh', (text) => {
    const sla = slaOf({ sla_freshness_hours: text, refresh_sla_minutes: '600' })!
    expect(sla.unreadable).toEqual(['sla_freshness_hours'])
    expect(judge({}, sla)).toMatchObject({ refresh: 'fresh', status: 'unknown' })
  })
})

describe('the freshness of a table', () => {
  it('is unknown as long as no update looked after it', () => {
    expect(judge({ refreshedAt: null })).toEqual({ refresh: 'unknown', data: null, status: 'unknown' })
  })

  it('ends when the last refresh is longer ago than the SLA, not when it is as long ago', () => {
    expect(judge({ refreshedAt: now - 24 * hour }).status).toBe('fresh')
    expect(judge({ refreshedAt: now - 24 * hour - 1 }).status).toBe('stale')
  })

  it('is held against the SLA of refreshing where there is one', () => {
    const sla = slaOf({ sla_freshness_hours: '1', refresh_sla_minutes: '240' })!
    expect(judge({ refreshedAt: now - 3 * hour }, sla).refresh).toBe('fresh')
  })

  it('is that of its rows at the end of the business date, whatever the clock says', () => {
    const asOfEnd = endOfDay('2011-12-09')
    expect(judge({ data: { changedAt: Date.UTC(2011, 11, 9, 12, 50), asOfEnd } })).toMatchObject({
      data: 'fresh',
      status: 'fresh',
    })
    expect(judge({ data: { changedAt: Date.UTC(2011, 11, 8, 12), asOfEnd } })).toEqual({
      refresh: 'fresh',
      data: 'stale',
      status: 'stale',
    })
    expect(judge({ data: { changedAt: Date.UTC(2012, 0, 1), asOfEnd } }).data).toBe('fresh')
  })

  it('is unknown for a table that should tell when its rows changed and does not', () => {
    expect(judge({ data: { changedAt: null, asOfEnd: now } })).toMatchObject({ data: 'unknown', status: 'unknown' })
  })

  it('is stale rather than unknown when one of both is stale', () => {
    expect(judge({ refreshedAt: now - 99 * hour, data: { changedAt: null, asOfEnd: now } }).status).toBe('stale')
  })
})

describe('the columns of the data time', () => {
  const columns = [
    { name: 'order_date', type: 'DATE' },
    { name: 'shipped_at', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'note', type: 'VARCHAR' },
  ]

  it('are those that say when a row changed, if they are timestamps', () => {
    const updated = { name: '_updated_at', type: 'TIMESTAMP' }
    expect(dataTimeColumns([...columns, updated], [])).toEqual({ names: ['_updated_at'], tells: 'change' })
    expect(dataTimeColumns([...columns, { ...updated, type: 'VARCHAR' }], [])?.tells).toBe('period')
  })

  it('are else the dates of the key, else all dates', () => {
    expect(dataTimeColumns(columns, ['note', 'order_date'])?.names).toEqual(['order_date'])
    expect(dataTimeColumns(columns, ['note'])?.names).toEqual(['order_date', 'shipped_at'])
    expect(dataTimeColumns(columns.slice(2), [])).toBeNull()
  })
})
