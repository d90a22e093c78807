import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The project's root folder, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program in the project's root, its output going to this terminal.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, shell?: boolean }} [options]
 * @returns {Promise<number>} its exit code; 127 when it could not be started, 1 when a signal ended it
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...options.env },
      shell: options.shell ?? false,
    })
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`)
      resolve(127)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs a JavaScript program out of node_modules with this Node.
 *
 * @param {string} script path inside node_modules
 * @param {string[]} args
 * @param {Record<string, string | undefined>} [env]
 */
export function runModule(script, args, env) {
  return run(process.execPath, [`${root}node_modules/${script}`, ...args], env ? { env } : {})
}
