import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteIdentifier, quoteLiteral, quoteName } from './quote'

const hostile = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', ';', '-', '.', 'a'), maxLength: 40 }),
  )
  .filter((text) => !text.includes('\0'))

/** Reads a quoted text as DuckDB's lexer does; returns the content and how many characters belonged to it. */
function unquote(text: string, quote: string): { value: string; length: number } {
  let value = ''
  let index = 1
  while (index < text.length) {
    if (text[index] === quote) {
      if (text[index + 1] !== quote) return { value, length: index + 1 }
      index++
    }
    value += text[index]
    index++
  }
  throw new Error('unterminated')
}

describe('quoting', () => {
  it('gives an identifier that ends where its quotes end, whatever the name', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const quoted = quoteIdentifier(name)
        expect(unquote(quoted, '"')).toEqual({ value: name, length: quoted.length })
      }),
    )
  })

  it('gives a literal that ends where its quotes end, whatever the value', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const quoted = quoteLiteral(value)
        expect(unquote(quoted, "'")).toEqual({ value, length: quoted.length })
      }),
    )
  })

  it('quotes each part of a qualified name', () => {
    expect(quoteName('gold.fact_sales')).toBe('"gold"."fact_sales"')
    expect(quoteName('orders')).toBe('"orders"')
  })

  it('refuses the one character that SQL text cannot hold', () => {
    expect(() => quoteIdentifier('a\0b')).toThrow(RangeError)
    expect(() => quoteLiteral('a\0b')).toThrow(RangeError)
  })
})
