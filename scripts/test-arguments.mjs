export const usage = `npm test                                  all tests
npm test -- src/domain e2e/smoke.spec.ts  the tests of these files and folders
npm test -- --unit | --browser            only the unit and engine tests, or only the browser tests
npm test -- --grep "month"                the tests whose name matches
npm test -- --browser --headed            other options go to the one runner that was chosen
npm test -- --unit-result <file>          takes the unit and engine tests' results from vitest's JSON report`

/**
 * @typedef {object} TestRequest
 * @property {string[] | null} unit arguments for vitest, null when it is not to run
 * @property {string[] | null} browser arguments for Playwright, null when it is not to run
 * @property {string | null} unitResult a JSON report of vitest to be read instead of running it
 * @property {boolean} byName tests were chosen by their names: one of the runners may have none
 */

/**
 * Splits what follows `npm test --` between the two runners.
 *
 * @param {string[]} args
 * @returns {TestRequest | { error: string }}
 */
export function parseTestArguments(args) {
  let only = /** @type {'unit' | 'browser' | null} */ (null)
  let unitResult = /** @type {string | null} */ (null)
  let pattern = /** @type {string | null} */ (null)
  const files = /** @type {string[]} */ ([])
  const options = /** @type {string[]} */ ([])
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--unit' || arg === '--browser') {
      only = arg === '--unit' ? 'unit' : 'browser'
    } else if (arg === '--grep' || arg === '-g' || arg === '-t' || arg === '--unit-result') {
      const value = args[++i]
      if (value === undefined) return { error: `${arg} needs a value.` }
      if (arg === '--unit-result') unitResult = value
      else pattern = value
    } else if (arg.startsWith('-')) {
      options.push(arg)
    } else {
      files.push(arg)
    }
  }
  const browserFiles = files.filter(isBrowserTest)
  const unitFiles = files.filter((file) => !isBrowserTest(file))
  const runsUnit = only !== 'browser' && (only === 'unit' || files.length === 0 || unitFiles.length > 0)
  const runsBrowser = only !== 'unit' && (only === 'browser' || files.length === 0 || browserFiles.length > 0)
  if (options.length > 0 && runsUnit && runsBrowser) {
    return { error: `${options.join(' ')}: say for which tests, with --unit or --browser.` }
  }
  return {
    unit: runsUnit
      ? [...unitFiles, ...(pattern === null ? [] : ['-t', pattern, '--passWithNoTests']), ...options]
      : null,
    browser: runsBrowser
      ? [...browserFiles, ...(pattern === null ? [] : ['--grep', pattern, '--pass-with-no-tests']), ...options]
      : null,
    unitResult,
    byName: pattern !== null,
  }
}

/** @param {string} file */
function isBrowserTest(file) {
  return file.startsWith('e2e') || file.startsWith('./e2e') || file.includes('.spec.')
}
