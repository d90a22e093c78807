import { expect, test } from './fixtures'

test('the page starts without an error and its engine answers a query', async ({ goldsmith }) => {
  const answer = await goldsmith.call((page) => page.query('SELECT 6 * 7 AS answer, NULL AS nothing'))
  expect(answer.columns.map((column) => column.name)).toEqual(['answer', 'nothing'])
  expect(answer.rows).toEqual([[42, null]])
})

test('the page is isolated, so DuckDB may use threads', async ({ goldsmith }) => {
  expect(await goldsmith.page.evaluate(() => crossOriginIsolated)).toBe(true)
})

test('a file that does not exist is answered by 404, not by the page', async ({ request }) => {
  for (const path of [
    '/duckdb-extensions/v1.4.3/wasm_eh/json.duckdb_extension.wasm',
    '/samples/none.parquet',
    '/none',
  ]) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
})
