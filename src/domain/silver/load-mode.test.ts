import { describe, expect, it } from 'vitest'
import { modeByContent } from './load-mode'

const evidence = { table: 'silver.orders', rows: 30, tableRows: 100, newer: 20, added: 4 }

describe('a file for a table that has rows', () => {
  it('is taken for changes when it has at most three tenths of the rows, and four fifths of its rows are news', () => {
    expect(modeByContent(evidence)).toEqual({
      mode: 'merge',
      reason:
        'It holds only changes: 30 rows, where silver.orders had 100, of them 20 newer versions of rows that were there and 4 new rows.',
    })
    expect(modeByContent({ ...evidence, rows: 31, newer: 31 }).mode).toBe('replace')
    expect(modeByContent({ ...evidence, added: 3 })).toEqual({
      mode: 'replace',
      reason: 'It is another table: 30 rows, where silver.orders had 100, only 23 of them newer.',
    })
  })

  it('names only what there is', () => {
    expect(modeByContent({ ...evidence, newer: 0, added: 30 }).reason).toMatch(/had 100, of them 30 new rows\.$/)
    expect(modeByContent({ ...evidence, rows: 1, newer: 1, added: 0 }).reason).toMatch(
      /^It holds only changes: 1 row, .* of them 1 newer version of/,
    )
    expect(modeByContent({ ...evidence, newer: 0, added: 0 }).reason).toMatch(/, none of them newer\.$/)
  })
})
