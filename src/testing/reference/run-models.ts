import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { engineMacros } from '@/adapters/polyglot/macros'
import { parseYaml } from '@/adapters/yaml/parse'
import { parseFile } from '@/domain/pipeline/parse'
import type { DatasetStatement, TableStatement } from '@/domain/pipeline/statements'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import { quoteLiteral } from '@/domain/sql/quote'
import type { SqlDialect } from '@/engine/ports'
import { readSettings } from '@/engine/project-settings'
import { createNodeDialect } from '@/testing/node-dialect'
import { onlineRetailFolder, retailFiles } from '@/testing/node-engine'
import { changesQuery } from './changes-query'

/** The folder of the pipeline, from the project's root. */
export const retailFolder = 'src/pipelines/retail'

/** In an order in which every dataset follows its inputs. */
const models = [
  'gold_common/calendar_days',
  'gold_common/described_days',
  'gold_common/dim_date',
  'gold/fact_sales',
  'gold/recognised_daily_sales',
  'gold/gold_finance_daily_revenue',
  'gold/daily_segment_sales',
  'gold/daily_revenue_base',
  'gold/daily_revenue_metrics',
  'gold/weekly_segment_sales',
  'gold/gold_product_weekly_engagement',
  'gold/customer_monthly_sales',
  'gold/gold_product_cohort_retention',
  'gold/customer_ltv_gold',
  'gold/gold_finance_monthly_revenue_v1',
  'gold/gold_finance_monthly_revenue_v2',
  'gold_finance/fact_revenue',
  'gold_finance/monthly_revenue_summary',
  'pipeline/reconciliation',
  'gold_features/recognised_order_days',
  'gold_features/feature_snapshots',
  'gold_features/customer_rfm_features',
  'gold_features/training_snapshots',
  'gold_features/churn_pit_correct',
  'gold_features/product_daily_sales',
  'gold_features/product_timeseries_features',
  'gold_features/product_timeseries_recent',
  'gold_marketing/customer_changes',
  'gold_marketing/dim_customer',
  'gold_marketing/dim_customer_current',
  'gold_marketing/campaign_performance',
  'gold_product/fact_user_events',
  'gold_product/feature_adoption_daily',
]

const factModels = [
  'gold_common/calendar_days',
  'gold_common/described_days',
  'gold_common/dim_date',
  'gold/fact_sales',
]
/** What the features of customers are made by, from Silver on. */
export const customerFeatureModels = [
  ...factModels,
  ...models.filter((model) => /recognised_order_days|snapshots|rfm|churn/.test(model)),
]
/** What the features of products are made by, from Silver on. */
export const productFeatureModels = [
  ...factModels,
  ...models.filter((model) => model.startsWith('gold_features/product_')),
]

/** What campaigns are judged by, from Silver on. */
export const campaignModels = [
  ...factModels,
  'gold/customer_ltv_gold',
  ...models.filter((model) => model.startsWith('gold_marketing/')),
]
/** What is made of events. */
export const eventModels = models.filter((model) => model.startsWith('gold_product/'))

export interface ModelRun {
  asOf: string
  configuration?: Record<string, string>
  /** Only these of `models`, and no dashboards. */
  only?: readonly string[]
}

/** A native database with schema `silver`, whose tables are the given queries; other sources are empty tables. */
export async function openSilver(sources: Record<string, string>): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  const dialect = await loadedDialect()
  for (const macro of engineMacros) await connection.run(macro)
  await connection.run('CREATE SCHEMA silver')
  for (const [table, query] of Object.entries(sources)) await connection.run(`CREATE TABLE silver.${table} AS ${query}`)
  for (const declared of sourceDeclarations()) {
    const columns = declared.columns.map((column) => `"${column.name}" ${typeOf(dialect, column.type)}`)
    await connection.run(`CREATE TABLE IF NOT EXISTS silver.${declared.name.parts.at(-1)} (${columns.join(', ')})`)
  }
  return connection
}

/** A query for rows typed by hand as a VALUES list, with the columns and types that the source declares. */
export async function sourceRows(table: string, values: string): Promise<string> {
  const dialect = await loadedDialect()
  const declared = sourceDeclarations().find((source) => source.name.parts.at(-1) === table)
  if (!declared) throw new Error(`The pipeline has no source ${table}`)
  const columns = declared.columns.map(
    (column) => `CAST("${column.name}" AS ${typeOf(dialect, column.type)}) AS "${column.name}"`,
  )
  const names = declared.columns.map((column) => `"${column.name}"`)
  return `SELECT ${columns.join(', ')} FROM (VALUES ${values}) AS v(${names.join(', ')})`
}

/**
 * Runs every model of the retail pipeline from its own text, whole tables at a time: declared types, expectations with
 * quarantine and counts (table `expectations`), and the query of each dashboard as a table of schema `dashboards`.
 */
export async function runModels(connection: DuckDBConnection, run: ModelRun): Promise<void> {
  const dialect = await loadedDialect()
  const schemas = [...new Set(models.map((model) => model.split('/')[0] ?? model)), 'dashboards']
  for (const schema of schemas) await connection.run(`CREATE SCHEMA ${schema}`)
  await connection.run("SET search_path = 'main,gold'")
  await connection.run(
    'CREATE TABLE expectations (dataset VARCHAR, name VARCHAR, action VARCHAR, passed BIGINT, failed BIGINT)',
  )
  for (const model of models.filter((name) => run.only?.includes(name) ?? true)) {
    const file = join(retailFolder, 'transformations', `${model}.sql`)
    const [statement, flow] = parseFile(file, readFileSync(file, 'utf8')).statements
    if (statement?.type !== 'dataset') throw new Error(`${file} declares no dataset`)
    const changes = flow?.type === 'flow' && flow.kind === 'auto_cdc' ? flow : null
    const query = changes
      ? await changesQuery(connection, changes, (sql) => expression(dialect, sql, run))
      : translate(dialect, withoutStream(statement.query?.text ?? ''), run)
    await buildDataset(connection, dialect, statement, query, run)
  }
  if (run.only) return
  const dashboards = join(retailFolder, 'dashboards')
  for (const file of readdirSync(dashboards)) {
    const query = translate(dialect, readFileSync(join(dashboards, file), 'utf8'), run)
    await connection.run(`CREATE TABLE dashboards.${basename(file, '.sql')} AS ${query}`)
  }
}

async function buildDataset(
  connection: DuckDBConnection,
  dialect: SqlDialect,
  dataset: DatasetStatement,
  query: string,
  run: ModelRun,
): Promise<void> {
  const name = dataset.name.parts.length > 1 ? dataset.name.parts.join('.') : `gold.${dataset.name.parts[0]}`
  const declared = dataset.columns.map((column) => {
    const value = column.generatedAs ? expression(dialect, column.generatedAs.text, run) : `"${column.name}"`
    return `CAST(${value} AS ${typeOf(dialect, column.type)}) AS "${column.name}"`
  })
  const checks = dataset.expectations.map(({ name: check, action, expression: { text } }) => ({
    check,
    action,
    violated: `(${expression(dialect, text, run)}) IS NOT TRUE`,
  }))
  const drops = checks.filter(({ action }) => action === 'drop')
  const failed = drops.map(({ check, violated }) => `CASE WHEN ${violated} THEN '${check}' END`)
  const names = `list_filter(CAST([${failed.join(', ')}] AS VARCHAR[]), lambda name: name IS NOT NULL)`
  await connection.run(`CREATE TEMP TABLE output AS SELECT ${declared.join(', ') || '*'} FROM (${query})`)
  await connection.run(`CREATE TEMP TABLE judged AS SELECT *, ${names} AS _failed_expectations FROM output`)
  await connection.run(`CREATE TABLE ${name} AS
    SELECT * EXCLUDE (_failed_expectations) FROM judged WHERE len(_failed_expectations) = 0`)
  if (drops.length > 0) {
    await connection.run(`CREATE TABLE ${name}__quarantine AS SELECT * FROM judged WHERE len(_failed_expectations) > 0`)
  }
  for (const { check, action, violated } of checks) {
    await connection.run(`INSERT INTO expectations SELECT '${name}', '${check}', '${action}',
      count(*) - count(*) FILTER (${violated}), count(*) FILTER (${violated}) FROM output`)
  }
  await connection.run('DROP TABLE output')
  await connection.run('DROP TABLE judged')
}

/** What `sources/*.sql` declare. */
export function sourceDeclarations(): TableStatement[] {
  const folder = join(retailFolder, 'sources')
  return readdirSync(folder).map((file) => {
    const [statement] = parseFile(file, readFileSync(join(folder, file), 'utf8')).statements
    if (statement?.type !== 'table') throw new Error(`${file} declares no table`)
    return statement
  })
}

/** The sample generator's query `sample/<table>.sql` for so many order lines, of them `first` to `last`. */
export function sampleQuery(table: string, parameters: Record<string, number>): string {
  const text = readFileSync(join(retailFolder, 'sample', `${table}.sql`), 'utf8')
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => String(parameters[name]))
}

/** Queries over the Online Retail data set. */
export function onlineRetailSources(): Record<string, string> {
  const tables = ['orders', 'customers', 'products', 'dates']
  return Object.fromEntries(
    tables.map((table) => [table, `SELECT * FROM ${quoteLiteral(join(onlineRetailFolder, `${table}.parquet`))}`]),
  )
}

const nodeDialect = createNodeDialect()

async function loadedDialect(): Promise<SqlDialect> {
  await nodeDialect.load()
  return nodeDialect
}

/** The configuration of spark-pipeline.yml. */
const defaultConfiguration = readSettings(retailFiles(), parseYaml).configuration

function configured(sql: string, run: ModelRun): string {
  const values = Object.entries({ ...defaultConfiguration, ...run.configuration })
  return values.reduce((text, [name, value]) => text.replaceAll(`\${${name}}`, value), sql)
}

function translate(dialect: SqlDialect, sql: string, run: ModelRun): string {
  const result = dialect.analyzeQuery(configured(sql, run), { asOf: run.asOf })
  if ('error' in result) throw new Error(`${result.error.message}\n${sql}`)
  return result.duckdbSql
}

function expression(dialect: SqlDialect, sql: string, run: ModelRun): string {
  const result = dialect.analyzeExpression(configured(sql, run), { asOf: run.asOf })
  if ('error' in result) throw new Error(`${result.error.message}\n${sql}`)
  return result.duckdbSql
}

function typeOf(dialect: SqlDialect, type: string): string {
  const result = dialect.dataType(type)
  if (typeof result !== 'string') throw new Error(result.error.message)
  return result
}
