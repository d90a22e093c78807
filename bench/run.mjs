/**
 * `npm run bench -- --rows 5000000 [--curve 1000000,5000000,20000000]`: the page in Chromium beside native DuckDB of the
 * same version with as many threads, in one run. Prints a table and writes bench/results.md.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import util from 'node:util'
import { createServer } from 'vite'
import { buildIfNeeded } from '../scripts/build.mjs'
import { ensureChromium } from '../scripts/chromium.mjs'
import { installPackages } from '../scripts/install.mjs'
import { root } from '../scripts/process.mjs'
import { measureBrowser } from './browser.mjs'
import { report } from './report.mjs'
import { changedOrders, silverFiles } from './silver.mjs'

const { values } = util.parseArgs({
  options: { rows: { type: 'string', default: '5000000' }, curve: { type: 'string', default: '' } },
})
await installPackages()
await ensureChromium()
await buildIfNeeded()
const macros = await engineMacros()

/** @param {string} text */
const counts = (text) => text.split(',').filter(Boolean).map(Number)

/** Of the retail pipeline, the tables that most others are made of, or that most readers want. */
const mainTables = ['+gold.gold_finance_daily_revenue', '+gold.daily_revenue_metrics', '+gold.customer_ltv_gold']

const compared = []
for (const rows of counts(values.rows)) {
  const files = await silverFiles(rows)
  for (const [what, options] of /** @type {const} */ ([
    ['the five main tables', { select: mainTables }],
    ['all tables', { changed: await changedOrders(files) }],
  ])) {
    const title = `${rows.toLocaleString('en')} order lines, ${what}`
    console.log(`${title}: Chromium …`)
    const browser = await measureBrowser(files, options)
    console.log(`${title}: native DuckDB, compressed tables …`)
    const compressed = await measureNative(files, browser, true)
    console.log(`${title}: native DuckDB, plain tables …`)
    const plain = await measureNative(files, browser, false)
    compared.push({ rows, title, browser, compressed, plain })
  }
}
const curve = []
for (const rows of counts(values.curve)) {
  const known = compared.findLast((comparison) => comparison.rows === rows)
  console.log(`${rows.toLocaleString('en')} lines: Chromium, for the curve …`)
  curve.push({ rows, browser: known?.browser ?? (await measureBrowser(await silverFiles(rows))) })
}
const text = report({ compared, curve, cpu: os.cpus()[0]?.model ?? 'unknown processor', cores: os.cpus().length })
console.log(text)
writeFileSync(`${root}bench/results.md`, text)

/**
 * @param {Record<string, string>} files
 * @param {import('./browser.mjs').Measured} browser
 * @param {boolean} compressed
 * @returns {Promise<import('./report.mjs').NativeTimes>}
 */
function measureNative(files, browser, compressed) {
  const output = `${root}.cache/bench/export`
  mkdirSync(output, { recursive: true })
  const job = {
    threads: browser.threads,
    compressed,
    macros,
    schemas: ['silver', 'engine', ...new Set(browser.datasets.map(({ name }) => name.split('.')[0]))],
    silver: Object.entries(browser.silverColumns).map(([table, columns]) => ({
      table,
      columns,
      file: files[table.split('.')[1] ?? ''],
    })),
    build: withSwaps(browser.statements),
    gold: [
      ...browser.datasets.map(({ name }) => ({
        table: name,
        partitionBy: name === 'gold.fact_sales' ? ['year', 'month'] : [],
      })),
      // The replay leaves quarantines under the name that they are built with.
      ...browser.quarantines.map((name) => ({ table: `${name}__building`, partitionBy: [] })),
    ],
    output,
  }
  const child = spawn(process.execPath, [`${root}bench/native.mjs`], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(job))
  let printed = ''
  child.stdout.on('data', (data) => {
    printed += data
  })
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(printed))
      else reject(new Error(`native DuckDB ended with code ${code}`))
    })
  })
}

/**
 * The page builds a table beside the one that is there and swaps names after the commit, which is not part of building;
 * in the replay the swap comes before the first statement that reads the table.
 *
 * @param {string[]} statements
 */
function withSwaps(statements) {
  /** @type {string[]} */
  const replay = []
  /** @type {{ building: string, final: string, whole: string } | null} */
  let pending = null
  for (const sql of statements) {
    if (pending !== null && (sql.includes(pending.whole) || /^CREATE OR REPLACE VIEW /.test(sql))) {
      replay.push(`ALTER TABLE ${pending.building} RENAME TO ${pending.final}`)
      pending = null
    }
    const created = /^CREATE TABLE ("[^"]+"\."([^"]+)__building") AS/.exec(sql)
    if (created?.[1] && !created[1].includes('__quarantine')) {
      if (pending !== null) replay.push(`ALTER TABLE ${pending.building} RENAME TO ${pending.final}`)
      pending = { building: created[1], final: `"${created[2]}"`, whole: created[1].replace('__building"', '"') }
    }
    replay.push(sql)
  }
  if (pending !== null) replay.push(`ALTER TABLE ${pending.building} RENAME TO ${pending.final}`)
  return replay
}

/** The macros live in a TypeScript module of the product, which Vite can load here. */
async function engineMacros() {
  const server = await createServer({
    root,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
  })
  const module = await server.ssrLoadModule('/src/adapters/polyglot/macros.ts')
  await server.close()
  return /** @type {string[]} */ (module.engineMacros)
}
