/**
 * True totals out of the JSON reports of vitest and Playwright. A runner that crashed, left no report or ran no test
 * counts as one failure, so that nothing can look green by not running.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Totals
 */
import { readFileSync } from 'node:fs'

/**
 * @template Report
 * @param {string} name of the runner, for messages
 * @param {string} path of its JSON report
 * @param {number} exitCode of the runner
 * @param {(report: Report) => Totals} count
 * @param {{ mayBeEmpty?: boolean }} [options] mayBeEmpty: running no test is no failure (tests were chosen by name)
 * @returns {Totals}
 */
export function readTotals(name, path, exitCode, count, { mayBeEmpty = false } = {}) {
  /** @type {Totals} */
  let totals
  try {
    totals = count(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { passed: 0, failed: 1, skipped: 0, problems: [`${name} left no report (exit code ${exitCode}): ${reason}`] }
  }
  if (totals.failed > 0) return totals
  const empty = totals.passed === 0
  if (empty && mayBeEmpty && exitCode === 0) return totals
  if (empty) return { ...totals, failed: 1, problems: [...totals.problems, `${name} ran no test.`] }
  if (exitCode !== 0) {
    return { ...totals, failed: 1, problems: [...totals.problems, `${name} ended with exit code ${exitCode}.`] }
  }
  return totals
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, success: boolean,
 *   testResults: { name: string, status: string, message: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Totals}
 */
export function countVitest(report) {
  // A file that does not even load has no failed test inside.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success && report.numPassedTests > 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    problems: broken.map((file) => `${file.name}: ${file.message.split('\n')[0] ?? 'failed'}`),
  }
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: { message?: string }[] }} report
 * @returns {Totals}
 */
export function countPlaywright(report) {
  return {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky + report.errors.length,
    skipped: report.stats.skipped,
    problems: report.errors.map((error) => error.message?.split('\n')[0] ?? 'Playwright failed outside a test.'),
  }
}
