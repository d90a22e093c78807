/** The engine's thread: wires adapters, engine and rpc. */
import { openDuckDBWasm } from '@/adapters/duckdb-wasm/duckdb-wasm-database'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { openOpfsFileStore } from '@/adapters/opfs/opfs-file-store'
import { ParquetCodecPool } from '@/adapters/parquet/codec-pool'
import { createPolyglotDialect } from '@/adapters/polyglot/browser'
import { engineMacros } from '@/adapters/polyglot/macros'
import { parseYaml } from '@/adapters/yaml/parse'
import { zipArchiver } from '@/adapters/zip/zip-archiver'
import type { ErrorData } from '@/domain/automation'
import { createEngine } from '@/engine/engine'
import type { EngineApi } from '@/rpc/contract'
import type { Port } from '@/rpc/protocol'
import { serveEngine } from '@/rpc/serve'
import { retailPipeline } from './retail-pipeline'

const MOST_CODEC_THREADS = 4
/** The page draws its first view when the engine is ready; compiling the codec just then would take both cores from it. */
const WARM_AFTER_MS = 2000

let onBroken: (error: ErrorData) => void = () => undefined
const broken = new Promise<ErrorData>((resolve) => {
  onBroken = resolve
})

async function start(): Promise<EngineApi> {
  const createWorker = () => new Worker(new URL('./codec.worker.ts', import.meta.url), { type: 'module' })
  const codec = new ParquetCodecPool(createWorker, Math.min(navigator.hardwareConcurrency, MOST_CODEC_THREADS))
  const opening = Promise.all([openDuckDBWasm(onBroken), openOpfsFileStore()]).then(([database, stored]) => ({
    database,
    files: stored ?? new MemoryFileStore(),
    persistent: stored !== null,
  }))
  const parts = {
    codec,
    dialect: createPolyglotDialect(),
    clock: { now: () => Date.now() },
    archiver: zipArchiver,
    pipeline: retailPipeline,
    parseYaml,
    macros: engineMacros,
    version: import.meta.env.GOLDSMITH_VERSION,
    crossOriginIsolated: globalThis.crossOriginIsolated,
  }
  const engine = await createEngine(parts, opening)
  setTimeout(() => codec.warm(), WARM_AFTER_MS)
  return engine
}

const engine = start()
serveEngine(globalThis as unknown as Port, engine, broken)
// An engine that cannot start is reported to the page by serveEngine.
engine.then(
  (api) => api.subscribe((event) => performance.mark(event.type, { detail: event })),
  () => {},
)
