import { DuckDBInstance } from '@duckdb/node-api'
import type { PolyglotDialect } from '@/adapters/polyglot/dialect'
import { engineMacros } from '@/adapters/polyglot/macros'
import type { AnalyzedQuery } from '@/engine/ports'
import { createNodeDialect } from './node-dialect'

/** Native DuckDB with the engine's macros, and the dialect: runs Databricks SQL and shows each value as text. */
export interface DialectDatabase {
  dialect: PolyglotDialect
  /** Runs DuckDB SQL; NULL as null, anything else as DuckDB prints it. */
  rows(duckdbSql: string): Promise<(string | null)[][]>
  /** Translates and runs; throws the ErrorData's code and message when it cannot be translated. */
  spark(sql: string): Promise<(string | null)[][]>
  translate(sql: string): AnalyzedQuery
}

/** The business date of the tests: a leap day. */
const AS_OF = '2024-02-29'

export async function openDialectDatabase(): Promise<DialectDatabase> {
  const dialect = createNodeDialect()
  await dialect.load()
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  for (const macro of engineMacros) await connection.run(macro)
  const translate = (sql: string): AnalyzedQuery => {
    const analyzed = dialect.analyzeQuery(sql, { asOf: AS_OF })
    if ('error' in analyzed) throw new Error(`${analyzed.error.code}: ${analyzed.error.message}`)
    return analyzed
  }
  const rows = async (sql: string): Promise<(string | null)[][]> => {
    const result = await connection.runAndReadAll(sql)
    return result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
  }
  return { dialect, translate, rows, spark: (sql) => rows(translate(sql).duckdbSql) }
}
