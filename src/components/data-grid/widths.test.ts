import { expect, test } from 'vitest'
import { columnWidth, withRows } from './widths'

const columns = [{ type: 'DECIMAL(38,2)' }, { type: 'VARCHAR' }]

test('a column of amounts is as wide as its widest one, text only up to a limit', () => {
  const lengths = withRows([], columns, [['6378906.17', 'x'.repeat(400)]])
  expect(lengths[0]).toBe('6,378,906.17'.length)
  expect(columnWidth('sum', 'DECIMAL(38,2)', lengths[0] ?? 0)).toBeGreaterThan(104)
  expect(columnWidth('note', 'VARCHAR', lengths[1] ?? 0)).toBe(320)
})

test('rows that are wider than those before widen a column, and others change nothing', () => {
  const first = withRows([], columns, [['1.00', 'a']])
  expect(withRows(first, columns, [['9.99', 'b']])).toBe(first)
  expect(withRows(first, columns, [['123456789012345678.00', null]])[0]).toBe('123,456,789,012,345,678.00'.length)
})
