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
