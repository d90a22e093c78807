import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFile } from './parse'
import type { DatasetStatement } from './statements'

function dataset(text: string): DatasetStatement {
  const { statements, problems } = parseFile('t.sql', text)
  expect(problems).toEqual([])
  const [statement] = statements
  if (statement?.type !== 'dataset') throw new Error('no dataset')
  return statement
}

function problem(text: string) {
  const { problems } = parseFile('t.sql', text)
  expect(problems).toHaveLength(1)
  return problems[0]
}

describe('statement heads', () => {
  it('reads every part of a materialized view', () => {
    const text = `-- revenue; by day
CREATE OR REFRESH PRIVATE MATERIALIZED VIEW gold.\`daily;revenue\` (
  d DATE NOT NULL COMMENT 'the day; it''s UTC',
  amount DECIMAL(15, 2) COMMENT "say \\"hi\\"",
  tags MAP<STRING, ARRAY<INT>>,
  y INT GENERATED ALWAYS AS (year(coalesce(d, DATE '2000-01-01'))) COMMENT 'year',
  CONSTRAINT valid EXPECT ((amount > 0) AND note <> ')') ON VIOLATION DROP ROW,
  CONSTRAINT known EXPECT (d IS NOT NULL),
  CONSTRAINT sure EXPECT (d > '2000') ON VIOLATION FAIL UPDATE,
  CONSTRAINT pk PRIMARY KEY (d) NOT ENFORCED RELY
)
PARTITIONED BY (y) CLUSTER BY (d, amount)
COMMENT 'Revenue' /* no ; here */
TBLPROPERTIES ('team' = 'finance', pipelines.reset.allowed = false, 'version' = 2)
AS SELECT ';' AS x -- ; not the end
FROM silver.orders;`
    const view = dataset(text)
    expect(view.kind).toBe('materialized_view')
    expect(view.private).toBe(true)
    expect(view.name.parts).toEqual(['gold', 'daily;revenue'])
    expect(view.name.position).toEqual({ line: 2, column: 45, offset: text.indexOf('gold.') })
    expect(view.columns.map((c) => [c.name, c.type, c.notNull, c.comment])).toEqual([
      ['d', 'DATE', true, "the day; it's UTC"],
      ['amount', 'DECIMAL(15, 2)', false, 'say "hi"'],
      ['tags', 'MAP<STRING, ARRAY<INT>>', false, null],
      ['y', 'INT', false, 'year'],
    ])
    expect(view.columns[3]?.generatedAs?.text).toBe("year(coalesce(d, DATE '2000-01-01'))")
    expect(view.columns[1]?.position).toMatchObject({ line: 4, column: 3 })
    expect(view.expectations.map((e) => [e.name, e.expression.text, e.action])).toEqual([
      ['valid', "(amount > 0) AND note <> ')'", 'drop'],
      ['known', 'd IS NOT NULL', 'warn'],
      ['sure', "d > '2000'", 'fail'],
    ])
    expect(view.expectations[1]?.expression.position).toMatchObject({ line: 8, column: 28 })
    expect(view.primaryKey?.columns).toEqual(['d'])
    expect(view.partitionedBy).toEqual(['y'])
    expect(view.clusterBy).toEqual(['d', 'amount'])
    expect(view.comment).toBe('Revenue')
    expect(view.properties.map((p) => [p.key, p.value])).toEqual([
      ['team', 'finance'],
      ['pipelines.reset.allowed', 'false'],
      ['version', '2'],
    ])
    expect(view.query?.text).toBe("SELECT ';' AS x -- ; not the end\nFROM silver.orders")
    expect(view.query?.position).toMatchObject({ line: 15, column: 4 })
  })

  it('counts lines alike for LF, CRLF and CR', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const view = dataset(['CREATE MATERIALIZED VIEW a', "COMMENT 'x'", 'AS SELECT 1'].join(end))
      expect(view.query?.position).toMatchObject({ line: 3, column: 4 })
    }
  })

  it('reads temporary views, streaming tables and the legacy spellings', () => {
    expect(dataset('CREATE TEMPORARY VIEW v AS SELECT 1')).toMatchObject({ kind: 'view', temporary: true })
    expect(dataset('create streaming table s')).toMatchObject({ kind: 'streaming_table', query: null })
    expect(dataset('CREATE OR REFRESH STREAMING TABLE s AS SELECT 1').query?.text).toBe('SELECT 1')
    expect(dataset('CREATE OR REFRESH LIVE TABLE s AS SELECT 1').kind).toBe('materialized_view')
    expect(dataset('CREATE STREAMING LIVE TABLE LIVE.s AS SELECT 1').name.parts).toEqual(['s'])
    expect(dataset('CREATE TEMPORARY LIVE VIEW s AS SELECT 1')).toMatchObject({ kind: 'view', temporary: true })
  })

  it('reads several statements of a file, schemas and sources among them', () => {
    const { statements, problems } = parseFile(
      't.sql',
      `CREATE SCHEMA IF NOT EXISTS gold COMMENT 'Core' WITH DBPROPERTIES ('team' = 'a');
       ;CREATE TABLE silver.orders (order_id BIGINT PRIMARY KEY, note STRING) COMMENT 'Lines' TBLPROPERTIES ('k'='v');
       CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (a) SEQUENCE BY b;
       APPLY CHANGES INTO LIVE.t FROM s KEYS (a) SEQUENCE BY b`,
    )
    expect(problems).toEqual([])
    expect(statements.map((s) => s.type)).toEqual(['schema', 'table', 'flow', 'flow'])
    expect(statements[0]).toMatchObject({ comment: 'Core', properties: [{ key: 'team', value: 'a' }] })
    expect(statements[1]).toMatchObject({ primaryKey: { columns: ['order_id'] }, comment: 'Lines' })
  })

  it('goes on after a wrong statement and reports every one', () => {
    const { statements, problems } = parseFile(
      't.sql',
      `CREATE MATERIALIZED VIEW a (x INT AS SELECT 1;\nSELECT 1;\nCREATE MATERIALIZED VIEW b AS SELECT 1`,
    )
    expect(statements).toHaveLength(1)
    expect(problems.map((p) => [p.line, p.column])).toEqual([
      [1, 46],
      [2, 1],
    ])
  })

  it.each([
    ['CREATE MATERIALIZED VIEW', 1, 25, 'a name'],
    ['CREATE MATERIALIZED VIEW a', 1, 27, 'AS and a query'],
    ['CREATE MATERIALIZED VIEW a AS ;', 1, 31, 'AS and a query'],
    ['CREATE MATERIALIZED VIEW a\n COMMENT x AS SELECT 1', 2, 10, 'a string'],
    ['CREATE MATERIALIZED VIEW a (CONSTRAINT c EXPECT ()) AS SELECT 1', 1, 50, 'condition'],
    ['CREATE MATERIALIZED VIEW a (CONSTRAINT c EXPECT (a) ON VIOLATION IGNORE) AS SELECT 1', 1, 66, 'FAIL UPDATE'],
    ['CREATE MATERIALIZED VIEW a (CONSTRAINT c EXPECT (a', 1, 51, "')'"],
    ["CREATE MATERIALIZED VIEW a COMMENT 'x' COMMENT 'y' AS SELECT 1", 1, 40, 'second COMMENT'],
    ["CREATE MATERIALIZED VIEW a TBLPROPERTIES ('a' 'b') AS SELECT 1", 1, 47, "'='"],
    ['CREATE MATERIALIZED VIEW a.b.c.d AS SELECT 1', 1, 31, 'PARTITIONED BY'],
    ['DROP TABLE x', 1, 1, 'CREATE'],
    ["CREATE MATERIALIZED VIEW a COMMENT 'never closed\nAS SELECT 1", 1, 36, 'no closing quote'],
    ['CREATE MATERIALIZED VIEW `a AS SELECT 1', 1, 26, 'no closing backquote'],
    ['/* CREATE', 1, 1, 'no closing */'],
  ])('names the place of the mistake in %j', (text, line, column, words) => {
    const found = problem(text)
    expect(found).toMatchObject({ code: 'pipeline.syntax', file: 't.sql', line, column })
    expect(found?.message).toContain(words)
    expect(found?.remedy).toMatch(/\S/)
  })

  it('answers any text with statements and problems that lie inside it', () => {
    const words = fc.constantFrom(
      ...[
        'CREATE',
        'MATERIALIZED VIEW',
        'TABLE',
        'a',
        '(',
        ')',
        ',',
        'CONSTRAINT',
        'EXPECT',
        'AS',
        'SELECT',
        ';',
        "'",
        '`x`',
        "'s'",
      ],
      ...[
        'PRIMARY KEY',
        'COMMENT',
        'TBLPROPERTIES',
        '=',
        '.',
        'INT',
        '<',
        'FLOW',
        'SCHEMA',
        '\n',
        '--',
        '/*',
        '*/',
        '${x}',
        '\\',
      ],
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (list) => {
        const text = list.join(' ')
        const lines = text.split('\n')
        for (const { line = 0, column = 0, remedy } of parseFile('t.sql', text).problems) {
          expect(remedy).toMatch(/\S/)
          expect(column).toBeGreaterThan(0)
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['CREATE FUNCTION f() RETURNS INT', 'FUNCTION'],
    ['CREATE TABLE a.b AS SELECT 1', 'CREATE TABLE'],
    ["CREATE MATERIALIZED VIEW a SCHEDULE CRON '0 0 * * * ?' AS SELECT 1", 'SCHEDULE'],
  ])('refuses what it does not do: %s', (text, words) => {
    const found = problem(text)
    expect(found?.code).toBe('pipeline.unsupported')
    expect(found?.message).toContain(words)
  })
})
