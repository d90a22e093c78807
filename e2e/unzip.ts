/** Reads zip files whose entries are stored without compression, as Goldsmith writes them (Parquet is compressed already). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50

/** Entries by name. Throws when the zip is damaged, compressed, or has two entries of one name. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  const end = zip.length - 22
  if (zip.readUInt32LE(end) !== endSignature) throw new Error('The zip does not end with its directory.')
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== entrySignature) throw new Error(`Entry ${index} of the zip's directory is damaged.`)
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    if (zip.readUInt16LE(at + 10) !== 0) throw new Error(`${name} is compressed.`)
    if (entries.has(name)) throw new Error(`The zip has two entries ${name}.`)
    const size = zip.readUInt32LE(at + 24)
    const local = zip.readUInt32LE(at + 42)
    if (zip.readUInt32LE(local) !== localSignature) throw new Error(`${name} is not where the directory says.`)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    entries.set(name, zip.subarray(start, start + size))
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return entries
}

/** Writes every file of a zip under the folder; refuses names that lead out of it. */
export function unzipTo(zip: Buffer, folder: string): string[] {
  const names: string[] = []
  for (const [name, content] of unzip(zip)) {
    if (name.startsWith('/') || name.split('/').includes('..')) throw new Error(`The zip has an entry ${name}.`)
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    if (name.endsWith('/')) continue
    writeFileSync(path, content)
    names.push(name)
  }
  return names
}
