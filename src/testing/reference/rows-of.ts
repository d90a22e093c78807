import type { DuckDBConnection } from '@duckdb/node-api'

/** The rows of a query, every value as DuckDB prints it, NULL as null. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const result = await connection.runAndReadAll(sql)
  return result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
}
