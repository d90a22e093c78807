import type { ErrorData } from '@/domain/automation'
import { type ColumnPlan, type ContractColumn, planColumns } from '@/domain/silver/column-plan'
import { shorten } from '@/domain/silver/shorten'
import type { ParquetFileInfo } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import type { SilverTable } from './silver-table'

/** A table's part file with its footer read. */
export interface InspectedFile extends InputFile {
  info: ParquetFileInfo
}

/** What a table is loaded from. It may be loaded when there are no problems. */
export interface LoadSource {
  parts: { file: InspectedFile; plan: ColumnPlan }[]
  /** Lower-case names of all columns that there are, read or not. */
  available: string[]
  /** The Delta table that the parts are of; null for plain Parquet files. */
  delta: SilverTable['delta']
  problems: ErrorData[]
}

/** Checks Parquet files against the table's contract and against each other. Problems are data, all of them at once. */
export function parquetSource(
  table: string,
  contract: readonly ContractColumn[],
  files: readonly InspectedFile[],
): LoadSource {
  const parts = files.map((file) => ({ file, plan: planColumns(table, file.path, contract, file.info.columns) }))
  const problems = parts.flatMap(({ plan }) => plan.problems)
  const [first] = files
  for (const other of files.slice(1)) {
    const difference = first && schemaDifference(first, other)
    if (difference) problems.push(difference)
  }
  if (files.every(({ info }) => info.rows === 0)) {
    problems.push({
      code: 'source.no_rows',
      message: `${files.map(({ path }) => path).join(', ')}: the columns are there, but no rows.`,
      remedy: `Drop a file with rows for ${table}.`,
      ...(first ? { file: first.path } : {}),
    })
  }
  const available = files.flatMap(({ info }) => info.columns.map(({ name }) => name.toLowerCase()))
  return { parts, available, delta: null, problems }
}

function schemaDifference(first: InspectedFile, other: InspectedFile): ErrorData | null {
  const types = (file: InspectedFile) => new Map(file.info.columns.map(({ name, type }) => [name.toLowerCase(), type]))
  const [a, b] = [types(first), types(other)]
  const differences = [...new Set([...a.keys(), ...b.keys()])].flatMap((name) => {
    if (a.get(name) === b.get(name)) return []
    const [one, two] = [a.get(name) ?? 'missing', b.get(name) ?? 'missing']
    return `${shorten(name)} is ${shorten(one)} in one and ${shorten(two)} in the other`
  })
  if (differences.length === 0) return null
  return {
    code: 'source.schema_mismatch',
    message: `${first.path} and ${other.path} were dropped for one table but differ: ${differences.slice(0, 5).join('; ')}.`,
    remedy: 'Drop files of one schema together, or write them again with the same columns and types.',
    file: other.path,
  }
}
