/** `npm run check`: lint, types, dead code, unit and engine tests. All of them run, whatever fails, and the end sums up. */
import { mkdirSync, rmSync } from 'node:fs'
import { installPackages } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { root, runModule } from './process.mjs'

const unitReport = `${root}.cache/check/unit.json`

/** @type {{ name: string, script: string, args: string[] }[]} */
const steps = [
  {
    name: 'biome',
    script: '@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings', '--diagnostic-level=warn'],
  },
  { name: 'tsc', script: 'typescript/bin/tsc', args: ['--noEmit', '--project', '.'] },
  { name: 'tsc, domain without DOM', script: 'typescript/bin/tsc', args: ['--noEmit', '--project', 'src/domain'] },
  { name: 'knip', script: 'knip/bin/knip.js', args: [] },
  {
    name: 'vitest',
    script: 'vitest/vitest.mjs',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
  },
]

requireSupportedNode()
try {
  await installPackages()
  mkdirSync(`${root}.cache/check`, { recursive: true })
  rmSync(unitReport, { force: true })
  const failed = []
  for (const { name, script, args } of steps) {
    console.log(`\n— ${name}`)
    if ((await runModule(script, args)) !== 0) failed.push(name)
  }
  console.log(failed.length === 0 ? '\ncheck: all good' : `\ncheck: failed in ${failed.join('; ')}`)
  process.exitCode = failed.length === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
