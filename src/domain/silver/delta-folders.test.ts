import { describe, expect, it } from 'vitest'
import { splitDeltaFolders } from './delta-folders'

function split(...paths: string[]) {
  const { deltas, others } = splitDeltaFolders(paths.map((path) => ({ path })))
  const inside = [...deltas].map(([root, files]) => [root, files.map(({ path }) => path)])
  return { deltas: Object.fromEntries(inside), others: others.map(({ path }) => path) }
}

describe('dropped files', () => {
  it('belong to the Delta table whose folder they are in, however deep', () => {
    expect(split('s/a/_delta_log/0.json', 's/a/p=1/x.parquet', 's/a/_change_data/y', 's/b/z.parquet', 'w')).toEqual({
      deltas: { 's/a': ['s/a/_delta_log/0.json', 's/a/p=1/x.parquet', 's/a/_change_data/y'] },
      others: ['s/b/z.parquet', 'w'],
    })
  })

  it('belong to the innermost table when one folder holds another', () => {
    expect(split('a/_delta_log/0.json', 'a/b/_delta_log/0.json', 'a/b/x', 'a/y').deltas).toEqual({
      a: ['a/_delta_log/0.json', 'a/y'],
      'a/b': ['a/b/_delta_log/0.json', 'a/b/x'],
    })
  })

  it('are a table without a name when only the contents of its folder came', () => {
    expect(split('_delta_log/0.json', 'x', 'p=1/y').deltas).toEqual({ '': ['_delta_log/0.json', 'x', 'p=1/y'] })
  })

  it('are of no table when a file, and not a folder, has the name of a log', () => {
    expect(split('a/_delta_log', 'a/x')).toEqual({ deltas: {}, others: ['a/_delta_log', 'a/x'] })
  })
})
