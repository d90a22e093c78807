import type { Page } from '@playwright/test'
import { expect, type GoldsmithPage, test } from './fixtures'
import { place } from './retail'

const result = (page: Page) => page.getByRole('region', { name: 'Result' })
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Queries' })
const suggestions = (page: Page) => page.locator('.suggest-widget')
const text = (page: Page) => page.locator('.monaco-editor .view-lines')

/** Tables to ask: some Silver, and one Gold table that reads it. */
async function build(goldsmith: GoldsmithPage): Promise<void> {
  await goldsmith.call(async (api) => {
    await api.loadSample({ lines: 10_000 })
    await api.run({ asOf: '2025-06-30', select: ['+gold.fact_sales'] })
  })
  await place(goldsmith.page, 'SQL').click()
  await expect(text(goldsmith.page)).toBeVisible()
}

async function write(page: Page, sql: string): Promise<void> {
  await page.locator('.monaco-editor').first().click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(sql)
}

test('the editor completes tables and columns, explains them, and shows what a function takes', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await build(goldsmith)

  await test.step('a table after its schema', async () => {
    await write(page, 'SELECT * FROM gold')
    await page.keyboard.type('.fact')
    await expect(suggestions(page)).toBeVisible()
    await expect(suggestions(page)).toContainText('fact_sales')
    await page.keyboard.press('Enter')
    await expect(text(page)).toHaveText(/SELECT.*FROM.*gold\.fact_sales$/)
  })

  await test.step('a column of the table that the statement reads', async () => {
    await page.keyboard.press('Home')
    for (let i = 0; i < 'SELECT '.length; i++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.type('net_rev', { delay: 20 })
    await expect(suggestions(page)).toContainText('net_revenue')
    await page.keyboard.press('Enter')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(result(page)).toContainText('rows')
  })

  await test.step('Ctrl-Space, hover and parameter hints', async () => {
    await page.keyboard.press('Control+Space')
    await expect(suggestions(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await text(page).getByText('net_revenue').hover()
    await expect(page.locator('.monaco-hover').first()).toContainText('DECIMAL(15,2)')
    await page.keyboard.press('Escape')
    await write(page, 'SELECT ')
    await page.keyboard.type('round(')
    await expect(page.locator('.parameter-hints-widget')).toContainText('round(number, [digits])')
  })
})

test('a link to a query opens a tab of its own and runs; what was being written is still there, also after a reload', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await build(goldsmith)
  await write(page, '-- my draft\nSELECT 41 + 1 AS answer')
  await page.goto(`/#/sql?query=${encodeURIComponent('SELECT count(*) AS orders FROM silver.orders')}`)
  await expect(result(page).getByRole('gridcell', { name: '10,000' })).toBeVisible()
  await expect(page).toHaveURL(/#\/sql$/)
  await expect(text(page)).toContainText('silver.orders')

  await tabs(page).getByRole('button', { name: 'my draft', exact: true }).click()
  await expect(text(page)).toContainText('answer')
  await expect(result(page)).toContainText('Ask the tables')
  await tabs(page).getByRole('button', { name: 'orders', exact: true }).click()
  await expect(result(page).getByRole('gridcell', { name: '10,000' })).toBeVisible()

  await page.reload()
  await goldsmith.ready()
  await expect(text(page)).toContainText('silver.orders')
  await tabs(page).getByRole('button', { name: 'Close my draft' }).click()
  await expect(tabs(page).getByRole('button', { name: 'my draft', exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Recent' }).click()
  await page.getByRole('button', { name: /my draft.*closed before it ran/ }).click()
  await expect(text(page)).toContainText('answer')
})

test('of several statements the one at the cursor runs, and an error is underlined where it stands', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await place(page, 'SQL').click()
  await write(page, "SELECT 'first' AS a;\n\nSELECT 'second' AS b;")
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(result(page).getByRole('gridcell', { name: 'second' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.getByRole('button', { name: 'Run query' }).click()
  await expect(result(page).getByRole('gridcell', { name: 'first' })).toBeVisible()

  await write(page, 'SELECT 1;\nSELECT 2; SELECT * FROM gold.no_such')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(result(page).getByRole('alert')).toContainText('line 2, column 25')
  const squiggle = page.locator('.monaco-editor .squiggly-error')
  await expect(squiggle).toHaveCount(1)
  // As wide as the schema and the table together.
  const wide = await squiggle.evaluate((element) => element.getBoundingClientRect().width)
  const name = await text(page)
    .getByText('no_such')
    .last()
    .evaluate(() => 'gold.no_such'.length * 7)
  expect(wide).toBeGreaterThan(name)

  await write(page, 'SELECT * FROM silver.orders')
  await page.keyboard.press('ControlOrMeta+Enter')
  await result(page).getByRole('link', { name: 'Open Sources' }).click()
  await expect(place(page, 'Sources')).toHaveAttribute('aria-current', 'page')
})

test('tables and their columns are listed, and a click writes the name', async ({ goldsmith }) => {
  const { page } = goldsmith
  await build(goldsmith)
  await write(page, 'SELECT ')
  const list = page.getByRole('navigation', { name: 'Tables' })
  await list.getByRole('button', { name: 'Columns of gold.fact_sales', exact: true }).click()
  await list
    .getByRole('list', { name: 'Columns of gold.fact_sales' })
    .getByTitle(/^Insert net_revenue/)
    .click()
  await page.keyboard.insertText(' FROM ')
  await list.getByTitle(/^Insert gold\.fact_sales(\n|$)/).click()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(result(page).getByRole('columnheader', { name: /net_revenue/ })).toBeVisible()
})
