import type { TableVersion } from '@/domain/automation'
import { tokenize } from '@/domain/pipeline/tokens'
import { quoteText } from '@/domain/sql/quote'
import type { GoldTable } from '@/engine/gold/gold-store'

/** What DESCRIBE HISTORY and DESCRIBE DETAIL ask for. */
export interface DescribeRequest {
  what: 'history' | 'detail'
  /** As written, lower-case: one to three parts. */
  table: string[]
}

/** The request that a Databricks statement makes, or null for any other statement. `sql` is one whole statement. */
export function describeRequest(sql: string): DescribeRequest | null {
  const tokens = tokenize(sql).filter(({ kind }) => kind !== 'end')
  const [verb, what, ...rest] = tokens
  if (verb === undefined || what === undefined || !/^desc(ribe)?$/i.test(verb.value)) return null
  const kind = what.value.toLowerCase()
  if (what.kind === 'name' || (kind !== 'history' && kind !== 'detail')) return null
  const names = rest.filter((_, index) => index % 2 === 0)
  const dots = rest.filter((_, index) => index % 2 === 1)
  const isName = names.length > 0 && names.length === dots.length + 1 && dots.every(({ value }) => value === '.')
  return isName ? { what: kind, table: names.map(({ value }) => value.toLowerCase()) } : null
}

/** A DuckDB query with the versions, newest first, in the columns of Databricks' DESCRIBE HISTORY. */
export function historySql(versions: readonly TableVersion[]): string {
  const rows = versions.map(
    ({ version, timestamp, operation, operationParameters, operationMetrics }) =>
      `(${[
        `CAST(${version} AS BIGINT)`,
        `CAST(${quoteText(timestamp.replace('T', ' ').replace('Z', ''))} AS TIMESTAMP)`,
        quoteText(operation),
        map(operationParameters),
        map(operationMetrics),
      ].join(', ')})`,
  )
  const columns = '"version", "timestamp", "operation", "operationParameters", "operationMetrics"'
  if (rows.length > 0) return `SELECT * FROM (VALUES ${rows.join(', ')}) AS history(${columns})`
  const none = `CAST(NULL AS BIGINT), CAST(NULL AS TIMESTAMP), '', ${map({})}, ${map({})}`
  return `SELECT * FROM (VALUES (${none})) AS history(${columns}) WHERE FALSE`
}

/** A DuckDB query with one row, in the columns of Databricks' DESCRIBE DETAIL that make sense here. */
export function detailSql({ name, snapshot, rows, bytes }: GoldTable): string {
  const { metaData, protocol, files } = snapshot
  const columns: [string, string][] = [
    ['format', quoteText('delta')],
    ['id', quoteText(metaData.id)],
    ['name', quoteText(name)],
    ['description', quoteText(metaData.description ?? null)],
    ['createdAt', `make_timestamp(${BigInt(metaData.createdTime ?? 0) * 1000n})`],
    ['partitionColumns', `CAST([${metaData.partitionColumns.map(quoteText).join(', ')}] AS VARCHAR[])`],
    ['version', `CAST(${snapshot.version} AS BIGINT)`],
    ['numFiles', `CAST(${files.length} AS BIGINT)`],
    ['sizeInBytes', `CAST(${bytes} AS BIGINT)`],
    ['numRows', `CAST(${rows} AS BIGINT)`],
    ['properties', map(metaData.configuration)],
    ['minReaderVersion', String(protocol.minReaderVersion)],
    ['minWriterVersion', String(protocol.minWriterVersion)],
  ]
  return `SELECT ${columns.map(([label, value]) => `${value} AS "${label}"`).join(', ')}`
}

function map(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values)
  const texts = entries.map(([, value]) => (value === null || value === undefined ? null : plain(value)))
  return `map(CAST([${entries.map(([key]) => quoteText(key)).join(', ')}] AS VARCHAR[]), CAST([${texts.map(quoteText).join(', ')}] AS VARCHAR[]))`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
