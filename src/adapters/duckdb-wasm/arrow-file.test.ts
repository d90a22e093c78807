import { Schema, Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow'
import { expect, it } from 'vitest'
import { isWholeFile, streamInFile } from './arrow-file'

const MAGIC = [...'ARROW1'].map((letter) => letter.charCodeAt(0))

/** The stream's messages as the file format frames them; what the footer says does not matter here. */
function file(table: Table, end: 'with end marker' | 'without end marker'): Uint8Array {
  const stream = tableToIPC(table, 'stream')
  const messages = end === 'with end marker' ? stream : stream.subarray(0, -8)
  const footer = new Array<number>(32).fill(7)
  return Uint8Array.from([...MAGIC, 0, 0, ...messages, ...footer, footer.length, 0, 0, 0, ...MAGIC])
}

const { fields } = tableFromArrays({ a: Int32Array.of(1), b: ['x'] }).schema

it('finds the stream of a file with rows', () => {
  const stream = streamInFile(file(tableFromArrays({ a: Int32Array.of(1, 2, 3) }), 'with end marker'))
  expect([...tableFromIPC(stream)].map((row) => row.toJSON())).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
})

it('ends the stream of a file whose writer did not', () => {
  const stream = streamInFile(file(new Table(new Schema(fields)), 'without end marker'))
  expect(tableFromIPC(stream).schema.names).toEqual(['a', 'b'])
  expect([...stream.subarray(-8)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0])
})

it('tells a file that was cut off from a whole one', () => {
  const whole = file(tableFromArrays({ a: Int32Array.of(1) }), 'with end marker')
  expect(isWholeFile(whole)).toBe(true)
  for (const length of [0, 5, whole.length - 1]) expect(isWholeFile(whole.subarray(0, length))).toBe(false)
})
