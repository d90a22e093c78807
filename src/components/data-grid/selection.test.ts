import { describe, expect, it } from 'vitest'
import { type CellSelection, cellCount, holds, moved, rangeOf } from './selection'
import { tsv } from './tsv'

const size = { rows: 100, columns: 5, page: 10 }
const start = { row: 20, column: 0 }
const at = (row: number, column: number): CellSelection => ({ anchor: { row, column }, focus: { row, column } })
const press = (key: string, held: Partial<{ ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
})

describe('keys in the grid', () => {
  it('begin where the reader looks, and never leave the rows', () => {
    expect(moved(null, press('ArrowDown'), size, start)).toEqual(at(20, 0))
    expect(moved(at(99, 4), press('ArrowDown'), size, start)).toEqual(at(99, 4))
    expect(moved(at(3, 2), press('PageUp'), size, start)).toEqual(at(0, 2))
    expect(moved(at(3, 2), press('ArrowRight', { metaKey: true }), size, start)).toEqual(at(3, 4))
    expect(moved(at(3, 2), press('Enter'), size, start)).toBeNull()
  })

  it('stretch the selection from where it began while Shift is held', () => {
    const once = moved(at(3, 2), press('ArrowUp', { shiftKey: true }), size, start)
    expect(once).toEqual({ anchor: { row: 3, column: 2 }, focus: { row: 2, column: 2 } })
    const twice = moved(once, press('ArrowLeft', { shiftKey: true }), size, start)
    const range = twice && rangeOf(twice)
    expect(range).toEqual({ top: 2, bottom: 3, left: 1, right: 2 })
    expect(range && [cellCount(range), holds(range, 2, 1), holds(range, 4, 1)]).toEqual([4, true, false])
    expect(moved(twice, press('ArrowLeft'), size, start)).toEqual(at(2, 0))
  })

  it('take everything with Ctrl-A', () => {
    const all = moved(at(3, 2), press('a', { ctrlKey: true }), size, start)
    expect(all && cellCount(rangeOf(all))).toBe(500)
  })
})

describe('copied cells', () => {
  it('are exact, a value a field, whatever it holds', () => {
    const rows = [
      [9007199254740993n, '1.10', null, ''],
      ['two\nlines', 'a\ttab', 'a "quote"', '=1+1'],
    ]
    expect(tsv(rows)).toBe('9007199254740993\t1.10\t\t\n"two\nlines"\t"a\ttab"\t"a ""quote"""\t=1+1')
  })
})
