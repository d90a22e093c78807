/** `npm start`: installs what is missing, builds what is stale, serves dist/ on this machine only. */
import util from 'node:util'
import { buildIfNeeded } from './build.mjs'
import { installPackages } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { freePort } from './ports.mjs'
import { root } from './process.mjs'

const usualPort = 4173

requireSupportedNode()
try {
  const { values } = util.parseArgs({ options: { port: { type: 'string' } } })
  const wanted = values.port === undefined ? usualPort : Number(values.port)
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
    throw new Error(`--port takes a number from 1 to 65535, not "${values.port}".`)
  }
  await installPackages()
  await buildIfNeeded()
  await serve(wanted)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @param {number} wanted */
async function serve(wanted) {
  // Imported late: in a fresh clone it exists only after the installation.
  const { preview } = await import('vite')
  const port = await freePort(wanted)
  const server = await preview({ root, logLevel: 'warn', preview: { port, strictPort: true, host: '127.0.0.1' } })
  if (port !== wanted) {
    console.log(`Port ${wanted} is in use, so this is port ${port}. A browser keeps stored tables for each port apart.`)
  }
  console.log(`Goldsmith is ready: http://localhost:${port}/`)
  console.log('Press Ctrl-C to stop.')
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => {
      // Open browser connections would keep a graceful close waiting.
      server.httpServer.close()
      process.exit(0)
    })
  }
}
