import { expect } from 'vitest'
import type { ErrorData, LoadReport } from '@/domain/automation'
import type { InputFile } from '@/rpc/contract'
import { openTestEngine, type TestEngine } from './node-engine'
import { dropped, parquetBytes, SILVER_ROWS } from './parquet-files'

const AS_OF = '2024-03-01'

/** An engine with good Silver files loaded and Gold built, for tests that then try to spoil it. */
export class LoadedEngine {
  readonly engine: TestEngine
  readonly good: Readonly<Record<keyof typeof SILVER_ROWS, Uint8Array<ArrayBuffer>>>
  #before = ''

  private constructor(engine: TestEngine, good: LoadedEngine['good']) {
    this.engine = engine
    this.good = good
  }

  static async open(): Promise<LoadedEngine> {
    const good = {
      orders: await parquetBytes(SILVER_ROWS.orders),
      customers: await parquetBytes(SILVER_ROWS.customers),
      products: await parquetBytes(SILVER_ROWS.products),
    }
    const loaded = new LoadedEngine(await openTestEngine(), good)
    await loaded.#loadGood()
    const report = await loaded.engine.api.run({ asOf: AS_OF })
    expect(report.status).toBe('completed')
    loaded.#before = await loaded.#state()
    return loaded
  }

  close(): Promise<void> {
    return this.engine.close()
  }

  /** Loads what must not load, and gives back its only error, having checked that nothing else happened. */
  async refuses(files: InputFile[]): Promise<ErrorData> {
    const errors = problemsOf(await this.engine.api.load({ files }))
    expect(await this.#state()).toBe(this.#before)
    expect(errors).toHaveLength(1)
    const [error] = errors
    if (error === undefined) throw new Error('no error')
    expect(error.code).not.toBe('internal.unexpected')
    expect(error.message).toContain(files.at(-1)?.path)
    expect(error.remedy ?? '').not.toBe('')
    expect(error.file).toBe(files.at(-1)?.path)
    return error
  }

  /** The page is still of use: the good files load again, and a run over them finds nothing to do. */
  async stillWorks(): Promise<void> {
    await this.#loadGood()
    expect(await this.#state()).toBe(this.#before)
    await this.runsWithoutWork()
    expect((await this.engine.api.sources()).flatMap(({ problems }) => problems)).toEqual([])
  }

  /** A run completes and builds nothing: Silver is, to its fingerprints, what it was. */
  async runsWithoutWork(): Promise<void> {
    const report = await this.engine.api.run({ asOf: AS_OF })
    expect(report.status).toBe('completed')
    expect(report.datasets.filter(({ kind, plan }) => kind !== 'view' && plan === 'full')).toEqual([])
  }

  /** Rows of a query in DuckDB's dialect. */
  async rows(sql: string): Promise<unknown[][]> {
    const result = await this.engine.api.query({ sql, dialect: 'duckdb' })
    const rows = await this.engine.api.fetchRows({ id: result.id, offset: 0, limit: 1000 })
    await this.engine.api.closeResult({ id: result.id })
    return rows
  }

  async #loadGood(): Promise<void> {
    const files = Object.entries(this.good).map(([table, bytes]) => dropped(`${table}.parquet`, bytes))
    expect(problemsOf(await this.engine.api.load({ files }))).toEqual([])
  }

  /** All Silver and Gold rows, as one text. */
  async #state(): Promise<string> {
    const tables = ['silver.orders', 'silver.customers', 'silver.products', 'gold.fact_sales']
    const rows = await Promise.all(
      tables.map((name) => this.rows(`SELECT string_agg(t::VARCHAR, '|' ORDER BY t::VARCHAR) FROM ${name} AS t`)),
    )
    return JSON.stringify(rows)
  }
}

export function problemsOf(report: LoadReport): ErrorData[] {
  return [...report.rejected.map(({ error }) => error), ...report.sources.flatMap(({ problems }) => problems)]
}
