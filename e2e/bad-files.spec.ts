import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Page } from '@playwright/test'
import { expect, GoldsmithPage, test } from './fixtures'
import { dropFiles, retailFolder } from './retail'

let folder: string
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-files-'))
})
test.afterAll(() => rmSync(folder, { recursive: true }))

const customers = () => readFileSync(join(retailFolder, 'customers.parquet'))

/** Chooses files by content; their names may be what no file system here allows. */
function choose(page: Page, files: { name: string; content: Buffer }[]): Promise<void> {
  return page
    .getByTestId('file-input')
    .setInputFiles(files.map(({ name, content }) => ({ name, mimeType: 'application/octet-stream', buffer: content })))
}

test('each file that cannot be read gets its own explanation, and the others load', async ({ goldsmith }) => {
  const { page } = goldsmith
  const whole = customers()
  const bad = [
    { name: 'orders.parquet', content: Buffer.alloc(0) },
    { name: 'products.parquet', content: Buffer.from('<!doctype html><title>404</title><p>Not found') },
    { name: 'dates.parquet', content: whole.subarray(0, whole.length - 300) },
    {
      name: 'holidays.parquet',
      content: Buffer.concat([whole.subarray(0, 20_000), Buffer.alloc(1000), whole.subarray(21_000)]),
    },
  ]
  await choose(page, [...bad, { name: 'customers.parquet', content: whole }])
  await expect(page.getByRole('region', { name: 'silver.customers', exact: true })).toContainText('4,372 rows')
  const notices = page.getByRole('alert')
  for (const { name } of bad) {
    // One for what was just chosen, and one on the card of the table that it was to become.
    const notice = notices.filter({ hasText: name }).first()
    await expect(notice, name).toContainText(/\S+ \S+ \S+ \S+/)
    await expect(notice, name).not.toContainText(/internal|unexpected|undefined|\bat \w+ \(/i)
  }
  const dismiss = notices.getByRole('button', { name: 'Dismiss' })
  const shown = await dismiss.count()
  expect(shown).toBeGreaterThanOrEqual(bad.length)
  await dismiss.first().click()
  await expect(dismiss).toHaveCount(shown - 1)
})

test('the codes for bad files are stable', async ({ goldsmith }) => {
  const codes = await goldsmith.call(async (api) => {
    const bytes = new Uint8Array(await (await fetch('/samples/online-retail/customers.parquet')).arrayBuffer())
    const cases: [string, BlobPart[]][] = [
      ['empty', []],
      ['html', ['<!doctype html><p>Not found']],
      ['truncated', [bytes.subarray(0, bytes.length - 300)]],
      ['other', [bytes]],
    ]
    const found: Record<string, unknown> = {}
    for (const [name, parts] of cases) {
      // "other" holds customers but is declared to be orders.
      const { rejected, sources } = await api.load([new File(parts, `${name}.parquet`)], { as: 'orders' })
      const error = rejected[0]?.error ?? sources[0]?.problems[0]
      found[name] = [error?.code, error?.file ?? rejected[0]?.file, typeof error?.remedy]
    }
    return found
  })
  expect(codes).toEqual({
    empty: ['parquet.empty', 'empty.parquet', 'string'],
    html: ['parquet.not_parquet', 'html.parquet', 'string'],
    truncated: ['parquet.truncated', 'truncated.parquet', 'string'],
    other: ['source.missing_column', 'other.parquet', 'string'],
  })
})

test('a folder of parts is one table; markers and hidden files in it are no error', async ({ goldsmith }) => {
  const { page } = goldsmith
  const parts = join(folder, 'customers')
  mkdirSync(parts)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const part of [0, 1, 2]) {
    await connection.run(`COPY (SELECT * FROM read_parquet('${join(retailFolder, 'customers.parquet')}') WHERE customer_id % 3 = ${part})
      TO '${join(parts, `part-0000${part}.snappy.parquet`)}' (FORMAT parquet)`)
  }
  connection.closeSync()
  instance.closeSync()
  writeFileSync(join(parts, '_SUCCESS'), '')
  writeFileSync(join(parts, '.part-00000.crc'), 'crc')
  await dropFiles(page, [parts])
  const card = page.getByRole('region', { name: 'silver.customers', exact: true })
  await expect(card).toContainText('4,372 rows')
  await expect(card).toContainText('3 files')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a part that cannot be read leaves the table that was there, and is named on its card', async ({ goldsmith }) => {
  const { page } = goldsmith
  const whole = customers()
  const card = page.getByRole('region', { name: 'silver.customers', exact: true })
  await choose(page, [{ name: 'customers.parquet', content: whole }])
  await expect(card).toContainText('4,372 rows')
  await choose(page, [
    { name: 'customers-0.parquet', content: whole },
    { name: 'customers-1.parquet', content: whole.subarray(0, whole.length - 300) },
  ])
  await expect(card.getByRole('alert')).toContainText('customers-1.parquet')
  await expect(card).toContainText('still holds the rows that were loaded before')
  await expect(card).toContainText('4,372 rows')
  await choose(page, [{ name: 'customers.parquet', content: whole }])
  await expect(card.getByRole('alert')).toHaveCount(0)
  await expect(card).toContainText('ready')
})

test('hostile names are shown as text and loaded', async ({ goldsmith }) => {
  const { page } = goldsmith
  const names = [
    `customers "'; DROP TABLE silver.customers; --.parquet`,
    `<img src=x onerror="document.title='hacked'">-customers.parquet`,
    `🪙 customers =1+1 ${'n'.repeat(200)}.parquet`,
  ]
  for (const name of names) {
    // None of these names is that of a table: the file is known by its columns.
    await choose(page, [{ name, content: customers() }])
    const card = page.getByRole('region', { name: 'silver.customers', exact: true })
    await expect(card, name).toContainText('4,372 rows')
    await expect(card).toContainText(name)
  }
  await expect(page.locator('img[src="x"]')).toHaveCount(0)
  expect(await page.title()).not.toContain('hacked')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('a file that changed on disk after it was chosen is refused by name', async ({ goldsmith }) => {
  const { page } = goldsmith
  const path = join(folder, 'customers.parquet')
  copyFileSync(join(retailFolder, 'customers.parquet'), path)
  // Chromium compares whole seconds of the modification time.
  utimesSync(path, new Date('2024-01-01'), new Date('2024-01-01'))
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'chosen-earlier'
    document.body.append(input)
  })
  await page.locator('#chosen-earlier').setInputFiles(path)
  // The browser takes the file's measure when it is first asked for it, as the page does on a real drop.
  const size = await page.locator('#chosen-earlier').evaluate((input: HTMLInputElement) => input.files?.[0]?.size)
  expect(size).toBe(statSync(path).size)
  appendFileSync(path, 'more')
  const report = await goldsmith.call((api) => {
    const input = document.getElementById('chosen-earlier')
    return api.load(input instanceof HTMLInputElement ? (input.files ?? []) : [])
  })
  expect(report.sources).toEqual([])
  expect(report.rejected).toEqual([
    { file: 'customers.parquet', error: expect.objectContaining({ code: 'file.changed', remedy: expect.any(String) }) },
  ])
  await expect(page.getByRole('alert').filter({ hasText: 'customers.parquet' })).toBeVisible()
})

test('two pages of one origin work side by side', async ({ goldsmith, context, baseURL }) => {
  const asOf = '2024-06-30'
  await goldsmith.call((api) => api.loadSample({ lines: 20_000 }))
  const other = new GoldsmithPage(await context.newPage(), baseURL ?? '')
  await other.open()
  await other.call((api) => api.loadSample({ lines: 20_000 }))
  const run = (page: GoldsmithPage) => page.call((api, date) => api.run({ asOf: date }), asOf)
  const reports = await Promise.all([run(goldsmith), run(other)])
  for (const report of reports) {
    const failed = report.datasets.filter(({ status }) => status === 'failed')
    // The slower one may find that the other has built the table meanwhile; it says so and nothing is half done.
    for (const { name, error } of failed) expect(error?.code, name).toBe('delta.conflict')
  }
  const again = await run(other)
  expect(again.status).toBe('completed')
  const count = (page: GoldsmithPage) =>
    page.call(async (api) => (await api.query('SELECT count(*), sum(net_revenue) FROM gold.fact_sales')).rows)
  expect(await count(other)).toEqual(await count(goldsmith))
  await other.page.close()
})
