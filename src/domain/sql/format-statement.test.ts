import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenize } from '@/domain/pipeline/tokens'
import { formatSql } from './format-statement'

const meaning = (text: string) => tokenize(text).map(({ kind, value }) => `${kind} ${value}`)
const comments = (text: string) => text.match(/--[^\n]*|\/\*[\s\S]*?\*\//g)?.map((comment) => comment.trimEnd()) ?? []

describe('a statement', () => {
  it('is laid out by its clauses, its list an item a line', () => {
    const sql = `with q as (select a, b from gold.t where a between 1 and 2 and b is not distinct from 3) select q.a, left(q.b, 2) as l, sum(c) filter (where d) from q left join u on q.a = u.a and q.b = u.b group by all order by 1 desc limit 10`
    expect(formatSql(sql, 'databricks')).toBe(
      [
        'with q as (',
        '  select',
        '    a,',
        '    b',
        '  from gold.t',
        '  where a between 1 and 2',
        '    and b is not distinct from 3',
        ')',
        'select',
        '  q.a,',
        '  left(q.b, 2) as l,',
        '  sum(c) filter (where d)',
        'from q',
        'left join u on q.a = u.a',
        '  and q.b = u.b',
        'group by all',
        'order by 1 desc',
        'limit 10',
      ].join('\n'),
    )
  })

  it('keeps its comments, and other statements after it', () => {
    const sql = 'select 1 -- one\n, 2 /* two */ from t; -- next\nselect * except (a) from u'
    const formatted = formatSql(sql, 'databricks')
    expect(comments(formatted)).toEqual(['-- one', '/* two */', '-- next'])
    expect(meaning(formatted)).toEqual(meaning(sql))
    expect(formatted).toContain('* except (a)')
  })

  it('that cannot be read stays as it is', () => {
    expect(formatSql("select 'never ends", 'databricks')).toBe("select 'never ends")
  })
})

describe('layout', () => {
  const folder = join(import.meta.dirname, '../../pipelines/retail')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sql'))

  it('changes neither the words nor the comments of any file of the pipeline, and nothing the second time', () => {
    expect(files.length).toBeGreaterThan(20)
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8')
      const formatted = formatSql(text, 'databricks')
      expect(meaning(formatted), name).toEqual(meaning(text))
      expect(comments(formatted).length, name).toBe(comments(text).length)
      expect(formatSql(formatted, 'databricks'), name).toBe(formatted)
    }
  })

  it('never changes what any sequence of words and comments means', () => {
    const word = fc.constantFrom(
      ...'select from where ( ) , ; and or between case end with as join left on except * a `b c` -- x\n'.split(' '),
      '-- to the end\n',
      '/* in\nside */',
      "'text'",
      '1',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.constantFrom(' ', '\n'), (parts, blank) => {
        const sql = parts.map((part) => (part === '`b' ? '`b`' : part === 'c`' ? 'c' : part)).join(blank)
        const formatted = formatSql(sql, 'databricks')
        expect(meaning(formatted)).toEqual(meaning(sql))
        expect(comments(formatted)).toEqual(comments(sql))
      }),
      { numRuns: 300, endOnFailure: true },
    )
  })
})
