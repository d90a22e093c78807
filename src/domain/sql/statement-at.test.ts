import { expect, it } from 'vitest'
import { statementAt, statementSpans } from './statement-at'

/** The statement at the cursor, which `|` marks. */
function at(marked: string): string | null {
  const offset = marked.indexOf('|')
  const text = marked.replace('|', '')
  const span = statementAt(text, offset)
  return span && text.slice(span.start, span.end)
}

it('finds the statement that the cursor is in, and the one that ends right before it', () => {
  expect(at('SELECT 1;\n\nSEL|ECT 2;')).toBe('SELECT 2')
  expect(at('SELECT 1|;\nSELECT 2')).toBe('SELECT 1')
  expect(at('SELECT 1;|\nSELECT 2')).toBe('SELECT 1')
  expect(at('SELECT 1;  | -- done\nSELECT 2')).toBe('SELECT 1')
  expect(at('SELECT 1;\n|SELECT 2')).toBe('SELECT 2')
  expect(at('SELECT 1;\n\n-- second|\nSELECT 2')).toBe('SELECT 2')
  expect(at('SELECT 1;\nSELECT 2;\n\n|')).toBe('SELECT 2')
})

it('takes no semicolon in a text, a name or a comment for an end', () => {
  expect(at("SELECT ';|' AS `a;b` /* ; */ FROM t -- ;\nWHERE x")).toBe(
    "SELECT ';' AS `a;b` /* ; */ FROM t -- ;\nWHERE x",
  )
})

it('has nothing where there is no statement, and the whole text where it cannot be read', () => {
  expect(at(' ; -- nothing\n|')).toBeNull()
  expect(statementSpans("SELECT 'open; SELECT 2")).toEqual([{ start: 0, end: 22 }])
})
