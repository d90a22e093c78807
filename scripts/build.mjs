/** `npm run build`: the production build, and the question whether the last one is still good. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { installPackages } from './install.mjs'
import { licenceNotices } from './licences.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { root, runModule } from './process.mjs'

const inputs = ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json', 'package-lock.json']
const stamp = `${root}.cache/build.txt`

/**
 * Changes whenever a file that goes into the build is added, edited, renamed or removed.
 *
 * @param {string[]} paths files and folders
 * @param {string} base folder that they are relative to, with a slash at its end
 * @returns {string}
 */
export function fingerprint(paths, base) {
  const hash = createHash('sha256')
  const visit = (/** @type {string} */ path) => {
    const stats = statSync(base + path, { throwIfNoEntry: false })
    if (stats?.isDirectory()) {
      for (const name of readdirSync(base + path).sort()) visit(`${path}/${name}`)
    } else if (!path.endsWith('.test.ts')) {
      hash.update(`${path}\0${stats?.size}\0${stats?.mtimeMs}\n`)
    }
  }
  for (const path of paths) visit(path)
  return hash.digest('hex')
}

/** Builds into dist/ when dist/ is missing or older than what it is made of. Throws when the build fails. */
export async function buildIfNeeded() {
  const before = fingerprint(inputs, root)
  if (existsSync(`${root}dist/index.html`) && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) return
  await build(before)
}

async function build(sources = fingerprint(inputs, root)) {
  console.log('Building …')
  rmSync(stamp, { force: true })
  const code = await runModule('vite/bin/vite.js', ['build', '--logLevel', 'warn'])
  if (code !== 0) throw new Error('The build failed; the reason is above.')
  writeFileSync(`${root}dist/licenses.txt`, licenceNotices())
  mkdirSync(`${root}.cache`, { recursive: true })
  // The fingerprint of before the build: an edit made meanwhile leads to another build next time.
  writeFileSync(stamp, sources)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireSupportedNode()
  try {
    await installPackages()
    await build()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
