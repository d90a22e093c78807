import type { UpdateReport } from '@/domain/automation'
import { expect, test } from './fixtures'
import { place, runButton } from './retail'

const asOf = '2024-06-30'
const lines = 600_000

test('an update stops from the page and from a signal, keeps what was committed, and runs again', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  await goldsmith.call((api) => api.loadSample({ lines: 20_000 }))
  await goldsmith.call((api, date) => api.run({ asOf: date }), asOf)
  const versions = () =>
    goldsmith.call(async (api) =>
      Object.fromEntries(
        (await api.tables())
          .filter(({ layer, version }) => layer === 'gold' && version !== null)
          .map(({ name, version, rows }) => [name, [version, rows]]),
      ),
    )
  const committed = await versions()
  expect(committed['gold.fact_sales']?.[0]).toBe(0)
  await goldsmith.call((api, count) => api.loadSample({ lines: count }), lines)

  await test.step('by a signal', async () => {
    const { report, waited } = await goldsmith.call(async (api, date) => {
      const controller = new AbortController()
      const running = api.run({ asOf: date, signal: controller.signal })
      // Long enough that the big table is being built.
      await new Promise((resolve) => setTimeout(resolve, 700))
      const canceledAt = performance.now()
      controller.abort()
      return { report: await running, waited: performance.now() - canceledAt }
    }, asOf)
    expect(report.status).toBe('canceled')
    expect(report.datasets.find(({ name }) => name === 'gold.fact_sales')).toMatchObject({ status: 'canceled' })
    expect(waited, 'ms from abort to the end').toBeLessThan(5_000)
    expectOnlyCommitted(report, await versions(), committed)
  })

  await test.step('by the page’s Cancel', async () => {
    await place(page, 'Pipeline').click()
    await runButton(page).click()
    const cancel = page.getByRole('banner').getByRole('button', { name: 'Cancel', exact: true })
    await cancel.click()
    await expect(runButton(page)).toBeEnabled()
    await expect(page.getByRole('region', { name: 'Last update' })).toContainText(/cancel/i)
    expect((await versions())['gold.fact_sales']).toEqual(committed['gold.fact_sales'])
    expect((await goldsmith.call((api) => api.query('SELECT count(*) FROM gold.fact_sales'))).rows[0]?.[0]).toBe(
      BigInt(Number(committed['gold.fact_sales']?.[1])),
    )
  })

  await test.step('and again, to its end', async () => {
    const report = await goldsmith.call((api, date) => api.run({ asOf: date }), asOf)
    expect(report.status).toBe('completed')
    expect((await versions())['gold.fact_sales']?.[0]).toBe(1)
  })
})

test('a load stops, and the table that was there stays', async ({ goldsmith }) => {
  const { page } = goldsmith
  await goldsmith.call((api) => api.loadSample({ lines: 10_000 }))
  const orders = () =>
    goldsmith.call(async (api) => (await api.query('SELECT count(*) FROM silver.orders')).rows[0]?.[0])
  const before = await orders()
  const outcome = await goldsmith.call(async (api) => {
    const names = ['orders', 'customers', 'products']
    const files = await Promise.all(
      names.map(
        async (name) =>
          new File([await (await fetch(`/samples/online-retail/${name}.parquet`)).blob()], `${name}.parquet`),
      ),
    )
    const controller = new AbortController()
    const loading = api.load(files, { signal: controller.signal }).then(
      () => 'loaded',
      (error: Error) => error.cause,
    )
    setTimeout(() => controller.abort(), 60)
    return loading
  })
  expect(outcome).toMatchObject({ code: 'canceled' })
  expect(await orders()).toBe(before)

  await test.step('by the page’s Cancel', async () => {
    await page.getByRole('combobox', { name: 'Order lines to generate' }).click()
    await page.getByRole('option', { name: '10,000,000 order lines' }).click()
    await page.getByRole('button', { name: 'Generate' }).click()
    const loading = page.getByRole('region', { name: 'Loading' })
    await loading.getByRole('button', { name: 'Cancel' }).click()
    await expect(loading).toBeHidden()
    await expect(page.getByRole('alert')).toHaveCount(0)
    expect(await orders()).toBe(before)
  })
})

test('a long query stops at once, and the next one is answered', async ({ goldsmith }) => {
  const { page } = goldsmith
  const endless = 'SELECT count(*) FROM range(10000000) AS a(i), range(10000000) AS b(j) WHERE (i * j) % 7 = 3'
  const outcome = await goldsmith.call(async (api, sql) => {
    const controller = new AbortController()
    const running = api.query(sql, { dialect: 'duckdb', signal: controller.signal }).then(
      () => null,
      (error: Error) => error.cause,
    )
    await new Promise((resolve) => setTimeout(resolve, 500))
    const canceledAt = performance.now()
    controller.abort()
    const error = await running
    return { error, waited: performance.now() - canceledAt, next: (await api.query('SELECT 1')).rows }
  }, endless)
  expect(outcome).toMatchObject({ error: { code: 'canceled' }, next: [[1]] })
  expect(outcome.waited, 'ms from abort to rejection').toBeLessThan(3_000)

  await test.step('by the page’s Cancel', async () => {
    await place(page, 'SQL').click()
    await page.getByText('DuckDB SQL').click()
    await page.locator('.monaco-editor').first().click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.insertText(endless)
    await page.getByRole('button', { name: 'Run query' }).click()
    const result = page.getByRole('region', { name: 'Result' })
    await expect(result).toContainText('Running')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(result).toContainText('Canceled', { timeout: 3_000 })
    await page.getByRole('button', { name: 'Run query' }).waitFor()
  })
})

test('an export stops, and can be made again', async ({ goldsmith }) => {
  await goldsmith.call(async (api, date) => {
    await api.loadSample({ lines: 100_000 })
    await api.run({ asOf: date })
  }, asOf)
  const outcome = await goldsmith.call(async (api) => {
    const controller = new AbortController()
    const exporting = api.exportGold({ format: 'csv', signal: controller.signal }).then(
      () => null,
      (error: Error) => error.cause,
    )
    setTimeout(() => controller.abort(), 100)
    const error = await exporting
    return { error, size: (await api.exportGold({ format: 'delta' })).size }
  })
  expect(outcome.error).toMatchObject({ code: 'canceled' })
  expect(outcome.size).toBeGreaterThan(100_000)
})

/** A table has either what was there before or what this update reports as written. */
function expectOnlyCommitted(
  report: UpdateReport,
  now: Record<string, unknown[]>,
  before: Record<string, unknown[]>,
): void {
  for (const [name, state] of Object.entries(now)) {
    const dataset = report.datasets.find((each) => each.name === name.replace('__quarantine', ''))
    if (dataset?.status !== 'completed') expect(state, name).toEqual(before[name])
    else expect(state[0], name).toBe(1)
  }
}
