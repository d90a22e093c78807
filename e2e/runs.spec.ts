/** What was run before, and down to the rows that a rule holds back; also on another day, without files. */
import { expect, test } from './fixtures'
import { place } from './retail'

test('from an update to the rows that a rule holds back, and again after a reload without files', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await place(page, 'Runs').click()
  await expect(page.getByText('No update has run yet')).toBeVisible()

  const { dropped, failedRule } = await goldsmith.call(async (api) => {
    await api.loadSample({ lines: 2000 })
    const select = ['+gold.fact_sales']
    const report = await api.run({ asOf: '2025-12-31', select })
    await api.run({ asOf: '2025-12-31', select })
    const fact = report.datasets.find(({ name }) => name === 'gold.fact_sales')
    const rule = fact?.expectations.find(({ name }) => name === 'positive_revenue')
    return { dropped: fact?.rowsDropped ?? 0, failedRule: rule?.failed ?? 0 }
  })
  expect(failedRule).toBeGreaterThan(0)

  await test.step('the list of updates grows by itself, and one of them says what became of each dataset', async () => {
    const rows = page.getByRole('region', { name: 'Updates' }).getByRole('row')
    await expect(rows).toHaveCount(3)
    await expect(rows.nth(1)).toContainText('up to date')
    await rows.nth(2).getByRole('link').click()
    const fact = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'gold.fact_sales', exact: true }) })
    await expect(fact).toContainText('first build')
    await fact.getByRole('link', { name: `${dropped} held back` }).click()
  })

  await test.step('the held rows are filtered by the rule that they failed', async () => {
    const grid = page.getByRole('grid', { name: 'Rows held back from gold.fact_sales' })
    await expect(grid).toHaveAttribute('aria-rowcount', String(dropped + 1))
    await page.getByRole('link', { name: `positive_revenue ${failedRule}` }).click()
    await expect(grid).toHaveAttribute('aria-rowcount', String(failedRule + 1))
    await expect(grid.getByRole('gridcell').first()).toContainText('positive_revenue')
    await expect(page.getByText('net_revenue > 0')).toBeVisible()
  })

  await test.step('everything is there after a reload, at the same place', async () => {
    await page.reload()
    await goldsmith.ready()
    const grid = page.getByRole('grid', { name: 'Rows held back from gold.fact_sales' })
    await expect(grid).toHaveAttribute('aria-rowcount', String(failedRule + 1))
    await page.getByRole('tab', { name: 'Freshness' }).click()
    const fact = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'gold.fact_sales', exact: true }) })
    await expect(fact).toContainText('_updated_at to 2025-12-')
    const never = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'gold_product.fact_user_events' }) })
    await expect(never).toContainText('unknown')
  })

  await test.step('the event log is filtered in the address, and can be queried on', async () => {
    await page.getByRole('tab', { name: 'Event log' }).click()
    await page.getByRole('combobox', { name: 'Level' }).selectOption('WARN')
    await page.getByRole('combobox', { name: 'Dataset', exact: true }).selectOption('gold.fact_sales')
    await expect(page).toHaveURL(/level=WARN&dataset=gold\.fact_sales/)
    const grid = page.getByRole('grid', { name: 'Events' })
    // In both updates: the second found it up to date, and its rows failed the rules as before.
    await expect(grid).toHaveAttribute('aria-rowcount', '3')
    await page.getByRole('textbox', { name: 'Filter messages' }).fill('no such message')
    await expect(page.getByText('No event is like this.')).toBeVisible()
    await page.getByRole('button', { name: 'Open in SQL' }).click()
    await expect(page.locator('.monaco-editor').first()).toContainText('pipeline.event_log')
  })
})
