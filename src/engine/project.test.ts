import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlDialect } from '@/engine/ports'
import { createNodeDialect } from '@/testing/node-dialect'
import { readTestProject } from '@/testing/read-project'
import { usedSourceColumns } from './project'
import { globTest } from './project-settings'
import { translateDashboard, translateDataset } from './project-translate'

let dialect: SqlDialect
beforeAll(async () => {
  const created = createNodeDialect()
  await created.load()
  dialect = created
})

const SETTINGS = `name: shop
catalog: main
schema: gold
configuration:
  tax_rate: "0.2"
  horizon: "30"
libraries:
  - glob:
      include: transformations/**
`
const ORDERS = `CREATE TABLE silver.orders (
  order_id BIGINT NOT NULL COMMENT 'the line', order_number STRING, order_date DATE, price DECIMAL(10,2), _updated_at TIMESTAMP, unused INT,
  PRIMARY KEY (order_id)
) COMMENT 'Order lines' TBLPROPERTIES ('source.optional_columns' = 'order_number', 'source.sequence_by' = '_updated_at');
CREATE TABLE silver.holidays (date DATE, name STRING, PRIMARY KEY (date)) TBLPROPERTIES ('source.optional' = 'true')`
const SALES = `CREATE MATERIALIZED VIEW sales (
  order_id BIGINT NOT NULL, order_date DATE, tax DECIMAL(15,2), y INT GENERATED ALWAYS AS (year(order_date)),
  CONSTRAINT positive EXPECT (tax > \${tax_rate}) ON VIOLATION DROP ROW,
  CONSTRAINT pk PRIMARY KEY (order_id)
) PARTITIONED BY (y)
TBLPROPERTIES ('pipeline.note' = 'tax of \${tax_rate}')
AS SELECT order_id, order_date, CAST(price * \${tax_rate} AS DECIMAL(15,2)) AS tax
FROM silver.orders WHERE order_date > date_sub(CURRENT_DATE, \${horizon})`
const GOOD = {
  'spark-pipeline.yml': SETTINGS,
  'schemas/gold.sql': "CREATE SCHEMA gold COMMENT 'Core' WITH DBPROPERTIES ('team' = 'a')",
  'sources/orders.sql': ORDERS,
  'transformations/core/a_summary.sql': 'CREATE TEMPORARY VIEW summary AS SELECT count(*) AS n FROM main.gold.sales',
  'transformations/core/sales.sql': SALES,
  'transformations/readme.md': 'not SQL',
  'dashboards/revenue.sql':
    '-- by day\nSELECT s.*, o.order_number FROM sales s JOIN silver.orders o USING (order_id) WHERE s.order_date <= :as_of;',
  'dashboards/layout.json': '{}',
}

describe('a project without mistakes', () => {
  it('is read whole, in topological order', () => {
    const project = readTestProject(GOOD, dialect)
    expect(project.problems).toEqual([])
    expect(project).toMatchObject({ name: 'shop', catalog: 'main', defaultSchema: 'gold' })
    expect(project.configuration).toEqual({ tax_rate: '0.2', horizon: '30' })
    expect(project.datasets.map((d) => [d.name, d.inputs])).toEqual([
      ['gold.sales', ['silver.orders']],
      ['gold.summary', ['gold.sales']],
    ])
    expect(project.datasets[0]).toMatchObject({
      primaryKey: ['order_id'],
      partitionedBy: ['y'],
      properties: { 'pipeline.note': 'tax of 0.2' },
    })
    expect(project.schemas).toEqual([{ name: 'gold', comment: 'Core', properties: { team: 'a' } }])
    expect(project.sources.map((s) => [s.name, s.optional])).toEqual([
      ['silver.orders', false],
      ['silver.holidays', true],
    ])
    expect(project.sources[0]?.columns.filter((c) => c.optional).map((c) => c.name)).toEqual(['order_number'])
    expect(project.dashboards.map((d) => d.name)).toEqual(['revenue'])
  })

  it('knows which source columns it reads: keys and sequence columns always, unmentioned ones not', () => {
    const files = { ...GOOD, 'dashboards/revenue.sql': 'SELECT order_number FROM silver.orders' }
    const used = usedSourceColumns(readTestProject(files, dialect))
    expect([...(used.get('silver.orders') ?? [])]).toEqual([
      '_updated_at',
      'order_date',
      'order_id',
      'order_number',
      'price',
    ])
    expect([...(used.get('silver.holidays') ?? [])]).toEqual(['date'])
    const all = readTestProject({ ...GOOD, 'dashboards/revenue.sql': 'SELECT * FROM silver.orders' }, dialect)
    expect(all.usedColumns['silver.orders']).toContain('unused')
    const cte = 'WITH o AS (SELECT price FROM silver.orders) SELECT * FROM o'
    expect(
      readTestProject({ ...GOOD, 'dashboards/revenue.sql': cte }, dialect).usedColumns['silver.orders'],
    ).not.toContain('unused')
  })

  it('translates a dataset for one date and configuration', () => {
    const project = readTestProject(GOOD, dialect)
    const [sales] = project.datasets
    if (!sales) throw new Error('no dataset')
    const translated = translateDataset(sales, project, dialect, {
      asOf: '2024-05-06',
      configuration: { tax_rate: '0.1' },
    })
    expect(translated.problems).toEqual([])
    expect(translated.query?.duckdbSql).toContain("DATE '2024-05-06'")
    expect(translated.query?.duckdbSql).toContain('* 0.1')
    expect(translated.query?.usesAsOf).toBe(true)
    expect(translated.expectations).toMatchObject([{ name: 'positive', action: 'drop', columnNames: ['tax'] }])
    expect(translated.columns).toMatchObject([
      { name: 'order_id', type: 'BIGINT', notNull: true, generatedSql: null },
      { type: 'DATE' },
      { type: 'DECIMAL(15,2)' },
      { type: 'INTEGER', generatedSql: 'CAST(year("order_date") AS INTEGER)' },
    ])
    const [dashboard] = project.dashboards
    if (!dashboard) throw new Error('no dashboard')
    const { query } = translateDashboard(dashboard, project, dialect, { asOf: '2024-05-06' })
    expect(query?.duckdbSql).toContain(`"s"."order_date" <= DATE '2024-05-06'`)
    expect(query?.tables.map((t) => t.name)).toEqual(['gold.sales', 'silver.orders'])
  })

  it('takes configuration from the run, and refuses names it does not have', () => {
    const project = readTestProject(GOOD, dialect, { tax_rate: '0.5', tax_rat: '1' })
    expect(project.configuration.tax_rate).toBe('0.5')
    expect(project.problems).toMatchObject([
      { code: 'pipeline.unknown_configuration', remedy: 'Did you mean tax_rate?' },
    ])
  })
})

describe('a project with mistakes', () => {
  it('reports all of them at once, with file, line and column, and keeps the datasets', () => {
    const project = readTestProject(
      {
        'spark-pipeline.yml': `${SETTINGS}clusters: []\n`,
        'sources/orders.sql': ORDERS,
        'transformations/a.sql':
          'CREATE MATERIALIZED VIEW a AS\nSELECT order_id,\n  xxhash64(price) AS h FROM silver.orders',
        'transformations/b.sql': 'CREATE MATERIALIZED VIEW b AS SELECT *\n FROM silver.ordrs',
        'transformations/c.sql': 'CREATE MATERIALIZED VIEW c AS SELECT ${tax_rate} + ${taxrate} AS x, nofn(1) AS y',
        'transformations/d.sql': 'CREATE MATERIALIZED VIEW d AS SELECT * FROM e',
        'transformations/e.sql': 'CREATE MATERIALIZED VIEW e AS SELECT * FROM d',
        'transformations/f.sql':
          'CREATE STREAMING TABLE f AS SELECT 1 AS x;\nCREATE MATERIALIZED VIEW b AS SELECT 1 AS x;',
        'transformations/g.sql':
          'CREATE MATERIALIZED VIEW g (x INT, z WIBBLE,\n CONSTRAINT k EXPECT (xx > 0)) PARTITIONED BY (q) AS SELECT 1 AS x',
        'transformations/h.sql': 'CREATE MATERIALIZED VIEW h AS SELECT ${horizon} AS a,\n ${horizon} + nofn(1) AS b',
        'transformations/i.sql': 'CREATE MATERIALIZED VIEW i AS SELEC 1',
        'transformations/j.sql':
          'CREATE FLOW j AS AUTO CDC INTO a FROM silver.orders KEYS (order_id) SEQUENCE BY _updated_at',
        'dashboards/x.sql': 'SELECT * FROM gold.zzz\nWHERE d = :asof',
      },
      dialect,
    )
    const found = project.problems.map((p) => `${p.file}:${p.line}:${p.column ?? ''} ${p.code}`).sort()
    expect(found).toEqual([
      'dashboards/x.sql:2:12 sql.unknown_parameter',
      'spark-pipeline.yml:10: pipeline.unknown_key',
      'transformations/a.sql:3:3 sql.unsupported_function',
      'transformations/b.sql:2:7 sql.unknown_table',
      'transformations/c.sql:1:52 pipeline.unknown_configuration',
      'transformations/d.sql:1:26 pipeline.cycle',
      'transformations/f.sql:1:24 pipeline.stream',
      'transformations/f.sql:2:26 pipeline.duplicate_dataset',
      'transformations/g.sql:1:26 pipeline.unknown_column',
      'transformations/g.sql:1:36 sql.unknown_type',
      'transformations/g.sql:2:23 sql.unknown_column',
      'transformations/h.sql:2:15 sql.unsupported_function',
      'transformations/i.sql:1:37 sql.syntax',
      'transformations/j.sql:1:32 pipeline.flow_target',
    ])
    expect(project.datasets.map((d) => d.name).sort()).toEqual(
      ['a', 'b', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => `gold.${name}`),
    )
    for (const problem of project.problems) expect(problem.remedy).toMatch(/\S/)
  })

  it('names configuration values that a dataset cannot work with, where they are written', () => {
    const problems = (value: string, rule: string) =>
      readTestProject(
        {
          'spark-pipeline.yml': `name: shop\nschema: gold\nconfiguration:\n  share: '${value}'\n`,
          'transformations/a.sql': `CREATE MATERIALIZED VIEW a\nTBLPROPERTIES (${rule}) AS SELECT \${share} AS x`,
        },
        dialect,
      ).problems
    const number = `'pipeline.configuration.share' = 'number from -0.5 to 1'`
    for (const value of ['0', '1', '-0.5', '0.25']) expect(problems(value, number)).toEqual([])
    for (const value of ['1.01', '-1', '1e-3', '.5']) {
      expect(problems(value, number)).toMatchObject([
        {
          code: 'pipeline.configuration_value',
          message: expect.stringContaining(`share is '${value}', but gold.a takes only: number from -0.5 to 1`),
          file: 'spark-pipeline.yml',
          line: 4,
        },
      ])
    }
    const date = `'pipeline.configuration.share' = 'date from 2011-01-01 to 2012-02-29'`
    for (const value of ['2011-01-01', '2012-02-29']) expect(problems(value, date)).toEqual([])
    for (const value of ['2010-12-31', '2012-03-01', '2011-02-29', '2011-1-1', '2011']) {
      expect(problems(value, date)).toMatchObject([{ code: 'pipeline.configuration_value', line: 4 }])
    }
    for (const rule of [
      'from 0 to 1',
      'integer from a to 1',
      'date from 2011-02-29 to 2012-01-01',
      'date from 1 to 2',
    ]) {
      expect(problems('1', `'pipeline.configuration.share' = '${rule}'`)).toMatchObject([
        { code: 'pipeline.invalid_value', file: 'transformations/a.sql', line: 1 },
      ])
    }
    expect(problems('1', `'pipeline.configuration.shares' = 'integer from 0 to 1'`)).toMatchObject([
      { code: 'pipeline.unknown_configuration', file: 'transformations/a.sql', remedy: 'Did you mean share?' },
    ])
  })

  it('names what is wrong in the settings', () => {
    const at = (text: string) => readTestProject({ 'spark-pipeline.yml': text }, dialect).problems
    expect(at('name: [')).toMatchObject([{ code: 'pipeline.yaml', file: 'spark-pipeline.yml', line: 1 }])
    expect(at('- a')).toMatchObject([{ code: 'pipeline.yaml' }])
    expect(at('nam: x')).toMatchObject([{ code: 'pipeline.unknown_key', line: 1, remedy: 'Did you mean name?' }])
    expect(at('name: x\nconfiguration:\n  a: [1]')).toMatchObject([{ code: 'pipeline.invalid_value', line: 3 }])
    expect(readTestProject({}, dialect).problems).toMatchObject([{ code: 'pipeline.no_settings' }])
    expect(at('name: 5')).toMatchObject([{ code: 'pipeline.invalid_value', line: 1 }])
    expect(at('database: gold\nschema: gold')).toMatchObject([{ code: 'pipeline.invalid_value', line: 1 }])
    expect(at('name: x\nstorage: file:///tmp/x\ndatabase: gold\nconfiguration:\n')).toEqual([])
  })

  it.each(['1.10', 'true', '', 'null', '{a: b}'])('takes no %s for a text of the configuration', (value) => {
    const yml = `name: x\nconfiguration:\n  good: '1'\n  rate: ${value}\n`
    expect(readTestProject({ 'spark-pipeline.yml': yml }, dialect).problems).toMatchObject([
      { code: 'pipeline.invalid_value', line: 4, message: expect.stringContaining("'rate' is no text") },
    ])
  })

  it.each([
    ['- glob:\n    include: a/**\n- glob: {include: b.sql}', []],
    ['- glob:\n    include: a/**\n    exclude: b', ['5 pipeline.unknown_key Did you mean include?']],
    ['- glob: {included: a/**}', ['2 pipeline.unknown_key Did you mean include?', '2 pipeline.invalid_value']],
    ['- file: {path: a.sql}', ['3 pipeline.unknown_key Keys are glob.', '2 pipeline.invalid_value']],
    ['- glob: a/**', ['2 pipeline.invalid_value']],
    ['- a/**', ['2 pipeline.invalid_value']],
    ['- glob: {include: 1}', ['2 pipeline.invalid_value']],
  ])('reads libraries that are globs: %j', (libraries, expected) => {
    const yml = `name: x\nlibraries:\n${libraries}`
    const { problems } = readTestProject({ 'spark-pipeline.yml': yml }, dialect)
    const found = problems.map(({ line, code, remedy }) =>
      `${line} ${code} ${code === 'pipeline.unknown_key' ? remedy : ''}`.trim(),
    )
    expect(found).toEqual(expected)
  })

  it('reads the files of every glob, and no other transformations', () => {
    const files = {
      'spark-pipeline.yml': 'name: x\nlibraries:\n- glob: {include: a/**}\n- glob: {include: b.sql}',
      'a/deep/one.sql': 'CREATE MATERIALIZED VIEW one AS SELECT 1 AS x',
      'b.sql': 'CREATE MATERIALIZED VIEW two AS SELECT 1 AS x',
      'transformations/three.sql': 'CREATE MATERIALIZED VIEW three AS SELECT 1 AS x',
    }
    const { datasets } = readTestProject(files, dialect)
    expect(datasets.map(({ name }) => name)).toEqual(['default.one', 'default.two'])
  })

  it.each(['a.b', 'a/b', '..', 'a b', 'x'.repeat(201), 'a\u0001'])('refuses %j as part of a name', (name) => {
    const files = {
      'spark-pipeline.yml': SETTINGS,
      'transformations/a.sql': `CREATE MATERIALIZED VIEW \`${name}\` AS SELECT 1 AS x`,
    }
    expect(readTestProject(files, dialect).problems).toMatchObject([
      { code: 'pipeline.invalid_name', line: 1, column: 26 },
    ])
  })

  it('leaves names in comments alone', () => {
    const files = {
      'spark-pipeline.yml': SETTINGS,
      'transformations/a.sql': "CREATE MATERIALIZED VIEW a AS -- ${nothing}\nSELECT '${tax_rate}' AS x",
    }
    const project = readTestProject(files, dialect)
    expect(project.problems).toEqual([])
    const [dataset] = project.datasets
    if (!dataset) throw new Error('no dataset')
    expect(translateDataset(dataset, project, dialect, { asOf: '2024-01-01' }).query?.duckdbSql).toBe(
      `SELECT '0.2' AS "x"`,
    )
  })
})

describe('globs', () => {
  it.each([
    ['transformations/**', 'transformations/a/b.sql', true],
    ['transformations/**/*.sql', 'transformations/b.sql', true],
    ['transformations/*.sql', 'transformations/a/b.sql', false],
    ['t?.sql', 't1.sql', true],
    ['t.sql', 'txsql', false],
  ])('%s on %s is %s', (pattern, path, matches) => {
    expect(globTest(pattern)(path)).toBe(matches)
  })
})
