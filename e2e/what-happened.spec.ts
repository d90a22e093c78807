/** What the page says after something went wrong or ended, wherever the user is. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { chooseFiles, place, retailFolder, runButton } from './retail'

const retail = (name: string) => join(retailFolder, `${name}.parquet`)

let folder: string
/** Few orders, whole; without a column; with a line that has no key. */
let orders: { whole: string; withoutPrice: string; withoutKey: string }

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goldsmith-orders-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const write = async (name: string, select: string) => {
    mkdirSync(join(folder, name))
    const path = join(folder, name, 'orders.parquet')
    await connection.run(`COPY (SELECT ${select} FROM read_parquet('${retail('orders')}') WHERE order_id <= 5000)
      TO '${path}' (FORMAT parquet)`)
    return path
  }
  orders = {
    whole: await write('whole', '*'),
    withoutPrice: await write('without-price', '* EXCLUDE (unit_price)'),
    withoutKey: await write('without-key', '* REPLACE (nullif(order_id, 7) AS order_id)'),
  }
  connection.closeSync()
  instance.closeSync()
})
test.afterAll(() => rmSync(folder, { recursive: true }))

const node = (page: Page, name: string) => page.locator('.react-flow__node').filter({ hasText: name })

test('a first build that fails is told where the user is, and nothing looks built because of it', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await chooseFiles(page, [retail('customers'), retail('products'), orders.withoutKey])
  await expect(page.getByText('Ready to build Gold')).toBeVisible()
  await runButton(page).click()
  await expect(page.getByText('The last update failed.')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('banner').getByRole('link', { name: 'Update failed' }).click()

  const summary = page.getByRole('region', { name: 'Last update' })
  await expect(summary).toContainText('None of them has an earlier version')
  await expect(node(page, 'customer_ltv_gold')).toContainText('not built')
  await expect(
    node(page, 'customer_ltv_gold').getByRole('img', { name: 'not built: gold.fact_sales failed' }),
  ).toBeVisible()
  const error = page.getByRole('alert').filter({ hasText: 'valid_order_ids' })
  await expect(error).toContainText('order_id IS NOT NULL')
  await expect(error.getByText('customer_id: ')).toBeHidden()
  await error.getByText('The whole row').click()
  await expect(error.getByText('customer_id: ')).toBeVisible()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Update failed' })).toBeHidden()

  await place(page, 'Sources').click()
  await chooseFiles(page, [orders.whole])
  await expect(page.getByText('Ready to build Gold')).toBeVisible()
  await runButton(page).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Gold is built' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('link', { name: 'Open the dashboard' })).toBeVisible()
})

test('a source that cannot be used is named wherever it matters, until a load mends it', async ({ goldsmith }) => {
  const { page } = goldsmith
  await chooseFiles(page, [retail('customers'), retail('products'), orders.withoutPrice])
  const notice = page.getByRole('alert').filter({ hasText: 'unit_price' }).first()
  await expect(notice).toBeVisible()
  await expect(runButton(page)).toHaveAttribute('aria-disabled', 'true')
  await runButton(page).hover()
  await expect(page.getByRole('tooltip')).toContainText('silver.orders')
  await place(page, 'Pipeline').click()
  await expect(node(page, 'silver.orders')).toContainText('not usable')
  await expect(page.getByRole('alert')).toContainText('silver.orders cannot be used')
  await place(page, 'Sources').click()
  await chooseFiles(page, [orders.whole])
  await expect(page.getByText('Ready to build Gold')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('the palette opens from anywhere, finds a column, and says why it cannot run', async ({ goldsmith }) => {
  const { page } = goldsmith
  await goldsmith.call((api) => api.loadSample({ lines: 1000 }))
  await place(page, 'SQL').click()
  await page.locator('.monaco-editor').first().click()
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog')
  await palette.getByRole('textbox').fill('unit_cost')
  await expect(palette.getByRole('button', { name: 'unit_cost silver.products' })).toBeVisible()
  await page.keyboard.press('Escape')
  await place(page, 'Sources').click()
  await page.getByRole('button', { name: 'Remove silver.orders' }).click()
  await page.keyboard.press('ControlOrMeta+k')
  await palette.getByRole('textbox').fill('run')
  await expect(palette.getByRole('button', { name: 'Run the pipeline' })).toContainText('Load silver.orders first')
})

test('Escape closes what a button opened, and gives the focus back to it', async ({ goldsmith }) => {
  const { page } = goldsmith
  const button = page.getByRole('button', { name: 'Engine details' })
  await button.click()
  await expect(page.getByText('Cross-origin isolated')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Cross-origin isolated')).toBeHidden()
  await expect(button).toBeFocused()
})

test('a place that does not exist says so, and the catalog is found again where it was left', async ({ goldsmith }) => {
  const { page } = goldsmith
  await page.goto('/#/pipeline/gold.nonsense')
  await expect(page.getByText('There is no dataset or source gold.nonsense')).toBeVisible()
  await goldsmith.call((api) => api.loadSample({ lines: 1000 }))
  await page.goto('/#/catalog/silver.products/columns')
  await expect(page.getByRole('heading', { name: 'silver.products' })).toBeVisible()
  await place(page, 'Export').click()
  await place(page, 'Catalog').click()
  await expect(page.getByRole('heading', { name: 'silver.products' })).toBeVisible()
})
