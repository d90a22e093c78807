import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { quoteLiteral } from '@/domain/sql/quote'
import { compareWithReference } from './compare'
import { rowsOf } from './rows-of'
import { eventModels, openSilver, runModels, sourceRows } from './run-models'

const asOf = '2024-03-31'

describe('events of the product', () => {
  it('are replaced by later rows of theirs, and counted by day and flag', async () => {
    const events = `
      (1, '2024-01-01 23:59:59.999999', 7, 'view', 'dark', 'a', 'mobile', 'NO', '2024-01-01'),
      (1, '2024-01-02 00:00:00', 7, 'view', 'light', 'a', 'mobile', 'NO', '2024-01-03'),
      (1, '2024-01-05 00:00:00', 8, 'view', 'dark', 'a', 'mobile', 'NO', '2024-01-02'),
      (2, '2024-01-02 10:00:00', 7, 'click', 'light', 'b', 'desktop', NULL, '2024-01-02'),
      (3, '2024-01-02 11:00:00', NULL, 'click', 'light', NULL, NULL, NULL, '2024-01-02'),
      (4, '2024-01-02 12:00:00', 9, 'click', NULL, 'c', NULL, NULL, '2024-01-02'),
      (5, '2023-01-02 12:00:00', 9, 'click', NULL, 'c', NULL, NULL, '2024-01-02'),
      (6, NULL, 9, 'click', NULL, 'c', NULL, NULL, '2024-01-02')`
    const connection = await openSilver({ user_events: await sourceRows('user_events', events) })
    await runModels(connection, { asOf, only: eventModels })
    expect(
      await rowsOf(connection, 'SELECT event_id, event_date FROM gold_product.fact_user_events ORDER BY 1'),
    ).toEqual([
      ['1', '2024-01-02'],
      ['2', '2024-01-02'],
      ['3', '2024-01-02'],
      ['4', '2024-01-02'],
      // Older than the 90 days that the table promises: a build keeps it.
      ['5', '2023-01-02'],
      ['6', null],
    ])
    const sql = `SELECT event_date, feature_flag, users, sessions, events FROM gold_product.feature_adoption_daily
      ORDER BY ALL NULLS LAST`
    expect(await rowsOf(connection, sql)).toEqual([
      ['2023-01-02', null, '1', '1', '1'],
      ['2024-01-02', 'light', '1', '2', '3'],
      ['2024-01-02', null, '1', '1', '1'],
      [null, null, '1', '1', '1'],
    ])
  })

  it.each([
    ['gold_product.fact_user_events', 10_000],
    ['gold_product.feature_adoption_daily', 12],
  ])('give %s the rows of the reference over a web server’s log, %i of them', async (table, rows) => {
    const log = join(import.meta.dirname, '../fixtures/web-log/user_events.parquet')
    const connection = await openSilver({ user_events: `SELECT * FROM ${quoteLiteral(log)}` })
    await runModels(connection, { asOf: '2015-05-20', only: eventModels })
    const comparison = await compareWithReference(connection, table, { asOf, dates: false, holidays: false })
    expect(comparison).toEqual({ rows, onlyInTable: 0, onlyInReference: 0, columns: [] })
  })
})
