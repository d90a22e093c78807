import { createServer } from 'node:net'

/**
 * The first port from `first` on that nothing listens to. Both loopback addresses are tried, since a browser may
 * resolve "localhost" to either: a port that is free on one only would show somebody else's page.
 *
 * @param {number} first
 * @param {number} [tries]
 * @returns {Promise<number>}
 */
export async function freePort(first, tries = 100) {
  for (let port = first; port < first + tries && port < 65536; port++) {
    if ((await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))) return port
  }
  throw new Error(`No free port between ${first} and ${first + tries - 1}. Pass another one: npm start -- --port 8080`)
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer()
    // A machine without IPv6 has no ::1 to be busy.
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code !== 'EADDRINUSE'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
