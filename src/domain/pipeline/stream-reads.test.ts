import { describe, expect, it } from 'vitest'
import { withoutStream } from './stream-reads'

describe('reading a stream as a table', () => {
  it.each([
    ['SELECT * FROM STREAM silver.orders', 'SELECT * FROM        silver.orders'],
    ['SELECT * FROM stream(silver.`a b`) o', 'SELECT * FROM        silver.`a b`  o'],
    ['SELECT * FROM a JOIN STREAM(LIVE.b) USING (x)', 'SELECT * FROM a JOIN        LIVE.b  USING (x)'],
    ["SELECT 'FROM STREAM x' FROM -- STREAM\nSTREAM b", "SELECT 'FROM STREAM x' FROM -- STREAM\n       b"],
  ])('blanks STREAM in %j and keeps every place', (query, expected) => {
    expect(withoutStream(query)).toBe(expected)
  })

  it.each([
    'SELECT stream, x FROM a',
    'SELECT x, stream y FROM a',
    'SELECT * FROM stream WHERE x',
    'SELECT * FROM stream AS s',
    'SELECT * FROM stream.orders',
    "SELECT * FROM stream('x')",
    "SELECT 'open FROM STREAM a",
  ])('leaves %j as it is', (query) => {
    expect(withoutStream(query)).toBe(query)
  })
})
