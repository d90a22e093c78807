import { expect, it } from 'vitest'
import { queryError } from './query-errors'

const unknown = (name: string) =>
  new Error(`Binder Error: Referenced column "${name}" not found in FROM clause!\nCandidates: x`)

it('says where the unknown column stands in the text that the user wrote', () => {
  const sql = "SELECT 'no_such' AS a, -- no_such\n  No_Such\nFROM t"
  expect(queryError(unknown('No_Such'), sql).cause).toMatchObject({
    code: 'sql.unknown_column',
    line: 2,
    column: 3,
    sql,
  })
})

it('finds names in backquotes and in double quotes', () => {
  expect(queryError(unknown('a b'), 'SELECT `a b` FROM t').cause).toMatchObject({ line: 1, column: 8 })
  expect(queryError(unknown('a b'), 'SELECT\n"a b" FROM t').cause).toMatchObject({ line: 2, column: 1 })
})

it('finds the column that a table does not have, and a function that does not exist', () => {
  const column = new Error('Binder Error: Table "t" does not have a column named "amount"\n\nCandidate bindings: : "a"')
  expect(queryError(column, 'SELECT t.amount FROM t').cause).toMatchObject({ line: 1, column: 10 })
  const called = new Error(
    'Catalog Error: Scalar Function with name frobnicate does not exist!\nDid you mean "format"?',
  )
  expect(queryError(called, 'SELECT\n  frobnicate(1)').cause).toMatchObject({ line: 2, column: 3 })
})

it('names no place when the name occurs twice, or the text cannot be read', () => {
  expect(queryError(unknown('x'), 'SELECT x FROM t WHERE x = 1').cause).not.toHaveProperty('line')
  expect(queryError(unknown('x'), "SELECT x FROM t WHERE a = 'open").cause).not.toHaveProperty('line')
})
