/**
 * The Node versions that the build tools accept (vite's own `engines` range).
 * Written so that very old versions of Node can still read it and explain themselves.
 */

const needed = '20.19 or newer (22: 22.12 or newer)'

/**
 * @param {string} version like "20.19.1"
 * @returns {boolean}
 */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 20) return minor >= 19
  if (major === 22) return minor >= 12
  return major > 22
}

/** Ends the process with an explanation when this Node is too old. */
export function requireSupportedNode() {
  if (isSupportedNode(process.versions.node)) return
  console.error(`Goldsmith needs Node ${needed}; this is Node ${process.versions.node} (${process.execPath}).`)
  console.error(
    'Install a current long-term version from https://nodejs.org (or with your version manager) and try again.',
  )
  process.exit(1)
}
