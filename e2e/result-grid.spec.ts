import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'

const bounds = async (cell: Locator) => {
  const box = await cell.boundingBox()
  if (!box) throw new Error('The cell is not visible.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const digits = (text: string | null | undefined) => (text ?? '').replace(/\D/g, '')

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await bounds(from), await bounds(to)]
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(end.x, end.y, { steps: 4 })
  await page.mouse.up()
}

test('rows are sorted, filtered, counted, copied and masked, and a result leaves as a chart and a file', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await goldsmith.call(async (api) => {
    await api.loadSample({ lines: 5000 })
    await api.run({ asOf: '2025-06-30', select: ['+gold.fact_sales'] })
  })
  const grid = page.getByRole('grid')
  const header = (name: string) => grid.getByRole('columnheader', { name: new RegExp(`^${name} `) })

  await test.step('personal data is masked until it is asked for', async () => {
    await page.goto('/#/catalog/gold.fact_sales/data')
    await expect(grid.getByRole('gridcell', { name: 'masked' }).first()).toBeVisible()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect(grid.getByRole('gridcell', { name: 'masked' })).toHaveCount(0)
    await page.getByRole('button', { name: 'Mask again' }).click()
    await expect(grid.getByRole('gridcell', { name: 'masked' }).first()).toBeVisible()
  })

  await test.step('a column says what it holds, and a frequent value filters by it', async () => {
    await header('country').getByRole('button').first().click()
    const panel = page.getByRole('dialog', { name: /^country / })
    const germany = panel.getByRole('button', { name: /^Germany/ })
    const count = digits(await germany.textContent())
    await germany.click()
    await expect(page.getByText(/^[\d,]+ of [\d,]+ rows$/)).toBeVisible()
    const shown = await page.getByText(/^[\d,]+ of [\d,]+ rows$/).textContent()
    expect(digits(shown?.split(' of ')[0])).toBe(count)
    await page.getByRole('button', { name: 'Clear' }).click()
  })

  await test.step('cells are selected with the mouse and copied exactly', async () => {
    const query = `SELECT * FROM (VALUES (2, '9007199254740993', 'b'), (1, NULL, 'two\nlines')) AS v(n, big, text)`
    await page.goto(`/#/sql?query=${encodeURIComponent(query)}`)
    await expect(grid.getByRole('gridcell', { name: '9007199254740993' })).toBeVisible()
    await header('n').getByRole('button', { name: 'Sort by n' }).click()
    await expect(header('n')).toHaveAttribute('aria-sort', 'ascending')
    await expect(grid.getByRole('gridcell').first()).toHaveText('1')
    await drag(page, grid.getByRole('gridcell').first(), grid.getByRole('gridcell', { name: 'b', exact: true }))
    await page.keyboard.press('ControlOrMeta+c')
    await expect(page.getByText('Copied')).toBeVisible()
    expect(await clipboard()).toBe('1\t\t"two\nlines"\n2\t9007199254740993\tb')
  })

  await test.step('a whole value is shown beside the rows, for the keyboard too', async () => {
    await page.keyboard.press('ControlOrMeta+Home')
    await page.keyboard.press('ControlOrMeta+ArrowRight')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('complementary', { name: 'Value of text' })).toContainText('two\nlines')
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('complementary', { name: 'Value of big' })).toContainText('there is no value')
    await page.keyboard.press('Alt+ArrowDown')
    await expect(page.getByRole('dialog', { name: /^big / })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(grid).toBeFocused()
  })

  await test.step('the result is a chart, a plan and a file', async () => {
    const result = page.getByRole('region', { name: 'Result' })
    await result.getByText('Chart', { exact: true }).click()
    await expect(result.getByRole('img', { name: 'n by big' })).toBeVisible()
    await result.getByText('Plan', { exact: true }).click()
    await expect(result.getByLabel('Plan of the query')).toContainText('COLUMN DATA SCAN')
    await result.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Parquet' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('result.parquet')
  })
})
