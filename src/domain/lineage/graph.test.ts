import { expect, it } from 'vitest'
import type { ColumnUse, Usage } from './column-use'
import { type DatasetLineage, LineageGraph } from './graph'

function use(name: string, usage: Usage = 'IDENTITY'): ColumnUse {
  const [table = '', column = ''] = name.split('.')
  return { table, column, usage, offset: 0 }
}

function dataset(name: string, columns: Record<string, ColumnUse[]>, rowInputs: ColumnUse[] = []): DatasetLineage {
  const made = Object.entries(columns).map(([column, inputs]) => ({ name: column, expression: column, inputs }))
  return { name, columns: made, rowInputs }
}

const words = (uses: readonly { table: string; column: string; usage: string }[]) =>
  uses.map(({ table, column, usage }) => `${usage} ${table}.${column}`)

it('a use of a use is as strong as the strongest step, and indirect when one step is', () => {
  const graph = new LineageGraph([
    dataset('one', { s: [use('silver.a', 'AGGREGATION')], w: [use('silver.b', 'WINDOW')] }),
    dataset('two', { t: [use('one.s', 'TRANSFORMATION'), use('one.w')], c: [use('one.s', 'CONDITIONAL')] }),
    dataset('three', {
      t: [use('two.t')],
      c: [use('two.c', 'TRANSFORMATION')],
      g: [use('two.t', 'SORT')],
    }),
  ])
  expect(words(graph.columnSources('three', 't'))).toEqual(['AGGREGATION silver.a', 'WINDOW silver.b'])
  expect(words(graph.columnSources('three', 'C'))).toEqual(['CONDITIONAL silver.a'])
  expect(words(graph.columnSources('three', 'g'))).toEqual(['SORT silver.a', 'SORT silver.b'])
})

it('the rows of a dataset depend on what those of its inputs do, also when it only counts them', () => {
  const graph = new LineageGraph([
    dataset('one', { a: [use('silver.a')] }, [use('silver.status', 'FILTER')]),
    dataset('two', { b: [use('one.a')] }, [use('one.a', 'GROUP_BY')]),
  ])
  expect(words(graph.rowSources('two'))).toEqual(['GROUP_BY silver.a', 'FILTER silver.status'])
  expect(graph.rowSources('silver')).toEqual([])
})

it('all columns of a table stand for a star, and datasets that need each other come to an end', () => {
  const graph = new LineageGraph([
    dataset('one', { a: [use('silver.a')], b: [use('silver.b')] }),
    dataset('all', { '*': [use('one.*')] }),
    dataset('x', { a: [use('y.a'), use('silver.x')] }),
    dataset('y', { a: [use('x.a')] }),
  ])
  expect(words(graph.columnSources('all', '*'))).toEqual(['IDENTITY silver.a', 'IDENTITY silver.b'])
  expect(words(graph.columnSources('x', 'a'))).toEqual(['IDENTITY silver.x'])
})
