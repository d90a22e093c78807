import { defineConfig } from '@playwright/test'
import { findChromium } from '../scripts/chromium.mjs'

// `npm test` passes both; the fallbacks are for `npx playwright test --config e2e/playwright.config.ts` by hand.
const port = Number(process.env.GOLDSMITH_E2E_PORT ?? 4273)
const executablePath = findChromium()

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // One build of DuckDB with its threads uses the whole machine.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${port}/`,
    trace: 'off',
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    // What users start: it builds first when a source is newer than dist/.
    command: `node scripts/start.mjs --port ${port}`,
    cwd: '..',
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    stdout: 'pipe',
    timeout: 240_000,
  },
})
