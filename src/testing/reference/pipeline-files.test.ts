import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseFile } from '@/domain/pipeline/parse'
import type { DatasetStatement, Statement } from '@/domain/pipeline/statements'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import type { AnalyzedQuery } from '@/engine/ports'
import { createNodeDialect } from '@/testing/node-dialect'
import { openSilver, retailFolder, runModels, sampleQuery, sourceDeclarations } from './run-models'

const transformations = join(retailFolder, 'transformations')
const files = readdirSync(transformations, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.sql'),
)

function dataset(file: string): DatasetStatement {
  const { statements, problems } = parseFile(file, readFileSync(join(transformations, file), 'utf8'))
  const [statement, ...others] = statements
  const isFlow = (other: Statement) =>
    other.type === 'flow' &&
    other.target.parts.join('.') === (statement?.type === 'dataset' ? statement.name.parts.join('.') : '')
  if (problems.length > 0 || statement?.type !== 'dataset' || !others.every(isFlow)) {
    throw new Error(`${file} is not one dataset with its flows: ${JSON.stringify(problems)}`)
  }
  return statement
}

const carried = `team refresh_frequency sla_freshness_hours pii_columns sensitivity retention_days version
  metric_definitions grain public_contract consumers`.split(/\s+/)

describe.each(files)('%s', (file) => {
  it('is one dataset with its flows, named as the file', () => {
    expect(dataset(file).name.parts.at(-1)).toBe(basename(file, '.sql'))
  })

  it('says what the dataset is, and what each column is', () => {
    const { comment, columns } = dataset(file)
    expect(comment).toMatch(/\.$/)
    expect(columns.filter((column) => !column.comment).map((column) => column.name)).toEqual([])
  })
})

describe.each(files.filter((file) => dataset(file).kind !== 'view'))('the table of %s', (file) => {
  it('carries the properties of every Gold table', () => {
    const { private: isPrivate, properties } = dataset(file)
    const keys = properties.map((property) => property.key)
    // Nobody but the pipeline sees a private one, so it promises nothing.
    const asked = isPrivate ? ['team', 'grain', 'consumers'] : carried
    expect(asked.filter((key) => !keys.includes(key))).toEqual([])
    const when = keys.filter((key) => key === 'refresh_time_utc' || key === 'refresh_sla_minutes')
    expect(isPrivate || when.length === 1).toBe(true)
  })

  it('has a key of its own columns', () => {
    const { columns, primaryKey, properties } = dataset(file)
    const declared = properties.find((property) => property.key === 'pipeline.key')?.value.split(', ')
    const key = primaryKey?.columns ?? declared ?? []
    const names = columns.map((column) => column.name)
    expect(key.length).toBeGreaterThan(0)
    expect(key.filter((name) => !names.includes(name))).toEqual([])
    expect(primaryKey === null || columns.every((c) => !key.includes(c.name) || c.notNull)).toBe(true)
  })

  it('names only its own columns in its properties', () => {
    const { columns, properties } = dataset(file)
    const names = columns.map((column) => column.name)
    const listed = properties
      .filter(({ key }) => ['pii_columns', 'public_contract', 'pipelines.autoOptimize.zOrderCols'].includes(key))
      .flatMap(({ value }) => value.split(', ').filter((name) => name !== ''))
    expect(listed.filter((name) => !names.includes(name))).toEqual([])
  })
})

describe('the sources', () => {
  it('are the seven Silver tables, the optional ones marked', () => {
    const optional = Object.fromEntries(
      sourceDeclarations().map(({ name, properties }) => [
        name.parts.join('.'),
        properties.some(({ key, value }) => key === 'source.optional' && value === 'true'),
      ]),
    )
    expect(optional).toEqual({
      'silver.orders': false,
      'silver.customers': false,
      'silver.products': false,
      'silver.dates': true,
      'silver.campaigns': true,
      'silver.user_events': true,
      'silver.holidays': true,
    })
  })

  it('describe every column, and are read by their key and their sequence', () => {
    for (const { columns, comment, primaryKey, properties, name } of sourceDeclarations()) {
      const names = columns.map((column) => column.name)
      const lists = properties.filter(({ key }) => ['source.optional_columns', 'source.sequence_by'].includes(key))
      const mentioned = [...(primaryKey?.columns ?? []), ...lists.flatMap(({ value }) => value.split(', '))]
      expect(comment, name.parts.join('.')).toMatch(/\.$/)
      expect(columns.filter((column) => !column.comment)).toEqual([])
      expect(primaryKey?.columns.length).toBeGreaterThan(0)
      expect(mentioned.filter((column) => !names.includes(column))).toEqual([])
    }
  })
})

describe('what the engine relies on for large inputs', () => {
  const dialect = createNodeDialect()
  beforeAll(() => dialect.load())

  function analyzed(file: string): AnalyzedQuery {
    const text = withoutStream(dataset(file).query?.text ?? '').replaceAll(/\$\{\w+\}/g, '1')
    const result = dialect.analyzeQuery(text, { asOf: '2025-12-31' })
    if ('error' in result) throw new Error(result.error.message)
    return result
  }

  const queries = files.filter((file) => dataset(file).query !== null)

  it.each(queries)('%s names the columns that it reads', (file) => {
    expect(analyzed(file).columnNames).not.toContain('*')
  })

  it('every reduction to the latest row is recognised, by the key and the sequence that the source declares', () => {
    const reductions = queries.flatMap((file) => analyzed(file).latestPerKey)
    expect(reductions.map((found) => found.table).sort()).toEqual([
      'silver.campaigns',
      'silver.customers',
      'silver.orders',
      'silver.orders',
      'silver.orders',
      'silver.products',
    ])
    for (const { table, keys, orderBy } of reductions) {
      const source = sourceDeclarations().find(({ name }) => name.parts.join('.') === table)
      const sequence = source?.properties.find(({ key }) => key === 'source.sequence_by')?.value.split(', ')
      expect(keys).toEqual(source?.primaryKey?.columns)
      expect(orderBy.map(({ column }) => column)).toEqual(sequence)
      expect(orderBy.every(({ descending, nullsFirst }) => descending && !nullsFirst)).toBe(true)
    }
  })

  it.each([
    ['gold/fact_sales.sql', 'rows'],
    ['gold_features/recognised_order_days.sql', 'groups'],
    ['gold_features/product_daily_sales.sql', 'groups'],
    ['gold_product/feature_adoption_daily.sql', 'groups'],
  ])('%s is refreshed by changed %s', (file, kind) => {
    expect(analyzed(file).flow.shape.kind).toBe(kind)
  })

  it('a condition on year and month of fact_sales reaches the scan of the orders', async () => {
    const lines = 500_000
    const sample = (table: 'customers' | 'products' | 'orders') =>
      sampleQuery(table, { lines, seed: 1, first: 1, last: lines })
    const connection = await openSilver({
      orders: sample('orders'),
      customers: sample('customers'),
      products: sample('products'),
    })
    const only = ['gold_common/calendar_days', 'gold_common/described_days', 'gold_common/dim_date', 'gold/fact_sales']
    await runModels(connection, { asOf: '2025-12-31', only })
    const { reducedSql, latestPerKey } = analyzed('gold/fact_sales.sql')
    const fact = latestPerKey.reduce((sql, { placeholder }) => sql.replace(placeholder, 'TRUE'), reducedSql ?? '')
    const profile = await connection.runAndReadAll(
      `EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM (${fact}) WHERE year = 2023 AND month = 3`,
    )
    const scan = scanOf(JSON.parse(String(profile.getRows()[0]?.[1])), 'orders')
    const inMonth = await connection.runAndReadAll(
      "SELECT count(*) FROM silver.orders WHERE date_trunc('month', order_date) = DATE '2023-03-01'",
    )
    expect(scan).toBeGreaterThan(0)
    expect(scan).toBeLessThanOrEqual(Number(inMonth.getRows()[0]?.[0]))
  }, 60_000)
})

interface Operator {
  operator_cardinality?: number
  extra_info?: { Table?: string }
  children?: Operator[]
}

/** Rows that the scan of a table hands on in a profiled plan. */
function scanOf(operator: Operator, table: string): number {
  const own = operator.extra_info?.Table?.endsWith(table) ? (operator.operator_cardinality ?? 0) : 0
  return (operator.children ?? []).reduce((sum, child) => sum + scanOf(child, table), own)
}
