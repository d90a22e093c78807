import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { root } from '../scripts/process.mjs'

const tables = ['orders', 'customers', 'products']
const batchLines = 1_000_000

/**
 * Silver Parquet files of the generated sample, written by native DuckDB; made once for each number of lines.
 *
 * @param {number} lines
 * @returns {Promise<Record<string, string>>} table to file
 */
export async function silverFiles(lines) {
  const folder = `${root}.cache/bench/silver-${lines}`
  mkdirSync(folder, { recursive: true })
  const files = Object.fromEntries(tables.map((table) => [table, `${folder}/${table}.parquet`]))
  if (Object.values(files).every((file) => existsSync(file))) return files
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const table of tables) {
    const template = readFileSync(`${root}src/pipelines/retail/sample/${table}.sql`, 'utf8')
    const fill = (/** @type {number} */ first, /** @type {number} */ last) =>
      template
        .replaceAll('${lines}', String(lines))
        .replaceAll('${seed}', '1')
        .replaceAll('${first}', String(first))
        .replaceAll('${last}', String(last))
    const parts = table === 'orders' ? Math.ceil(lines / batchLines) : 1
    await connection.run(`CREATE OR REPLACE TABLE silver AS ${fill(1, Math.min(lines, batchLines))}`)
    for (let part = 1; part < parts; part += 1) {
      await connection.run(
        `INSERT INTO silver ${fill(part * batchLines + 1, Math.min(lines, (part + 1) * batchLines))}`,
      )
    }
    await connection.run(`COPY silver TO '${files[table]}' (FORMAT parquet, COMPRESSION zstd)`)
  }
  connection.closeSync()
  instance.closeSync()
  return files
}

/**
 * Orders as a source would deliver them a day later: 1 % of the lines changed, nine tenths of them in the last 7 days and the rest over
 * the 3 months before.
 *
 * @param {Record<string, string>} files
 * @returns {Promise<string>} path of the file
 */
export async function changedOrders({ orders }) {
  const path = String(orders).replace('orders.parquet', 'changed/orders.parquet')
  if (existsSync(path)) return path
  mkdirSync(path.replace('/orders.parquet', ''), { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const age = `(SELECT max(order_date) FROM '${orders}') - order_date`
  // How many lines there are of each age decides which share of them has to change.
  const result = await connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (${age} < 7), count(*) FILTER (${age} BETWEEN 7 AND 96) FROM '${orders}'`,
  )
  const [all = 0, recent = 1, older = 1] = (result.getRows()[0] ?? []).map(Number)
  const share = (/** @type {number} */ wanted, /** @type {number} */ there) => Math.min(1, wanted / there) * 1_000_000
  const chosen = `hash(order_id) % 1000000 < CASE WHEN ${age} < 7 THEN ${share(all * 0.009, recent)}
    WHEN ${age} BETWEEN 7 AND 96 THEN ${share(all * 0.001, older)} ELSE 0 END`
  await connection.run(
    `COPY (SELECT * REPLACE (
       CASE WHEN ${chosen} THEN quantity + 1 ELSE quantity END AS quantity,
       CASE WHEN ${chosen} THEN _updated_at + INTERVAL 1 DAY ELSE _updated_at END AS _updated_at
     ) FROM '${orders}') TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  return path
}
