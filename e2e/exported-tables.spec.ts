/** What leaves the browser, read by other code: native DuckDB, and a Delta log reader that is not the product's own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type ReplayedTable, replayDelta } from '@/testing/delta-replay'
import { compareWithReference, withFactComputed } from '@/testing/reference/compare'
import { expect, test } from './fixtures'
import { buildRetail, builtTables, exportZip, retailAsOf, retailFiles, retailNames } from './retail'
import { unzipTo } from './unzip'

/** Rows of the reference on Online Retail, as of 2011-12-10. */
const expectedRows: Record<(typeof builtTables)[number], number> = {
  'gold_common.dim_date': 730,
  'gold.fact_sales': 397_880,
  'gold.fact_sales__quarantine': 141_948,
  'gold.gold_finance_daily_revenue': 9_899,
  'gold.daily_revenue_metrics': 909,
  'gold.customer_ltv_gold': 4_337,
  'gold_marketing.dim_customer': 4_372,
}

const literal = (value: unknown) => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`)
const folderOf = (table: string) => table.replace('.', '/')

test('exported Parquet and Delta tables hold exactly the rows that the specification asks for', async ({
  goldsmith,
}) => {
  await buildRetail(goldsmith)
  const folder = mkdtempSync(join(tmpdir(), 'goldsmith-export-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const parquetNames = unzipTo(await exportZip(goldsmith, 'parquet'), join(folder, 'parquet'))
    const deltaNames = unzipTo(await exportZip(goldsmith, 'delta'), join(folder, 'delta'))
    await connection.run(`SET TimeZone = 'UTC'; CREATE SCHEMA silver; CREATE SCHEMA gold; CREATE SCHEMA gold_common;
      CREATE SCHEMA gold_finance; CREATE SCHEMA gold_marketing; CREATE SCHEMA gold_features; CREATE SCHEMA delta`)
    for (const [index, name] of retailNames.entries()) {
      await connection.run(`CREATE TABLE silver.${name} AS SELECT * FROM read_parquet(${literal(retailFiles[index])})`)
    }

    const options = await withFactComputed(connection, { asOf: retailAsOf, dates: true, holidays: false })
    for (const table of builtTables) {
      await test.step(table, async () => {
        const files = parquetNames.filter((name) => name.startsWith(`${folderOf(table)}/`))
        expect(files.every((name) => name.endsWith('.parquet'))).toBe(true)
        const partitioned = table.startsWith('gold.fact_sales') && files.some((name) => name.includes('year='))
        const glob = literal(join(folder, 'parquet', folderOf(table), '**/*.parquet'))
        const hive = partitioned
          ? `hive_partitioning = true, hive_types = {'year': INTEGER, 'month': INTEGER}`
          : 'hive_partitioning = false'
        await createTable(connection, table, `SELECT * FROM read_parquet(${glob}, ${hive})`)
        const comparison = await compareWithReference(connection, table, options)
        expect(comparison).toEqual({
          rows: expectedRows[table],
          onlyInTable: 0,
          onlyInReference: 0,
          // The update's identifier is no part of the reference: every update has its own.
          columns: table.endsWith('__quarantine') ? ['_update_id VARCHAR'] : [],
        })
      })

      await test.step(`${table} as Delta`, async () => {
        expect(deltaNames).toContain(`${folderOf(table)}/_delta_log/00000000000000000000.json`)
        const replayed = replayDelta(join(folder, 'delta', folderOf(table)))
        expect(replayed.problems).toEqual([])
        expect(replayed.version).toBe(0)
        expect(replayed.metaData.name).toBe(table)
        expect(replayed.metaData.description.length).toBeGreaterThan(10)
        await expectSchema(connection, replayed)
        for (const file of replayed.files) await expectStatistics(connection, replayed, file)
        const copy = `delta.${table.split('.')[1]}`
        await createTable(connection, copy, rowsOf(replayed))
        expect(await differences(connection, copy, table)).toEqual({ rows: expectedRows[table], different: 0 })
      })
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(folder, { recursive: true })
  }
})

/** Timestamps of Gold are instants in UTC; the reference has them without a zone. */
async function createTable(connection: DuckDBConnection, table: string, query: string): Promise<void> {
  const instants = (await columnsOf(connection, query))
    .filter(([, type]) => type === 'TIMESTAMP WITH TIME ZONE')
    .map(([name]) => `CAST("${name}" AS TIMESTAMP) AS "${name}"`)
  const replace = instants.length > 0 ? ` REPLACE (${instants.join(', ')})` : ''
  await connection.run(`CREATE TABLE ${table} AS SELECT *${replace} FROM (${query})`)
}

async function columnsOf(connection: DuckDBConnection, query: string): Promise<[name: string, type: string][]> {
  const rows = (await connection.runAndReadAll(`DESCRIBE ${query}`)).getRows()
  return rows.map(([name, type]) => [String(name), String(type)])
}

/** The table's rows from its active files, with the partition columns that only the log knows. */
function rowsOf({ files, fields }: ReplayedTable): string {
  return files
    .map(({ path, partitionValues }) => {
      const added = Object.entries(partitionValues).map(
        ([name, value]) =>
          `, CAST(${literal(value)} AS ${duckdbType(fields.find((field) => field.name === name)?.type)}) AS "${name}"`,
      )
      return `SELECT *${added.join('')} FROM read_parquet(${literal(path)}, hive_partitioning = false)`
    })
    .join(' UNION ALL BY NAME ')
}

const duckdbTypes: Record<string, string> = {
  integer: 'INTEGER',
  long: 'BIGINT',
  string: 'VARCHAR',
  date: 'DATE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
}

function duckdbType(type: unknown): string {
  if (typeof type === 'object' && type !== null && 'elementType' in type) return `${duckdbType(type.elementType)}[]`
  const name = String(type)
  return duckdbTypes[name] ?? name.toUpperCase()
}

async function expectSchema(connection: DuckDBConnection, replayed: ReplayedTable): Promise<void> {
  const inLog = replayed.fields.map(({ name, type }) => `${name} ${duckdbType(type)}`)
  expect(inLog, 'schemaString').toEqual(
    (await columnsOf(connection, rowsOf(replayed)))
      .map(([name, type]) => `${name} ${type}`)
      .sort((a, b) => inLog.indexOf(a) - inLog.indexOf(b)),
  )
  const undocumented = replayed.fields.filter(({ metadata }) => typeof metadata.comment !== 'string')
  expect(undocumented, 'columns without a comment').toEqual([])
  // Partition columns are in the log only.
  for (const file of replayed.files.slice(0, 1)) {
    const stored = (
      await columnsOf(connection, `SELECT * FROM read_parquet(${literal(file.path)}, hive_partitioning = false)`)
    ).map(([name]) => name)
    expect(stored.filter((name) => replayed.metaData.partitionColumns.includes(name))).toEqual([])
  }
}

/** Every figure of `stats` is what DuckDB finds in the file; bounds of long texts may be wider, never narrower. */
async function expectStatistics(
  connection: DuckDBConnection,
  { fields, metaData }: ReplayedTable,
  file: ReplayedTable['files'][number],
) {
  const { numRecords, minValues, maxValues, nullCount } = file.stats
  const checks: [string, string][] = [['numRecords', `count(*) = ${numRecords}`]]
  for (const { name, type } of fields.filter((field) => !metaData.partitionColumns.includes(field.name))) {
    const column = `"${name}"`
    const isText = type === 'string'
    if (name in nullCount) checks.push([`nullCount ${name}`, `count(*) - count(${column}) = ${nullCount[name]}`])
    else expect(typeof type, `${name} has no nullCount`).toBe('object')
    for (const [bound, aggregate, holds] of [
      [minValues, 'min', '<='],
      [maxValues, 'max', '>='],
    ] as const) {
      if (!(name in bound)) continue
      const said = `CAST(${literal(bound[name])} AS ${duckdbType(type)})`
      const actual = `${aggregate}(${column})`
      const exact = isText ? `(strlen(${actual}) > 32 OR ${said} = ${actual})` : `${said} = ${actual}`
      checks.push([`${aggregate} ${name} ${String(bound[name])}`, `${said} ${holds} ${actual} AND ${exact}`])
    }
    const ordered = typeof type !== 'object' && type !== 'boolean'
    if (ordered && numRecords > (nullCount[name] ?? 0)) {
      expect(Object.keys(minValues), `${name} has no minimum`).toContain(name)
      expect(Object.keys(maxValues), `${name} has no maximum`).toContain(name)
    }
  }
  for (const [name, value] of Object.entries(file.partitionValues)) {
    if (name !== 'year' && name !== 'month') throw new Error(`The test knows no partition column ${name}.`)
    checks.push([
      `partition ${name}`,
      `coalesce(bool_and(extract(${name} FROM order_date) IS NOT DISTINCT FROM CAST(${literal(value)} AS INTEGER)), true)`,
    ])
  }
  const select = checks.map(([, check]) => check).join(', ')
  const [found] = (
    await connection.runAndReadAll(
      `SELECT ${select} FROM read_parquet(${literal(file.path)}, hive_partitioning = false)`,
    )
  ).getRows()
  expect(
    checks.filter((_, index) => found?.[index] !== true).map(([name]) => name),
    file.path,
  ).toEqual([])
}

async function differences(connection: DuckDBConnection, a: string, b: string) {
  const columns = (await columnsOf(connection, `SELECT * FROM ${b}`)).map(([name]) => `"${name}"`).join(', ')
  const one = (table: string, other: string) =>
    `(SELECT count(*) FROM (SELECT ${columns} FROM ${table} EXCEPT ALL SELECT ${columns} FROM ${other}))`
  const [row] = (
    await connection.runAndReadAll(`SELECT (SELECT count(*) FROM ${a}), ${one(a, b)} + ${one(b, a)}`)
  ).getRows()
  return { rows: Number(row?.[0]), different: Number(row?.[1]) }
}
