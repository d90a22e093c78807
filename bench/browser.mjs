import { readdirSync, readFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { preview } from 'vite'
import { findChromium } from '../scripts/chromium.mjs'
import { freePort } from '../scripts/ports.mjs'
import { root } from '../scripts/process.mjs'

const sampleEveryMs = 100

/**
 * @typedef {object} Measured
 * @property {number} threads
 * @property {number} load milliseconds, from the drop to the report
 * @property {number} build milliseconds in which datasets were built (rows there to be queried), without the next
 * @property {number} read milliseconds meanwhile in which the engine read rows that were built for their data files
 * @property {number} store milliseconds after that until all was encoded to zstd Parquet, written, read back and committed
 * @property {number} zip milliseconds to pack the stored files into a download
 * @property {number} zipBytes
 * @property {number} duckdbPeakBytes
 * @property {number} processPeakBytes
 * @property {number} longestTask milliseconds that the page's main thread was busy at a stretch
 * @property {string[]} statements statements of the build phases, in order
 * @property {{ name: string, rows: number, durationMs: number }[]} datasets
 * @property {{ load: number, run: number, datasets: { name: string, plan: string, reason: string, rowsUpserted: number, durationMs: number }[] } | null} refresh
 * @property {string[]} quarantines tables of the rows that expectations hold back, stored like the datasets
 * @property {Record<string, string[]>} silverColumns columns that were read, by table
 */

/**
 * One whole session in a fresh Chromium: load, run, export, and with a file of changed orders another load and run; measured from
 * inside the page and its worker.
 *
 * @param {Record<string, string>} files
 * @param {object} [options]
 * @param {string[]} [options.select] datasets to build, as in `RunOptions`; all without it
 * @param {string} [options.changed] file of changed orders
 * @returns {Promise<Measured>}
 */
export async function measureBrowser(files, { select, changed } = {}) {
  const port = await freePort(4373)
  const server = await preview({ root, logLevel: 'error', preview: { port, strictPort: true, host: '127.0.0.1' } })
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  const memory = watchMemory()
  try {
    const page = await browser.newPage()
    await page.addInitScript(() => {
      const tasks = /** @type {number[]} */ ([])
      Object.assign(globalThis, { longTasks: tasks })
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) tasks.push(entry.duration)
      }).observe({ type: 'longtask', buffered: true })
    })
    await page.goto(`http://localhost:${port}/`)
    await page.evaluate(() => window.goldsmith.ready)
    await page.evaluate(() => {
      const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true, id: 'bench-files' })
      document.body.append(input)
    })
    await page.setInputFiles('#bench-files', Object.values(files))
    // Neither opening the page is what is measured, nor the layout that the driver forces on it to find the input.
    await page.evaluate(() => {
      Reflect.get(globalThis, 'longTasks').length = 0
    })
    const times = await page.evaluate(async (selected) => {
      const input = /** @type {HTMLInputElement} */ (document.querySelector('#bench-files'))
      const start = performance.now()
      const report = await window.goldsmith.load([...(input.files ?? [])])
      const loaded = performance.now()
      const update = await window.goldsmith.run({
        asOf: '2025-12-31',
        ...(selected === null ? {} : { select: selected }),
      })
      const errors = [
        ...report.rejected,
        ...report.sources.flatMap((source) => source.problems),
        ...update.datasets.flatMap((d) => d.error ?? []),
      ]
      if (update.status !== 'completed') throw new Error(`The run was ${update.status}: ${JSON.stringify(errors)}`)
      const exporting = performance.now()
      const zip = await window.goldsmith.exportGold({ format: 'parquet' })
      const exported = performance.now()
      const tables = await window.goldsmith.tables()
      const built = update.datasets.filter(({ status }) => status === 'completed')
      return {
        load: loaded - start,
        zip: exported - exporting,
        zipBytes: zip.size,
        datasets: built.map(({ name, rowsWritten, kind, durationMs }) => ({
          name,
          rows: rowsWritten,
          kind,
          durationMs,
        })),
        quarantines: tables.filter(({ kind }) => kind === 'quarantine').map(({ name }) => name),
        silverColumns: Object.fromEntries(
          report.sources.map(({ table, columns }) => [table, columns.map((column) => column.name)]),
        ),
        longestTask: Math.max(0, .../** @type {number[]} */ (Reflect.get(globalThis, 'longTasks'))),
      }
    }, select ?? null)
    const phases = await readPhases(page)
    const processPeakBytes = memory.stop()
    return {
      ...times,
      ...phases,
      refresh: changed === undefined ? null : await measureRefresh(page, changed),
      datasets: times.datasets.filter(({ kind }) => kind !== 'view'),
      processPeakBytes,
    }
  } finally {
    memory.stop()
    await browser.close()
    await server.close()
  }
}

/**
 * Loads changed orders in the place of those that are there, and runs.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string} changed
 */
async function measureRefresh(page, changed) {
  await page.setInputFiles('#bench-files', [changed])
  return page.evaluate(async () => {
    const input = /** @type {HTMLInputElement} */ (document.querySelector('#bench-files'))
    const start = performance.now()
    await window.goldsmith.load([...(input.files ?? [])])
    const loaded = performance.now()
    const update = await window.goldsmith.run({ asOf: '2025-12-31' })
    if (update.status !== 'completed') throw new Error(`The refresh was ${update.status}`)
    return {
      load: loaded - start,
      run: performance.now() - loaded,
      datasets: update.datasets.map(({ name, plan, reason, rowsUpserted, durationMs }) => ({
        name,
        plan,
        reason,
        rowsUpserted,
        durationMs,
      })),
    }
  })
}

/**
 * How long datasets were building and storing, and which statements the update ran apart from storing.
 *
 * @param {import('@playwright/test').Page} page
 */
async function readPhases(page) {
  const worker = page.workers().find((candidate) => candidate.url().includes('engine'))
  if (worker === undefined) throw new Error('The engine worker is not there')
  return worker.evaluate(() => {
    const marks = performance.getEntriesByName('update.dataset').map((entry) => {
      const { detail } = /** @type {PerformanceMark} */ (entry)
      return { at: entry.startTime, name: detail.dataset.name, status: detail.dataset.status }
    })
    /** @type {[number, number][]} */
    const storing = []
    let build = 0
    let store = 0
    const since = new Map()
    for (const { at, name, status } of marks) {
      const before = since.get(name)
      if (before?.status === status) continue
      if (before?.status === 'building') build += at - before.at
      if (before?.status === 'storing') {
        store += at - before.at
        storing.push([before.at, at])
      }
      since.set(name, { at, status })
    }
    const first = marks[0]?.at ?? 0
    const last = marks.at(-1)?.at ?? 0
    const ran = performance
      .getEntriesByName('sql')
      .map((entry) => /** @type {PerformanceMeasure} */ (entry))
      .filter(
        ({ startTime }) =>
          startTime >= first && startTime < last && !storing.some(([from, to]) => startTime >= from && startTime < to),
      )
    // The engine marks the queries that read rows for data files.
    const forStorage = ran.filter(({ detail }) => detail.startsWith('/* storage */'))
    const read = forStorage.reduce((sum, { duration }) => sum + duration, 0)
    const statements = ran.filter((entry) => !forStorage.includes(entry)).map(({ detail }) => detail)
    const memory = performance
      .getEntriesByName('engine.resources')
      .map((entry) => /** @type {PerformanceMark} */ (entry).detail.memoryBytes)
    return {
      build: build - read,
      read,
      store,
      statements,
      duckdbPeakBytes: Math.max(0, ...memory),
      threads: navigator.hardwareConcurrency,
    }
  })
}

/** The largest resident memory of any renderer process meanwhile; 0 where there is no /proc. */
function watchMemory() {
  let peak = 0
  const timer = setInterval(() => {
    for (const pid of processes()) {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue
        const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        peak = Math.max(peak, Number(resident ?? 0) * 1024)
      } catch {
        // The process ended between the two looks.
      }
    }
  }, sampleEveryMs)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

function processes() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}
