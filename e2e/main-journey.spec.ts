import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, type GoldsmithPage, test } from './fixtures'
import { chooseFiles, dropFiles, place, retailAsOf, retailFiles, runButton, setAsOf } from './retail'

/** A number as the page groups its digits. */
const grouped = (count: unknown) => Number(count).toLocaleString('en-US')

async function value(goldsmith: GoldsmithPage, sql: string): Promise<unknown> {
  const { rows } = await goldsmith.call((page, text) => page.query(text), sql)
  return rows[0]?.[0]
}

/** Replaces the query in the editor and runs it. */
async function runQuery(page: Page, sql: string): Promise<void> {
  await page.locator('.monaco-editor').first().click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(sql)
  await page.keyboard.press('ControlOrMeta+Enter')
}

test('files that are dropped become Silver tables, with what they hold on cards', async ({ goldsmith }) => {
  const { page } = goldsmith
  await expect(place(page, 'Sources')).toHaveAttribute('aria-current', 'page')
  await expect(runButton(page)).toHaveAttribute('aria-disabled', 'true')
  await dropFiles(page, retailFiles)
  for (const [table, rows] of [
    ['silver.orders', '541,909 rows'],
    ['silver.customers', '4,372 rows'],
    ['silver.products', '4,070 rows'],
    ['silver.dates', '730 rows'],
  ] as const) {
    await expect(page.getByRole('region', { name: table, exact: true })).toContainText(rows)
  }
  await expect(page.getByRole('region', { name: 'silver.orders', exact: true })).toContainText(
    '2010-12-01 to 2011-12-09',
  )
})

test('from files to an exported Gold layer by the page’s own controls', async ({ goldsmith }) => {
  const { page } = goldsmith

  await test.step('choose files, with progress', async () => {
    await chooseFiles(page, retailFiles)
    await expect(page.getByRole('region', { name: 'Loading' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'silver.orders', exact: true })).toContainText('541,909 rows')
    await expect(page.getByRole('region', { name: 'Loading' })).toBeHidden()
    await expect(page.getByRole('alert')).toHaveCount(0)
  })

  await test.step('run, and see every dataset of the graph', async () => {
    await setAsOf(page, retailAsOf)
    await place(page, 'Pipeline').click()
    await runButton(page).click()
    await expect(page.getByRole('banner').getByRole('button', { name: 'Cancel' })).toBeVisible()
    const summary = page.getByRole('region', { name: 'Last update' })
    await expect(summary).toContainText(`As of ${retailAsOf}`, { timeout: 90_000 })
    for (const [name, rows] of [
      ['gold.fact_sales', '397,880'],
      ['gold_common.dim_date', '730'],
      ['gold.gold_finance_daily_revenue', null],
      ['gold.daily_revenue_metrics', null],
      ['gold.customer_ltv_gold', null],
      ['gold_finance.fact_revenue', '397,263'],
    ] as const) {
      const stored = await value(goldsmith, `SELECT count(*) FROM ${name}`)
      if (rows !== null) expect(grouped(stored), name).toBe(rows)
      const item = summary.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) })
      await expect(item).toContainText(`${grouped(stored)} rows`)
    }
    await summary.getByRole('button', { name: 'Dismiss' }).click()
    const fact = page.locator('.react-flow__node').filter({ hasText: 'fact_sales' })
    await expect(fact).toContainText('397,880')
    const dropped = grouped(await value(goldsmith, 'SELECT count(*) FROM gold.fact_sales__quarantine'))
    await expect(fact).toContainText(dropped)
    await fact.click()
    const panel = page.getByRole('complementary', { name: 'gold.fact_sales' })
    await expect(panel).toContainText('positive_revenue')
    await expect(panel).toContainText(`${dropped} rows held back`)
    await panel.getByRole('tab', { name: 'SQL' }).click()
    await expect(panel.locator('.monaco-editor')).toContainText('MATERIALIZED VIEW')
  })

  await test.step('read the catalog, and scroll to the last row', async () => {
    await place(page, 'Catalog').click()
    const tree = page.getByRole('navigation', { name: 'Tables' })
    await tree.getByTitle('gold.fact_sales', { exact: true }).click()
    const columns = page.getByLabel('Columns of gold.fact_sales')
    const netRevenue = columns.getByRole('row').filter({ has: page.getByText('net_revenue', { exact: true }) })
    await expect(netRevenue).toContainText('DECIMAL(15,2)')
    const tables = await goldsmith.call((api) => api.tables())
    const comment = tables
      .find(({ name }) => name === 'gold.fact_sales')
      ?.columns.find(({ name }) => name === 'net_revenue')?.comment
    expect(comment).toBeTruthy()
    await expect(netRevenue).toContainText(comment ?? '')
    await page.getByRole('tab', { name: 'Data' }).click()
    const grid = page.getByRole('grid', { name: 'Rows of gold.fact_sales' })
    await expect(grid).toHaveAttribute('aria-rowcount', '397881')
    await expect(grid.getByRole('row', { name: /^/ }).nth(1).getByRole('gridcell').first()).not.toBeEmpty()
    await grid.focus()
    await page.keyboard.press('ControlOrMeta+End')
    const last = grid.locator('[aria-rowindex="397881"]')
    await expect(last).toBeVisible()
    await expect(last.getByRole('gridcell').last()).not.toHaveText('')
    await page.getByRole('tab', { name: 'History' }).click()
    await expect(page.getByLabel('Versions of gold.fact_sales')).toContainText('CREATE')
  })

  await test.step('query Silver and Gold, and see where a query is wrong', async () => {
    await place(page, 'SQL').click()
    await runQuery(
      page,
      'SELECT count(*) AS lines, (SELECT count(*) FROM silver.orders) AS orders FROM gold.fact_sales',
    )
    const result = page.getByRole('region', { name: 'Result' })
    await expect(result.getByRole('gridcell', { name: '397,880' })).toBeVisible()
    await expect(result.getByRole('gridcell', { name: '541,909' })).toBeVisible()
    await runQuery(page, 'SELECT order_id,\n  no_such_column\nFROM gold.fact_sales')
    await expect(result.getByRole('alert')).toContainText('no_such_column')
    await expect(result.getByRole('alert')).toContainText('line 2')
    await expect(page.locator('.monaco-editor .squiggly-error')).toHaveCount(1)
    await runQuery(page, "SELECT '' AS empty_text, NULL AS nothing")
    await expect(result.getByRole('gridcell', { name: 'NULL' })).toBeVisible()
  })

  await test.step('the revenue dashboard agrees with a query', async () => {
    await place(page, 'Dashboards').click()
    const chart = page.getByRole('region', { name: 'Net revenue per day by segment' })
    await expect(chart.getByRole('img').locator('svg path').first()).toBeAttached()
    await expect(
      page.getByRole('region', { name: 'Net revenue by category' }).getByRole('img').locator('svg path').first(),
    ).toBeAttached()
    const total = await value(
      goldsmith,
      `SELECT CAST(sum(total_revenue) AS DECIMAL(15,2)) FROM gold.gold_finance_daily_revenue
       WHERE revenue_date > date_sub(DATE '${retailAsOf}', 90) AND revenue_date <= DATE '${retailAsOf}'`,
    )
    const [pounds, pence] = String(total).split('.')
    await expect(page.getByRole('region', { name: 'Net revenue', exact: true })).toContainText(
      `£${grouped(pounds)}.${pence}`,
    )
    await expect(page.getByRole('region', { name: 'Held back by quality rules' })).toContainText('rows')
  })

  await test.step('export a zip', async () => {
    await place(page, 'Export').click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/\.zip$/)
    const bytes = readFileSync(await file.path())
    expect(bytes.subarray(0, 2).toString('latin1')).toBe('PK')
    expect(bytes.length).toBeGreaterThan(1_000_000)
    expect(bytes.includes('gold/fact_sales/_delta_log/00000000000000000000.json')).toBe(true)
    await expect(page.getByRole('heading', { name: 'Receipt' })).toBeVisible()
  })
})

test('the data set that is shipped with the page loads by one button, with its source and licence beside it', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  const sample = page.getByRole('region', { name: 'Sample data' })
  await expect(sample).toContainText('Chen, D. (2015)')
  await expect(sample).toContainText('CC BY 4.0')
  await expect(sample.getByRole('link', { name: '10.24432/C5BW33' })).toHaveAttribute(
    'href',
    'https://doi.org/10.24432/C5BW33',
  )
  await sample.getByRole('button', { name: 'Load Online Retail' }).click()
  await expect(page.getByRole('region', { name: 'silver.orders', exact: true })).toContainText('541,909 rows')
  await expect(page.getByRole('region', { name: 'silver.dates', exact: true })).toContainText('730 rows')
  await expect(runButton(page)).not.toHaveAttribute('aria-disabled', 'true')
})
