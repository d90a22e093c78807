import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { run, runModule } from './process.mjs'

/** Programs that are Chromium or Chrome, by name on the PATH or by full path. */
const usualPlaces = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * The browser for the tests: GOLDSMITH_CHROMIUM, else the system's, else one that Playwright downloaded earlier.
 *
 * @returns {string | null} a program that Playwright can start
 */
export function findChromium() {
  const chosen = process.env.GOLDSMITH_CHROMIUM
  if (chosen) {
    if (!starts(chosen))
      throw new Error(`GOLDSMITH_CHROMIUM is "${chosen}", which does not start. Correct or unset it.`)
    return chosen
  }
  for (const place of usualPlaces) {
    const path = resolveProgram(place)
    // Starting it tells a browser from the stub that some systems put in its place.
    if (path && starts(path)) return path
  }
  const downloaded = chromium.executablePath()
  return existsSync(downloaded) ? downloaded : null
}

/**
 * The browser for the tests, installed first when there is none. Throws with a remedy when that fails.
 *
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const found = findChromium()
  if (found) return found
  if (isDebian() && process.getuid?.() === 0) {
    console.log('Installing Chromium (apt-get install chromium) …')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-q'], { env })
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env })
    const installed = findChromium()
    if (installed) return installed
  }
  console.log('Downloading Chromium (playwright install chromium) …')
  await runModule('@playwright/test/cli.js', ['install', 'chromium'])
  const downloaded = findChromium()
  if (downloaded) return downloaded
  throw new Error(
    'The browser tests need Chromium, and it could not be installed. Install it (Debian: sudo apt-get install chromium) or set GOLDSMITH_CHROMIUM to a Chromium or Chrome program.',
  )
}

function isDebian() {
  try {
    return /^ID(_LIKE)?="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/**
 * @param {string} program
 * @returns {string | null} its full path, null when there is none
 */
function resolveProgram(program) {
  if (program.startsWith('/')) return existsSync(program) ? program : null
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')
  return folders.map((folder) => `${folder}/${program}`).find((path) => existsSync(path)) ?? null
}

/** @param {string} path */
function starts(path) {
  try {
    const version = execFileSync(path, ['--version'], { timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] })
    return /chrom/i.test(version.toString())
  } catch {
    return false
  }
}
