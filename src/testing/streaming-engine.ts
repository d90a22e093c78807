import { expect } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import type { DatasetReport, UpdateReport } from '@/domain/automation'
import type { EngineParts } from '@/engine/engine'
import { openTestEngine, type TestEngine } from './node-engine'
import { dropped, parquetBytes } from './parquet-files'

const SETTINGS = 'name: streams\nschema: gold\nlibraries:\n  - glob:\n      include: transformations/**\n'

interface Statements {
  sources: string
  transformations: string
}

/** An engine with a small pipeline of streaming tables, and what tests of it do all the time. */
export class StreamingEngine {
  readonly #statements: Statements
  readonly #parts: Partial<EngineParts>
  #engine: TestEngine

  private constructor(engine: TestEngine, statements: Statements, parts: Partial<EngineParts>) {
    this.#engine = engine
    this.#statements = statements
    this.#parts = parts
  }

  static async open(
    sources: string,
    transformations: string,
    parts: Partial<EngineParts> = {},
  ): Promise<StreamingEngine> {
    const statements = { sources, transformations }
    const all = { files: new MemoryFileStore(), ...parts }
    return new StreamingEngine(await openTestEngine({ ...all, pipeline: pipelineOf(statements) }), statements, all)
  }

  get api(): TestEngine['api'] {
    return this.#engine.api
  }

  close(): Promise<void> {
    return this.#engine.close()
  }

  /** Like a reload of the page: what is stored stays, what was loaded is gone. The pipeline's statements may be others then. */
  async reload(transformations = this.#statements.transformations): Promise<void> {
    await this.#engine.close()
    const pipeline = pipelineOf({ ...this.#statements, transformations })
    this.#engine = await openTestEngine({ ...this.#parts, pipeline })
  }

  async load(table: string, sql: string): Promise<void> {
    const { rejected, sources } = await this.api.load({ files: [dropped(`${table}.parquet`, await parquetBytes(sql))] })
    expect([rejected, sources.flatMap(({ problems }) => problems)]).toEqual([[], []])
  }

  /** Runs, and expects that all goes well. */
  async update(options: Parameters<TestEngine['api']['run']>[0] = {}): Promise<DatasetReport[]> {
    const report = await this.run(options)
    expect(report).toMatchObject({ status: 'completed', problems: [] })
    return report.datasets
  }

  run(options: Parameters<TestEngine['api']['run']>[0] = {}): Promise<UpdateReport> {
    return this.api.run({ asOf: '2024-02-01', ...options })
  }

  async rows(sql: string): Promise<unknown[][]> {
    const { id } = await this.api.query({ sql, dialect: 'duckdb' })
    const found = await this.api.fetchRows({ id, offset: 0, limit: 1000 })
    await this.api.closeResult({ id })
    return found
  }
}

function pipelineOf({ sources, transformations }: Statements) {
  return [
    { path: 'spark-pipeline.yml', text: SETTINGS },
    { path: 'sources/silver.sql', text: sources },
    { path: 'transformations/streams.sql', text: transformations },
  ]
}
