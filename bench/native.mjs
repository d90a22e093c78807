/**
 * The native side, in a process of its own so that its memory is its own: reads a job from standard input, replays the
 * statements that the page ran on native DuckDB with as many threads, and prints what it measured as one line of JSON.
 */
import { readFileSync, rmSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

/**
 * @typedef {object} Job
 * @property {number} threads
 * @property {boolean} compressed whether tables are compressed in memory, as the page's are
 * @property {string[]} macros
 * @property {string[]} schemas
 * @property {{ table: string, file: string, columns: string[] }[]} silver
 * @property {string[]} build statements of the page's build phases, in order
 * @property {{ table: string, partitionBy: string[] }[]} gold
 * @property {string} output folder for exported Parquet
 */

/** @type {Job} */
const job = JSON.parse(readFileSync(0, 'utf8'))
const instance = await DuckDBInstance.create(':memory:', { threads: String(job.threads) })
const connection = await instance.connect()

/** @param {string} sql */
async function timed(sql) {
  const start = performance.now()
  await connection.run(sql)
  return performance.now() - start
}

await connection.run(`ATTACH ':memory:' AS lakehouse${job.compressed ? ' (COMPRESS)' : ''}`)
await connection.run('USE lakehouse')
for (const macro of job.macros) await connection.run(macro)
for (const schema of job.schemas) await connection.run(`CREATE SCHEMA IF NOT EXISTS lakehouse."${schema}"`)

let load = 0
for (const { table, file, columns } of job.silver) {
  load += await timed(`CREATE TABLE ${table} AS SELECT ${columns.join(', ')} FROM read_parquet('${file}')`)
}
let build = 0
for (const sql of job.build) build += await timed(sql)
let exported = 0
for (const { table, partitionBy } of job.gold) {
  const layout = partitionBy.length > 0 ? `, PARTITION_BY (${partitionBy.join(', ')})` : ''
  exported += await timed(
    `COPY ${table} TO '${job.output}/${table}${layout === '' ? '.parquet' : ''}' (FORMAT parquet, COMPRESSION zstd${layout})`,
  )
}
rmSync(job.output, { recursive: true, force: true })
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
console.log(JSON.stringify({ load, build, export: exported, peakBytes: Number(peak ?? 0) * 1024 }))
