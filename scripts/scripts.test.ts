import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fingerprint } from './build.mjs'
import { missingPackages } from './install.mjs'
import { isSupportedNode } from './node-version.mjs'
import { freePort } from './ports.mjs'
import { parseTestArguments } from './test-arguments.mjs'
import { countPlaywright, countVitest, readTotals } from './totals.mjs'

let folder = ''
beforeEach(() => {
  folder = `${mkdtempSync(join(tmpdir(), 'goldsmith-scripts-'))}/`
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['20.19.0', true],
  ['20.18.3', false],
  ['18.20.4', false],
  ['21.7.3', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(isSupportedNode(version)).toBe(supported)
})

describe('what npm has to install', () => {
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  }

  test('nothing when every package is there in its version', () => {
    const installed = { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } } }
    expect(missingPackages(wanted, installed)).toEqual([])
  })

  test('a package that is absent, and one of another version', () => {
    expect(missingPackages(wanted, { packages: { 'node_modules/b': { version: '1.9.0' } } })).toEqual([
      'node_modules/a',
      'node_modules/b',
    ])
  })
})

describe('the fingerprint of the sources', () => {
  beforeEach(() => {
    mkdirSync(`${folder}src/deep`, { recursive: true })
    writeFileSync(`${folder}src/deep/a.ts`, 'one')
  })
  const take = () => fingerprint(['src', 'index.html'], folder)

  test('stays while nothing changes, and does not care for tests', () => {
    const before = take()
    writeFileSync(`${folder}src/deep/a.test.ts`, 'test')
    expect(take()).toBe(before)
  })

  test('changes when a file is edited, added or removed', () => {
    const seen = new Set([take()])
    writeFileSync(`${folder}src/deep/a.ts`, 'another')
    seen.add(take())
    writeFileSync(`${folder}index.html`, '<!doctype html>')
    seen.add(take())
    rmSync(`${folder}src/deep/a.ts`)
    seen.add(take())
    expect(seen.size).toBe(4)
  })
})

test('a port that something listens to is passed over', async () => {
  const first = await freePort(20_000)
  const server = await new Promise<Server>((resolve) => {
    const created = createServer().listen(first, '127.0.0.1', () => resolve(created))
  })
  expect(await freePort(first)).toBeGreaterThan(first)
  server.close()
})

describe('arguments of npm test', () => {
  test('none run everything', () => {
    expect(parseTestArguments([])).toMatchObject({ unit: [], browser: [] })
  })

  test('files go to the runner they belong to, and the other one does not run', () => {
    expect(parseTestArguments(['src/domain'])).toMatchObject({ unit: ['src/domain'], browser: null })
    expect(parseTestArguments(['e2e/smoke.spec.ts'])).toMatchObject({ unit: null, browser: ['e2e/smoke.spec.ts'] })
    expect(parseTestArguments(['src/rpc', 'e2e'])).toMatchObject({ unit: ['src/rpc'], browser: ['e2e'] })
  })

  test('a name goes to both runners in their own spelling', () => {
    const request = parseTestArguments(['--grep', 'month'])
    expect(request).toMatchObject({ byName: true })
    expect(request).toHaveProperty('unit', expect.arrayContaining(['-t', 'month']))
    expect(request).toHaveProperty('browser', expect.arrayContaining(['--grep', 'month']))
  })

  test('another option needs one runner', () => {
    expect(parseTestArguments(['--headed'])).toHaveProperty('error')
    expect(parseTestArguments(['--browser', '--headed'])).toMatchObject({ unit: null, browser: ['--headed'] })
  })
})

describe('totals', () => {
  const vitest = (changes: object) => ({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    success: true,
    testResults: [],
    ...changes,
  })
  const write = (report: unknown) => {
    writeFileSync(`${folder}report.json`, JSON.stringify(report))
    return `${folder}report.json`
  }

  test('are those of the report', () => {
    expect(readTotals('vitest', write(vitest({})), 0, countVitest)).toMatchObject({ passed: 3, failed: 0 })
    const stats = { expected: 5, unexpected: 2, flaky: 1, skipped: 4 }
    expect(readTotals('Playwright', write({ stats, errors: [] }), 1, countPlaywright)).toMatchObject({
      passed: 5,
      failed: 3,
      skipped: 4,
    })
  })

  test('count a test file that does not load as a failure', () => {
    const file = { name: 'x.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }
    const report = vitest({ success: false, testResults: [file] })
    expect(readTotals('vitest', write(report), 1, countVitest)).toMatchObject({ passed: 3, failed: 1 })
  })

  test('count an error outside any test as a failure', () => {
    expect(readTotals('vitest', write(vitest({ success: false })), 1, countVitest)).toMatchObject({ failed: 1 })
    const stats = { expected: 1, unexpected: 0, flaky: 0, skipped: 0 }
    const report = { stats, errors: [{ message: 'the page was not served' }] }
    expect(readTotals('Playwright', write(report), 1, countPlaywright)).toMatchObject({ passed: 1, failed: 1 })
  })

  test('count a runner that left no report, ran nothing or ended badly as a failure', () => {
    expect(readTotals('vitest', `${folder}none.json`, 1, countVitest)).toMatchObject({ passed: 0, failed: 1 })
    const nothing = write(vitest({ numPassedTests: 0 }))
    expect(readTotals('vitest', nothing, 0, countVitest)).toMatchObject({ failed: 1 })
    expect(readTotals('vitest', nothing, 0, countVitest, { mayBeEmpty: true })).toMatchObject({ failed: 0 })
    expect(readTotals('vitest', write(vitest({})), 137, countVitest)).toMatchObject({ passed: 3, failed: 1 })
  })
})
