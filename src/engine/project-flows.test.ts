import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlDialect } from '@/engine/ports'
import { createNodeDialect } from '@/testing/node-dialect'
import { readTestProject } from '@/testing/read-project'

let dialect: SqlDialect
beforeAll(async () => {
  const created = createNodeDialect()
  await created.load()
  dialect = created
})

const SOURCES = `CREATE TABLE silver.orders (order_id BIGINT, note STRING, op STRING, _updated_at TIMESTAMP, PRIMARY KEY (order_id));
CREATE TABLE silver.returns (order_id BIGINT, PRIMARY KEY (order_id))`
const TARGETS = `CREATE OR REFRESH STREAMING TABLE orders (order_id BIGINT NOT NULL, note STRING);
CREATE OR REFRESH STREAMING TABLE history;
CREATE MATERIALIZED VIEW summary AS SELECT count(*) AS n FROM silver.orders`

function read(flows: string, targets = TARGETS) {
  const files = {
    'spark-pipeline.yml': 'name: shop\nschema: gold\nconfiguration:\n  deleted: "D"\n',
    'sources/silver.sql': SOURCES,
    'transformations/targets.sql': targets,
    'transformations/flows.sql': flows,
  }
  const project = readTestProject(files, dialect)
  const of = (file: string) =>
    project.problems
      .filter((problem) => problem.file === `transformations/${file}.sql`)
      .map(({ code, line, column, message, remedy }) => {
        expect(remedy).toMatch(/\S/)
        return { at: `${line}:${column} ${code}`, message, remedy }
      })
  return { project, flows: of('flows'), targets: of('targets') }
}

const problems = (flows: string, targets?: string) => read(flows, targets).flows.map(({ at }) => at)
const cdc = (name: string, target: string, rest: string) =>
  `CREATE FLOW ${name} AS AUTO CDC INTO ${target} FROM ${rest}`

describe('flows without mistakes', () => {
  it('belong to their targets, which read what they read', () => {
    const { flows, targets, project } = read(`${cdc('a', 'orders', 'STREAM(silver.orders) KEYS (order_id)')}
APPLY AS DELETE WHEN op = '\${deleted}' SEQUENCE BY _updated_at COLUMNS * EXCEPT (op, _updated_at);
CREATE FLOW b AS INSERT INTO gold.history BY NAME SELECT * FROM STREAM silver.orders WHERE op = '\${deleted}';
CREATE FLOW c AS INSERT INTO history BY NAME SELECT * FROM STREAM(LIVE.summary)`)
    expect([flows, targets]).toEqual([[], []])
    const filled = project.datasets
      .filter(({ kind }) => kind === 'streaming_table')
      .map(({ name, flows, inputs }) => [name, flows.map((flow) => flow.name), inputs])
    expect(filled).toEqual([
      ['gold.orders', ['gold.a'], ['silver.orders']],
      ['gold.history', ['gold.b', 'gold.c'], ['gold.summary', 'silver.orders']],
    ])
  })

  it('let the columns be read that they need, all where they name none', () => {
    const used = (columns: string) =>
      read(cdc('f', 'history', `silver.orders KEYS (order_id) SEQUENCE BY _updated_at ${columns}`)).project.usedColumns[
        'silver.orders'
      ]
    expect(used('COLUMNS (order_id, note)')).toEqual(['_updated_at', 'note', 'order_id'])
    expect(used('')).toEqual(['_updated_at', 'note', 'op', 'order_id'])
  })

  it('may read a table of their own pipeline, in a streaming table with or without parentheses', () => {
    const { targets, project } = read(
      '',
      'CREATE STREAMING TABLE t AS SELECT order_id FROM STREAM silver.orders JOIN silver.returns USING (order_id)',
    )
    expect(targets).toEqual([])
    expect(project.datasets[0]?.inputs).toEqual(['silver.orders', 'silver.returns'])
  })

  it('may read a view that reads a stream', () => {
    const view = 'CREATE TEMPORARY VIEW v AS SELECT order_id FROM STREAM(silver.orders);CREATE STREAMING TABLE t'
    expect(read(cdc('f', 't', 'v KEYS (order_id) SEQUENCE BY order_id'), view)).toMatchObject({
      flows: [],
      targets: [],
    })
  })

  it('of SCD type 2 give the declared columns of their target the two of a version', () => {
    const names = (target: string, type: number) => {
      const flow = cdc('f', 't', `silver.orders KEYS (order_id) SEQUENCE BY _updated_at STORED AS SCD TYPE ${type}`)
      const { project, flows } = read(flow, target)
      expect(flows).toEqual([])
      return project.datasets[0]?.columns?.map(({ name }) => name)
    }
    const target = `CREATE STREAMING TABLE t (order_id BIGINT, CONSTRAINT current EXPECT (__END_AT IS NULL))`
    expect(names(target, 2)).toEqual(['order_id', '__START_AT', '__END_AT'])
    expect(names('CREATE STREAMING TABLE t (order_id BIGINT)', 1)).toEqual(['order_id'])
    expect(names('CREATE STREAMING TABLE t (a INT, order_id INT, __start_at INT, __end_at INT)', 2)).toHaveLength(4)
    expect(names('CREATE STREAMING TABLE t', 2)).toBeUndefined()
  })
})

describe('a flow that does not fit the project', () => {
  const orders = 'silver.orders KEYS (order_id) SEQUENCE BY _updated_at'

  it.each([
    ['a materialized view', 'summary', /gold\.summary, which is a materialized view/, /CREATE STREAMING TABLE/],
    ['a source', 'silver.orders', /which is a source/, /CREATE STREAMING TABLE/],
    ['nothing', 'histori', /which the pipeline does not have/, /gold\.history/],
  ])('is named when its target is %s', (_, target, message, remedy) => {
    const { flows } = read(cdc('f', target, orders))
    expect(flows).toMatchObject([
      {
        at: '1:32 pipeline.flow_target',
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      },
    ])
  })

  it.each([
    [
      'a second AUTO CDC flow',
      `${cdc('f', 'orders', orders)};${cdc('g', 'gold.Orders', orders)}`,
      '1:129 pipeline.second_cdc_flow',
    ],
    [
      'a second flow of its name',
      `${cdc('f', 'orders', orders)};${cdc('F', 'history', orders)}`,
      '1:110 pipeline.duplicate_flow',
    ],
    ['an unknown source', cdc('f', 'history', 'silver.order KEYS (a) SEQUENCE BY b'), '1:45 sql.unknown_table'],
    [
      'an unknown key',
      cdc('f', 'history', 'silver.orders KEYS (orderid) SEQUENCE BY b'),
      '1:65 pipeline.unknown_column',
    ],
    [
      'a key that the target lacks',
      cdc('f', 'orders', 'silver.orders KEYS (op) SEQUENCE BY b'),
      '1:64 pipeline.unknown_column',
    ],
    ['an unknown column', cdc('f', 'orders', `${orders} COLUMNS (order_id, nope)`), '1:117 pipeline.unknown_column'],
    ['a condition that is none', cdc('f', 'orders', `${orders} APPLY AS DELETE WHEN op =`), '1:122 sql.syntax'],
    [
      'an unknown function',
      cdc('f', 'orders', 'silver.orders KEYS (order_id) SEQUENCE BY wibble(op)'),
      '1:86 sql.unsupported_function',
    ],
    [
      'an unknown value',
      cdc('f', 'orders', `${orders} APPLY AS DELETE WHEN op = \${delete}`),
      '1:124 pipeline.unknown_configuration',
    ],
    ['a query that is none', 'CREATE FLOW f AS INSERT INTO orders BY NAME SELEC 1', '1:51 sql.syntax'],
    [
      'a query of an unknown table',
      'CREATE FLOW f AS INSERT INTO orders BY NAME SELECT * FROM STREAM silver.no',
      '1:66 sql.unknown_table',
    ],
  ])('is named when it has %s', (_, text, expected) => {
    expect(problems(text)).toEqual([expected])
  })

  it('is named when its target declares the columns of a version that it does not fill, or half of them', () => {
    const target = 'CREATE STREAMING TABLE t (order_id BIGINT, __START_AT TIMESTAMP)'
    for (const type of [1, 2]) {
      const found = problems(cdc('f', 't', `${orders} STORED AS SCD TYPE ${type}`), target)
      expect(found).toEqual(['1:32 pipeline.history_columns'])
    }
  })

  it.each([
    ['no stream', 'SELECT order_id FROM silver.orders', '1:13 pipeline.stream', /reads no stream/],
    [
      'two streams',
      'SELECT order_id FROM STREAM(silver.orders) JOIN STREAM(silver.returns) USING (order_id)',
      '1:74 pipeline.stream',
      /2 streams/,
    ],
    [
      'groups of a stream',
      'SELECT op, count(*) AS n FROM STREAM(silver.orders) GROUP BY op',
      '1:83 pipeline.stream',
      /GROUP BY/,
    ],
    [
      'a union',
      'SELECT order_id FROM STREAM(silver.orders) UNION ALL SELECT 1',
      '1:74 pipeline.stream',
      /one by one, because of/,
    ],
    [
      'a stream from the far side of a join',
      'SELECT r.order_id FROM silver.returns AS r JOIN STREAM(silver.orders) AS o USING (order_id)',
      '1:101 pipeline.stream',
      /join/,
    ],
  ])('is named when it appends %s', (_, query, at, message) => {
    const { flows } = read(`CREATE FLOW f AS INSERT INTO history BY NAME ${query}`)
    expect(flows).toMatchObject([{ at, message: expect.stringMatching(message) }])
  })

  it('is named when it is ONCE', () => {
    const text = 'CREATE FLOW f AS INSERT INTO ONCE history BY NAME SELECT * FROM STREAM(silver.orders)'
    expect(read(text).flows).toMatchObject([
      { at: '1:13 pipeline.unsupported', message: expect.stringMatching(/with ONCE/) },
    ])
  })

  it('is named when it changes a table that another one appends to, and so is a table that nothing fills', () => {
    const insert = 'CREATE FLOW g AS INSERT INTO orders BY NAME SELECT * FROM STREAM(silver.orders)'
    const { flows, targets } = read(`${cdc('f', 'orders', orders)};${insert}`)
    expect(flows.map(({ at }) => at)).toEqual(['1:32 pipeline.mixed_flows'])
    expect(targets.map(({ at }) => at)).toEqual(['2:35 pipeline.no_flow'])
  })

  it('is only its syntax error when it has one, beside those of other statements', () => {
    const text = `CREATE FLOW f AS AUTO CDC INTO orders FROM silver.orders KEYS () SEQUENCE BY x;
CREATE FLOW g AS AUTO CDC INTO history FROM silver.orders KEYS (order_id);
CREATE FLOW h AS INSERT INTO history BY NAME SELECT 'open`
    expect(problems(text)).toEqual(['1:64 pipeline.syntax', '2:74 pipeline.syntax', '3:53 pipeline.syntax'])
  })
})
