/**
 * A reader of Delta logs on disk that shares nothing with the product's own: written from PROTOCOL.md of delta-io/delta
 * ("Action Reconciliation"), to check what was exported. It reads JSON commits only.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

interface ReplayedFile {
  /** Path on disk. */
  path: string
  partitionValues: Record<string, string | null>
  size: number
  stats: {
    numRecords: number
    minValues: Record<string, unknown>
    maxValues: Record<string, unknown>
    nullCount: Record<string, number>
  }
}

interface ReplayedField {
  name: string
  type: unknown
  nullable: boolean
  metadata: Record<string, unknown>
}

export interface ReplayedTable {
  version: number
  protocol: { minReaderVersion: number; minWriterVersion: number }
  metaData: { name: string; description: string; partitionColumns: string[]; configuration: Record<string, string> }
  fields: ReplayedField[]
  files: ReplayedFile[]
  /** What is wrong with the folder: gaps in the log, files that are missing, of another size, or named by no commit. */
  problems: string[]
}

type Action = Record<'add' | 'remove' | 'protocol' | 'metaData' | 'commitInfo', Record<string, unknown> | undefined>

/** The latest version of the table in `folder`. */
export function replayDelta(folder: string): ReplayedTable {
  const log = join(folder, '_delta_log')
  const problems: string[] = []
  const commits = readdirSync(log).filter((name) => /^\d{20}\.json$/.test(name))
  const active = new Map<string, Record<string, unknown>>()
  const named = new Set<string>()
  let protocol: Record<string, unknown> | undefined
  let metaData: Record<string, unknown> | undefined
  commits.sort().forEach((name, version) => {
    if (Number(name.slice(0, 20)) !== version) problems.push(`commit ${version} is missing`)
    const lines = readFileSync(join(log, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    const actions: Action[] = lines.map((line) => JSON.parse(line))
    if (actions[0]?.commitInfo === undefined) problems.push(`${name} does not begin with commitInfo`)
    for (const { add, remove, protocol: newProtocol, metaData: newMetaData } of actions) {
      protocol = newProtocol ?? protocol
      metaData = newMetaData ?? metaData
      if (remove && !active.delete(decodeURIComponent(String(remove.path)))) problems.push(`${name} removes a stranger`)
      if (!add) continue
      const path = decodeURIComponent(String(add.path))
      if (active.has(path)) problems.push(`${name} adds ${path} again`)
      active.set(path, add)
      named.add(path)
    }
  })
  if (!protocol || !metaData) throw new Error(`${folder} has no protocol or no metaData`)
  const onDisk = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('_delta_log/'))
  problems.push(...onDisk.filter((path) => !named.has(path)).map((path) => `no commit names ${path}`))
  problems.push(...[...named].filter((path) => !existsSync(join(folder, path))).map((path) => `${path} is missing`))
  const files = [...active].map(([path, add]): ReplayedFile => {
    const file = join(folder, path)
    const size = Number(add.size)
    if (existsSync(file) && statSync(file).size !== size) problems.push(`${path} has not the size that the log says`)
    return {
      path: file,
      partitionValues: add.partitionValues as ReplayedFile['partitionValues'],
      size,
      stats: JSON.parse(withExactNumbers(String(add.stats))),
    }
  })
  return {
    version: commits.length - 1,
    protocol: protocol as unknown as ReplayedTable['protocol'],
    metaData: metaData as unknown as ReplayedTable['metaData'],
    fields: JSON.parse(String(metaData.schemaString)).fields,
    files,
    problems,
  }
}

/** JSON in which numbers of more digits than a double holds are texts. */
function withExactNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g, (token) =>
    token.startsWith('"') || token.length <= 15 ? token : `"${token}"`,
  )
}
