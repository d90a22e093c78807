import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'

const asOf = '2025-12-31'

/** A figure of the dashboard that is shown. */
function figure(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

/** Chooses the mark of a chart whose fill is its largest of that colour. */
async function clickLargest(tile: Locator): Promise<void> {
  const paths = tile.getByRole('img').locator('svg path[fill^="#"]')
  await expect(paths.first()).toBeAttached()
  const areas = await paths.evaluateAll((marks) =>
    marks.map((mark) => {
      const { width, height } = mark.getBoundingClientRect()
      return width * height
    }),
  )
  await paths.nth(areas.indexOf(Math.max(...areas))).click()
}

test('a mark filters the other tiles, which say the same as a query, a file and the address', async ({ goldsmith }) => {
  const { page } = goldsmith
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await test.step('a dashboard without its Silver table says what it waits for', async () => {
    await page.goto('/#/dashboards/revenue')
    await page.getByRole('navigation', { name: 'Dashboards' }).getByRole('link', { name: 'Product health' }).click()
    await expect(page.getByRole('heading', { name: 'Product health waits for silver.user_events' })).toBeVisible()
    await page.getByRole('link', { name: 'Load data' }).click()
    await expect(page).toHaveURL(/#\/sources$/)
  })
  await goldsmith.call(async (api, date) => {
    await api.loadSample({ lines: 5_000 })
    await api.run({ asOf: date, select: ['+gold.fact_sales'] })
  }, asOf)
  await page.getByLabel('Business date (as of)', { exact: true }).fill(asOf)
  await page.keyboard.press('Enter')

  await test.step('the customers of the largest segment', async () => {
    await page.goto('/#/dashboards/customer_segmentation')
    const bySegment = page.getByRole('region', { name: 'Lifetime value by segment' })
    await clickLargest(bySegment)
    await expect(page).toHaveURL(/customer_segmentation\?segment=\w+$/)
    const segment = new URL(page.url().replace('#/', '')).searchParams.get('segment') ?? ''
    const { rows } = await goldsmith.call(
      (api, name) =>
        api.query(`SELECT count(*), CAST(sum(value) AS STRING) FROM (
          SELECT sum(net_revenue) AS value FROM gold.fact_sales
          WHERE order_status IN ('shipped', 'delivered') AND order_date <= DATE '2025-12-31' AND customer_segment = '${name}'
          GROUP BY customer_id HAVING max(order_date) > DATE '2025-12-31' - INTERVAL 365 DAY)`),
      segment,
    )
    const [customers, value] = rows[0] ?? []
    await expect(figure(page, 'Customers')).toContainText(Number(customers).toLocaleString('en-US'))
    // The bars that were not chosen stay, to be chosen.
    await bySegment.getByRole('button', { name: /Rows$/ }).click()
    const groups = await goldsmith.call((api) => api.query('SELECT DISTINCT customer_segment FROM gold.fact_sales'))
    expect(groups.rows.length).toBeGreaterThan(2)
    await expect(bySegment.getByRole('grid')).toHaveAttribute('aria-rowcount', String(1 + groups.rows.length))
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Customers by class: CSV' }).click()
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(lines[0]).toEqual(['classification', 'customers', 'lifetime_value', 'value_per_customer'])
    const cents = (text: unknown) => Math.round(Number(text) * 100)
    expect(lines.slice(1).reduce((sum, line) => sum + cents(line[2]), 0)).toBe(cents(value))
  })

  await test.step('its rows as a query, and back to what was chosen', async () => {
    const address = page.url()
    await page.getByRole('link', { name: 'Customers by class: SQL' }).click()
    const result = page.getByRole('region', { name: 'Result' })
    await expect(result.getByRole('columnheader', { name: /value_per_customer/ })).toBeVisible()
    await page.goto(address)
    await expect(page.getByRole('button', { name: 'Clear' })).toBeVisible()
  })

  await test.step('a picture, and the whole screen', async () => {
    const tile = 'Customers by recency and monetary score'
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: `${tile}: PNG` }).click()
    const picture = readFileSync(await (await download).path())
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    await page.getByRole('button', { name: `${tile}: Full screen` }).click()
    await expect(page.getByRole('dialog', { name: tile }).getByRole('img').locator('svg path').first()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})
