import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

/** Something that a chart has drawn. */
const chart = (page: Page) => page.getByRole('img').locator('svg path').first()

const views: [name: string, route: string, shown: (page: Page) => Promise<void>][] = [
  ['sources', '#/sources', (page) => expect(page.getByRole('heading', { name: 'Silver sources' })).toBeVisible()],
  ['pipeline', '#/pipeline', (page) => expect(page.locator('.react-flow__node').first()).toBeVisible()],
  ['a dataset', '#/pipeline/gold.fact_sales', (page) => expect(page.getByRole('complementary')).toBeVisible()],
  ['catalog', '#/catalog', (page) => expect(page.getByText('Choose a table')).toBeVisible()],
  [
    'columns',
    '#/catalog/gold.fact_sales/columns',
    (page) => expect(page.getByLabel('Columns of gold.fact_sales')).toBeVisible(),
  ],
  ['rows', '#/catalog/gold.fact_sales/data', (page) => expect(page.getByRole('gridcell').first()).toBeVisible()],
  [
    'history',
    '#/catalog/gold.fact_sales/history',
    (page) => expect(page.getByLabel('Versions of gold.fact_sales')).toBeVisible(),
  ],
  ['SQL', '#/sql', (page) => expect(page.locator('.monaco-editor').first()).toBeVisible()],
  ['revenue', '#/dashboards/revenue', (page) => expect(chart(page)).toBeAttached()],
  ['customer segmentation', '#/dashboards/customer_segmentation', (page) => expect(chart(page)).toBeAttached()],
  ['quality', '#/runs/quality', (page) => expect(page.getByLabel('Expectations of gold.fact_sales')).toBeVisible()],
  [
    'reconciliation',
    '#/runs/reconciliation',
    (page) => expect(page.getByLabel('Totals against the fact')).toBeVisible(),
  ],
  ['export', '#/export', (page) => expect(page.getByRole('heading', { name: 'Export Gold' })).toBeVisible()],
]

test('no view has a serious accessibility problem, in either theme, wide or narrow', async ({ goldsmith }) => {
  // Some thirty audits.
  test.setTimeout(360_000)
  const { page } = goldsmith
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const findings: string[] = []
  const check = async (name: string) => {
    // Both themes and both widths of every view; a theme's colours are the same at any width.
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
      await settled(page)
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue
        for (const node of nodes)
          findings.push(
            `${name}, ${colorScheme}, ${width} px: ${id} at ${node.target.join(' ')}: ${node.any[0]?.message}`,
          )
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  await check('sources, empty')
  await goldsmith.call(async (api) => {
    await api.loadSample({ lines: 20_000 })
    await api.run({ asOf: '2024-06-30' })
  })
  for (const [name, route, shown] of views) {
    await page.goto(`/${route}`)
    await shown(page)
    await check(name)
  }
  expect(findings).toEqual([])
})

test('every view is reached and used by keyboard alone', async ({ goldsmith }) => {
  const { page } = goldsmith
  await goldsmith.call((api) => api.loadSample({ lines: 10_000 }))
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'To the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  const inContent = await page.evaluate(() => document.activeElement?.closest('main') !== null)
  expect(inContent).toBe(true)
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link')
  for (let index = 0; index < (await links.count()); index++) {
    await links.nth(index).focus()
    await page.keyboard.press('Enter')
    await expect(links.nth(index)).toHaveAttribute('aria-current', 'page')
  }
})

/** Colours halfway between two themes are nobody's design: waits until nothing has moved for a while. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moves = () =>
      document
        .getAnimations()
        .some(
          ({ playState, effect }) =>
            playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        )
    for (let still = 0; still < 3; still = moves() ? 0 : still + 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
}
