import { readdirSync, readFileSync } from 'node:fs'
import { root } from './process.mjs'

/**
 * The notices that the licences of the shipped libraries ask for: name, version, licence and its text for every production
 * dependency. The bundler's own list would lack what is loaded as WebAssembly and what only workers import.
 *
 * @returns {string}
 */
export function licenceNotices() {
  /** @type {import('./install.mjs').LockFile} */
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
  return Object.entries(lock.packages ?? {})
    .filter(([path, { dev, optional, link }]) => path !== '' && !dev && !optional && !link)
    .map(([path]) => notice(`${root}${path}`))
    .join(`\n${'='.repeat(100)}\n\n`)
}

/** @param {string} folder of an installed package */
function notice(folder) {
  /** @type {{ name: string, version: string, license?: string, licenses?: { type: string }[] }} */
  const { name, version, license, licenses } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const names = license ?? (licenses ?? []).map(({ type }) => type).join(' or ')
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying|third-?party-?notices)/i.test(entry.name))
    .map((entry) => readFileSync(`${folder}/${entry.name}`, 'utf8').trim())
  return [`${name} ${version} (${names})`, ...texts, ''].join('\n\n')
}
