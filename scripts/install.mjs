import { readFileSync } from 'node:fs'
import { root, run } from './process.mjs'

/**
 * @typedef {{ packages?: Record<string, { version?: string, dev?: boolean, optional?: boolean, link?: boolean }> }} LockFile
 */

/**
 * Names of the packages that the lock file asks for and node_modules does not have in that version. Optional ones
 * are not counted: most of them are for other platforms.
 *
 * Contents are compared rather than times, because a checkout or an `npm install` of one package touches the files
 * in any order.
 *
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes last of all
 * @returns {string[]}
 */
export function missingPackages(wanted, installed) {
  const have = installed.packages ?? {}
  return Object.entries(wanted.packages ?? {})
    .filter(([path, { version, optional, link }]) => {
      return path !== '' && !optional && !link && have[path]?.version !== version
    })
    .map(([path]) => path)
}

/**
 * @param {string} path
 * @returns {LockFile | null}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** Runs `npm ci` when node_modules is absent, half-installed or not what package-lock.json says. Throws when npm fails. */
export async function installPackages() {
  const wanted = readLock(`${root}package-lock.json`)
  if (!wanted) throw new Error('package-lock.json is missing or damaged. Restore it: git checkout package-lock.json')
  const installed = readLock(`${root}node_modules/.package-lock.json`)
  if (installed && missingPackages(wanted, installed).length === 0) return

  console.log('Installing npm packages (npm ci) …')
  // The build tools are development packages; NODE_ENV=production would leave them out.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  const code = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args])
    : await run('npm', args, { shell: process.platform === 'win32' })
  if (code !== 0) {
    throw new Error(
      'The npm packages could not be installed; npm says why above. Check the network or the proxy (npm config get registry) and try again.',
    )
  }
}
