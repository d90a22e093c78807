import { expect, it } from 'vitest'
import { prettyValue } from './pretty-value'

it('writes nested values over lines, integers with all their digits', () => {
  expect(prettyValue({ id: 9007199254740993n, tags: ['a "b"', null], none: [], bytes: new Uint8Array([255]) })).toBe(
    '{\n  "id": 9007199254740993,\n  "tags": [\n    "a \\"b\\"",\n    null\n  ],\n  "none": [],\n  "bytes": "0xff"\n}',
  )
})

it('writes other values as they are', () => {
  expect([prettyValue('two\nlines'), prettyValue('1.50'), prettyValue(5n)]).toEqual(['two\nlines', '1.50', '5'])
})
