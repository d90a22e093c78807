import { expect, test } from './fixtures'

test('an engine that breaks is started again: Gold is there as committed, and Silver is read again', async ({
  goldsmith,
}) => {
  const { page } = goldsmith
  const totals = 'SELECT count(*), sum(net_revenue) FROM gold.fact_sales'
  await goldsmith.call(async (api) => {
    await api.loadSample({ lines: 10_000 })
    await api.run({ asOf: '2025-06-30', select: ['+gold.fact_sales'] })
  })
  const before = await goldsmith.call((api, sql) => api.query(sql), totals)

  // The engine's worker says on the console that DuckDB's worker ended.
  goldsmith.expectError(/ErrorEvent|killed by the test/)
  const duckdb = page.workers().find((worker) => /duckdb-browser-\w+\.worker/.test(worker.url()))
  expect(duckdb, 'the worker of DuckDB').toBeDefined()
  // A worker that is busy would hear of it only afterwards: the blow falls while the update goes on.
  await duckdb?.evaluate(() => {
    setTimeout(() => {
      throw new Error('killed by the test')
    }, 1500)
  })
  const running = goldsmith.call((api) =>
    api
      .run({ asOf: '2025-06-30', fullRefresh: 'all' })
      .then(({ status }) => status as string)
      .catch((error: Error) => (error.cause as { code: string }).code),
  )
  expect(await running).toBe('engine.restarted')
  const notice = page.getByRole('alert').filter({ hasText: 'The SQL engine stopped working: ' })
  await expect(notice).toContainText('Gold tables are kept')
  expect(await goldsmith.call((api, sql) => api.query(sql), totals)).toEqual(before)
  const again = await goldsmith.call((api) => api.run({ asOf: '2025-06-30', fullRefresh: ['gold.fact_sales'] }))
  expect(again.datasets.map(({ error }) => error).filter(Boolean)).toEqual([])
  expect(await goldsmith.call((api, sql) => api.query(sql), totals)).toEqual(before)
  await notice.getByRole('button', { name: 'Dismiss' }).click()
  await expect(notice).toBeHidden()
})
