import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { expect, GoldsmithPage, test } from './fixtures'
import { chooseFiles, place, retailAsOf, retailFiles, retailRun, retailTotals, runButton, setAsOf } from './retail'

const totalsSql = `SELECT CAST(sum(net_revenue) AS STRING), count(*), CAST(min(order_date) AS STRING) FROM gold.fact_sales`

test('a whole session asks no other origin for anything', async ({ goldsmith }) => {
  const { page } = goldsmith
  const threads = await goldsmith.call(
    async (api) => (await api.query("SELECT current_setting('threads')", { dialect: 'duckdb' })).rows,
  )
  expect(threads).toEqual([[2n]])
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  await page.getByRole('button', { name: 'Load Online Retail' }).click()
  await expect(page.getByRole('region', { name: 'silver.orders', exact: true })).toBeVisible()
  await setAsOf(page, retailAsOf)
  await runButton(page).click()
  await expect(runButton(page)).toBeVisible({ timeout: 90_000 })
  await place(page, 'SQL').click()
  expect((await goldsmith.call((api, sql) => api.query(sql), totalsSql)).rows).toEqual([retailTotals])
  await place(page, 'Dashboards').click()
  await expect(page.getByRole('region', { name: 'Net revenue', exact: true })).toContainText('£')
  await place(page, 'Export').click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await (await download).path()
  // The fixture checks that no request, of the page or of a worker, went elsewhere.
})

test('the page’s policy forbids what the session does not do', async ({ goldsmith, context }) => {
  const { page } = goldsmith
  goldsmith.expectError(/Content Security Policy|Refused to connect|violates the following/)
  const elsewhere = 'https://goldsmith.invalid'
  let asked = 0
  await context.route(`${elsewhere}/**`, (route) => {
    asked++
    return route.fulfill({ body: 'reached', headers: { 'access-control-allow-origin': '*' } })
  })
  const refused = await page.evaluate(async (address) => {
    const said: string[] = []
    const tell = (event: SecurityPolicyViolationEvent) => said.push(event.effectiveDirective)
    document.addEventListener('securitypolicyviolation', tell)
    const outcomes = [
      await fetch(address).then(
        () => 'reached',
        () => 'refused',
      ),
      navigator.sendBeacon(`${address}/beacon`, 'rows'),
      await new Promise((resolve) => {
        const script = new Blob(['fetch(name).then(() => postMessage("reached"), () => postMessage("refused"))'])
        const worker = new Worker(URL.createObjectURL(script), { name: address })
        worker.onmessage = ({ data }) => resolve(data)
      }),
    ]
    // A beacon's violation is reported a moment later.
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { outcomes: [outcomes[0], outcomes[2]], said: [...new Set(said)].sort() }
  }, elsewhere)
  expect(refused).toEqual({ outcomes: ['refused', 'refused'], said: ['connect-src'] })
  expect(asked).toBe(0)
})

test('the policy binds the engine’s worker, which holds the data, as it binds the page', async ({
  goldsmith,
  context,
}) => {
  const elsewhere = 'https://goldsmith.invalid'
  let asked = 0
  await context.route(`${elsewhere}/**`, (route) => {
    asked++
    return route.fulfill({ body: 'reached', headers: { 'access-control-allow-origin': '*' } })
  })
  goldsmith.expectError(/Content Security Policy|Refused to connect|violates the following/)
  const engine = goldsmith.page.workers().find((worker) => worker.url().includes('engine'))
  const refused = await engine?.evaluate(async (address) => {
    const said = new Promise<string>((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective))
      setTimeout(resolve, 5000, 'nothing')
    })
    const outcome = await fetch(address).then(
      () => 'reached',
      () => 'refused',
    )
    return { outcome, said: await said }
  }, elsewhere)
  expect(refused).toEqual({ outcome: 'refused', said: 'connect-src' })
  expect(asked).toBe(0)
})

test.describe('on a host that sends no headers', () => {
  let server: Server
  let address: string

  test.beforeAll(async () => {
    server = serveWithoutHeaders(process.env.GOLDSMITH_E2E_DIST ?? join(import.meta.dirname, '../dist'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('The server has no port.')
    address = `http://localhost:${bound.port}/`
  })

  test.afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('the page runs with one thread and gives the same totals', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: address })
    const page = await context.newPage()
    const goldsmith = new GoldsmithPage(page, address)
    await goldsmith.open()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
    await page.getByRole('button', { name: 'Engine details' }).click()
    await expect(page.getByText('no: one thread only')).toBeVisible()
    await page.keyboard.press('Escape')
    await chooseFiles(page, retailFiles)
    await expect(page.getByRole('region', { name: 'silver.orders', exact: true })).toContainText('541,909 rows')
    await expect(page.getByRole('region', { name: 'Loading' })).toBeHidden()
    const report = await goldsmith.call((api, options) => api.run(options), retailRun)
    expect(report.status).toBe('completed')
    expect((await goldsmith.call((api, sql) => api.query(sql), totalsSql)).rows).toEqual([retailTotals])
    goldsmith.assertClean()
    await context.close()
  })
})

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
}

/** The built page as the plainest static host would serve it. */
function serveWithoutHeaders(folder: string): Server {
  return createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = join(folder, normalize(path === '/' ? '/index.html' : path))
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
}
