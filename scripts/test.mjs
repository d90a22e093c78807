/**
 * `npm test`: installs what is missing (packages, Chromium), runs the unit and engine tests (vitest) and the browser
 * tests (Playwright), and ends with the line "N passed, N failed".
 */
import { mkdirSync, rmSync } from 'node:fs'
import { installPackages } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { freePort } from './ports.mjs'
import { root, runModule } from './process.mjs'
import { parseTestArguments, usage } from './test-arguments.mjs'
import { countPlaywright, countVitest, readTotals } from './totals.mjs'

const reports = `${root}.cache/test`
const unitReport = `${reports}/unit.json`
const browserReport = `${reports}/browser.json`

requireSupportedNode()
process.exitCode = await main(process.argv.slice(2))

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
async function main(args) {
  const request = parseTestArguments(args)
  if ('error' in request) {
    console.error(`${request.error}\n\n${usage}`)
    return 2
  }
  try {
    await installPackages()
  } catch (error) {
    return report([failure(error)])
  }
  mkdirSync(reports, { recursive: true })
  const totals = []
  if (request.unit) totals.push(await runUnitTests(request))
  if (request.browser) totals.push(await runBrowserTests(request))
  return report(totals, request.byName)
}

/** @typedef {import('./test-arguments.mjs').TestRequest} TestRequest */

/** @param {TestRequest} request */
async function runUnitTests({ unit, unitResult, byName }) {
  if (unitResult !== null) {
    console.log(`Unit and engine tests: results of the run that wrote ${unitResult}`)
    return readTotals('vitest', unitResult, 0, countVitest)
  }
  rmSync(unitReport, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`]
  const code = await runModule('vitest/vitest.mjs', ['run', ...reporters, ...(unit ?? [])])
  return readTotals('vitest', unitReport, code, countVitest, { mayBeEmpty: byName })
}

/** @param {TestRequest} request */
async function runBrowserTests({ browser, byName }) {
  try {
    // Imported late: it needs Playwright, which is there only after the installation.
    const { ensureChromium } = await import('./chromium.mjs')
    const chromium = await ensureChromium()
    console.log(`Browser tests with ${chromium}`)
    rmSync(browserReport, { force: true })
    const port = await freePort(4273)
    const code = await runModule(
      '@playwright/test/cli.js',
      ['test', '--config=e2e/playwright.config.ts', '--reporter=list,json', ...(browser ?? [])],
      { GOLDSMITH_CHROMIUM: chromium, GOLDSMITH_E2E_PORT: String(port), PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
    )
    return readTotals('Playwright', browserReport, code, countPlaywright, { mayBeEmpty: byName })
  } catch (error) {
    return failure(error)
  }
}

/**
 * @param {unknown} error
 * @returns {import('./totals.mjs').Totals}
 */
function failure(error) {
  return { passed: 0, failed: 1, skipped: 0, problems: [error instanceof Error ? error.message : String(error)] }
}

/**
 * Prints the totals, the line "N passed, N failed" last of all.
 *
 * @param {import('./totals.mjs').Totals[]} totals
 * @param {boolean} [byName]
 * @returns {number} exit code
 */
function report(totals, byName = false) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    totals.reduce((total, each) => total + each[key], 0)
  let failed = sum('failed')
  console.log('')
  for (const problem of totals.flatMap((each) => each.problems)) console.log(problem)
  if (byName && sum('passed') + failed === 0) {
    console.log('No test has such a name.')
    failed = 1
  }
  if (sum('skipped') > 0) console.log(`${sum('skipped')} skipped`)
  console.log(`${sum('passed')} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
