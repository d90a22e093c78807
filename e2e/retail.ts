/** Online Retail as it is shipped with the page, and ways to bring files to the page. */
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import type { LoadReport, UpdateReport } from '@/domain/automation'
import type { GoldsmithPage } from './fixtures'

export const retailFolder = join(import.meta.dirname, '../public/samples/online-retail')
export const retailNames = ['orders', 'customers', 'products', 'dates'] as const
export const retailFiles = retailNames.map((name) => join(retailFolder, `${name}.parquet`))
/** The business date of every test on Online Retail: the day after its last order. */
export const retailAsOf = '2011-12-10'

/** Net revenue, rows and first day of gold.fact_sales over Online Retail, worked out apart from the product. */
export const retailTotals = ['8911407.90', 397_880n, '2010-12-01']

export const builtTables = [
  'gold_common.dim_date',
  'gold.fact_sales',
  'gold.fact_sales__quarantine',
  'gold.gold_finance_daily_revenue',
  'gold.daily_revenue_metrics',
  'gold.customer_ltv_gold',
  'gold_marketing.dim_customer',
] as const

/** The update that builds these tables: the others are compared in Node, and with WebAssembly over the generated sample. */
export const retailRun = {
  asOf: retailAsOf,
  select: [
    'gold.gold_finance_daily_revenue',
    'gold.daily_revenue_metrics',
    'gold.customer_ltv_gold',
    'gold_marketing.dim_customer',
  ].map((name) => `+${name}`),
}

/** Chooses files of this machine in the page's file input, as a user does. */
export async function chooseFiles(page: Page, files: string[]): Promise<void> {
  await page.getByTestId('file-input').setInputFiles(files)
}

/** Drops files or folders of this machine on the middle of the page, through the browser's own drag and drop. */
export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 }
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data })
  }
  await session.detach()
}

/** Loads Parquet files that this page's server has, through `window.goldsmith`. */
export function loadFrom(goldsmith: GoldsmithPage, paths: string[]): Promise<LoadReport> {
  return goldsmith.call(async (page, list) => {
    const files = await Promise.all(
      list.map(async (path) => new File([await (await fetch(path)).blob()], path.split('/').at(-1) ?? path)),
    )
    return page.load(files)
  }, paths)
}

/** Loads Online Retail and builds `builtTables`, through `window.goldsmith`. */
export async function buildRetail(goldsmith: GoldsmithPage): Promise<UpdateReport> {
  const loaded = await loadFrom(
    goldsmith,
    retailNames.map((name) => `/samples/online-retail/${name}.parquet`),
  )
  expect(loaded.rejected).toEqual([])
  const report = await goldsmith.call((page, options) => page.run(options), retailRun)
  expect(report.status, JSON.stringify(report.problems)).toBe('completed')
  return report
}

/** The link to one of the page's views, in its rail or its bar. */
export function place(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: new RegExp(`^${name}`) })
}

/** Types another business date into the header. */
export async function setAsOf(page: Page, date: string): Promise<void> {
  const field = page.getByLabel('Business date (as of)', { exact: true })
  await field.fill(date)
  await field.press('Enter')
  await expect(field).toHaveValue(date)
}

/** The header's button that starts an update. */
export function runButton(page: Page): Locator {
  return page.getByRole('banner').getByRole('button', { name: 'Run', exact: true })
}

/** All stored Gold tables as the zip that the page would save. */
export async function exportZip(goldsmith: GoldsmithPage, format: 'delta' | 'parquet' | 'csv'): Promise<Buffer> {
  const bytes = await goldsmith.call(
    async (page, chosen) => new Uint8Array(await (await page.exportGold({ format: chosen })).arrayBuffer()),
    format,
  )
  return Buffer.from(bytes)
}

/** Lets the page fetch files of this machine under its own origin: `address` is where, `path` what. */
export async function serveFile(page: Page, address: string, path: string): Promise<void> {
  await page.route(address, (route) => route.fulfill({ path, contentType: 'application/octet-stream' }))
}
