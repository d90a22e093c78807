import { expect, test } from 'vitest'
import { nameAt } from './name-at'

/** What is underlined when an error is at the `|`. */
function underlined(marked: string): string {
  const line = marked.replace('|', '')
  const [start, end] = nameAt(line, marked.indexOf('|') + 1)
  return line.slice(start - 1, end - 1)
}

test('the whole name is underlined, dots and quotes with it', () => {
  expect(underlined('FROM |gold.fact_sale f')).toBe('gold.fact_sale')
  expect(underlined('FROM |`my gold`.`a``b` f')).toBe('`my gold`.`a``b`')
  expect(underlined('SELECT a, |b_c FROM t')).toBe('b_c')
})

test('where no name is, one character is underlined', () => {
  expect(underlined('SELECT a |) FROM t')).toBe(')')
})
