import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareText } from './project-text'

const VALUES = { a: '', long: 'a\nlonger, "value"', x: '1' }

describe('texts with configuration values', () => {
  it('know the place in the file of everything that was not replaced', () => {
    const piece = fc.oneof(
      fc.constantFrom('${a}', '${long}', '${x}', '${ x }', '\n', '\r\n', ' '),
      fc.constantFrom('foo', '+', '(', 'é', '😀'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 12 }), (before, after) => {
        const head = 'CREATE VIEW v\nAS '
        const text = `${before.join('')}§${after.join('')}`
        const slice = { text, position: { line: 2, column: 4, offset: head.length } }
        const fileText = head + text
        const prepared = prepareText({ file: 'f.sql', fileText, slice }, VALUES)
        const lines = fileText.slice(0, fileText.indexOf('§')).split(/\r\n|\n/)
        expect(prepared.problems).toEqual([])
        expect(prepared.placeAt(prepared.sql.indexOf('§'))).toEqual({
          line: lines.length,
          column: (lines.at(-1) ?? '').length + 1,
        })
      }),
    )
  })

  it('report each unknown name at its own place', () => {
    const text = 'SELECT ${x}, ${y} -- ${comment}\n, ${toString}'
    const slice = { text, position: { line: 1, column: 1, offset: 0 } }
    const { problems } = prepareText({ file: 'f.sql', fileText: text, slice }, VALUES)
    expect(problems.map((p) => [p.code, p.line, p.column])).toEqual([
      ['pipeline.unknown_configuration', 1, 14],
      ['pipeline.unknown_configuration', 2, 3],
    ])
  })

  it('place an error inside a value at the name', () => {
    const text = 'SELECT ${long} + wrong'
    const slice = { text, position: { line: 1, column: 1, offset: 0 } }
    const prepared = prepareText({ file: 'f.sql', fileText: text, slice }, VALUES)
    const error = { code: 'x', message: 'm', line: 2, column: 3 }
    expect(prepared.inFile(error)).toMatchObject({ file: 'f.sql', line: 1, column: 8 })
    expect(prepared.inFile({ ...error, column: 'longer, "value" + '.length + 1 })).toMatchObject({
      line: 1,
      column: 18,
    })
  })
})
