import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { engineMacros } from '@/adapters/polyglot/macros'
import { parseYaml } from '@/adapters/yaml/parse'
import { zipArchiver } from '@/adapters/zip/zip-archiver'
import type { PipelineFile } from '@/domain/pipeline/project'
import { createEngine, type EngineParts } from '@/engine/engine'
import type { FileStore } from '@/engine/ports'
import type { EngineApi, EngineEvent, InputFile } from '@/rpc/contract'
import { nodeCodec } from './node-codec'
import { type NodeDatabase, openNodeDatabase } from './node-database'
import { createNodeDialect } from './node-dialect'

export interface TestEngine {
  api: EngineApi
  database: NodeDatabase
  files: FileStore
  events: EngineEvent[]
  close(): Promise<void>
}

/** The product's engine on native DuckDB, files in memory. Give `files` again to open what another engine has stored. */
export async function openTestEngine(parts: Partial<EngineParts> = {}): Promise<TestEngine> {
  const database = await openNodeDatabase()
  const files = parts.files ?? new MemoryFileStore()
  const all: EngineParts = {
    database,
    files,
    codec: nodeCodec(),
    dialect: createNodeDialect(),
    clock: { now: () => Date.now() },
    archiver: zipArchiver,
    pipeline: retailFiles(),
    parseYaml,
    macros: engineMacros,
    version: 'test',
    persistent: true,
    crossOriginIsolated: false,
    ...parts,
  }
  const api = await createEngine(all, all)
  const events: EngineEvent[] = []
  api.subscribe((event) => events.push(event))
  return { api, database, files, events, close: () => database.close() }
}

/** The files of src/pipelines/retail. */
export function retailFiles(): PipelineFile[] {
  const folder = join(import.meta.dirname, '../pipelines/retail')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(sql|yml)$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path: relative(folder, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }
    })
}

/** The sample that is shipped with the page: the Silver files of Online Retail. */
export const onlineRetailFolder = join(import.meta.dirname, '../../public/samples/online-retail')

/** A file on disk as the page would hand it over. */
export function inputFile(path: string, name = path.split('/').at(-1) ?? path): InputFile {
  return { path: name, file: new File([readFileSync(path)], name.split('/').at(-1) ?? name) }
}
