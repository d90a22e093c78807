import type { ErrorData } from '@/domain/automation'
import { shorten } from './shorten'

/** A column that the Silver contract names, with its DuckDB type. */
export interface ContractColumn {
  name: string
  type: string
  optional: boolean
  /** False when no query of the pipeline mentions it: then it is not read. */
  used: boolean
}

/** A column as the file has it, with the DuckDB type of its decoded values. */
export interface FileColumn {
  name: string
  type: string
}

export interface ColumnRead {
  /** Name in the contract. */
  name: string
  /** Name in the file; may differ in case. */
  fileName: string
  fileType: string
  type: string
}

/** A column that has one value in all rows of a file, which the file does not hold. */
export interface ColumnConstant {
  /** Name in the contract. */
  name: string
  type: string
  /** As text that DuckDB casts to `declaredType`. */
  value: string | null
  /** DuckDB type that the value was written with. */
  declaredType: string
}

export interface ColumnPlan {
  reads: ColumnRead[]
  /** Columns whose value is known from elsewhere: partition columns of Delta tables. */
  constants: ColumnConstant[]
  /** Columns that the file lacks and may lack: supplied as NULL. */
  absent: ContractColumn[]
  problems: ErrorData[]
}

/** Which columns of a file are read for a table, and what speaks against it. Extra columns are ignored. */
export function planColumns(
  table: string,
  file: string,
  contract: readonly ContractColumn[],
  columns: readonly FileColumn[],
): ColumnPlan {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]))
  const plan: ColumnPlan = { reads: [], constants: [], absent: [], problems: [] }
  for (const wanted of contract) {
    const found = byName.get(wanted.name.toLowerCase())
    if (found === undefined) {
      if (wanted.optional) plan.absent.push(wanted)
      else plan.problems.push(missingColumn(table, file, wanted, columns))
    } else if (!isConvertible(found.type, wanted.type)) {
      plan.problems.push(wrongType(table, file, wanted, found))
    } else if (wanted.used) {
      plan.reads.push({ name: wanted.name, fileName: found.name, fileType: found.type, type: wanted.type })
    }
  }
  plan.absent = plan.absent.filter(({ used }) => used)
  return plan
}

/**
 * Whether values of one type may become the other. Widths may differ (each value is checked when it is read);
 * kinds may not: text is never parsed into a number or a date.
 */
export function isConvertible(from: string, to: string): boolean {
  const source = kindOf(from)
  const target = kindOf(to)
  if (source === target) return true
  switch (target) {
    case 'number':
      return false
    case 'timestamp':
      return source === 'date'
    case 'date':
      return source === 'timestamp'
    case 'text':
      // An identifier that happens to be all digits, like an invoice number, is text without loss.
      return isInteger(from) || from === 'UUID'
    default:
      return false
  }
}

function kindOf(type: string): string {
  if (isInteger(type) || /^(DECIMAL|FLOAT|DOUBLE|HUGEINT)/.test(type)) return 'number'
  if (type.startsWith('TIMESTAMP')) return 'timestamp'
  if (type === 'DATE') return 'date'
  if (type === 'VARCHAR') return 'text'
  return type
}

function isInteger(type: string): boolean {
  return /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(type)
}

function missingColumn(table: string, file: string, wanted: ContractColumn, columns: readonly FileColumn[]): ErrorData {
  const names = columns.map(({ name }) => shorten(name, 40))
  const shown = names.slice(0, 12).join(', ')
  return {
    code: 'source.missing_column',
    message: `${file}: column ${wanted.name} (${wanted.type}), which ${table} needs, is missing. The file has ${shown}${names.length > 12 ? `, … (${names.length} columns)` : ''}.`,
    remedy: `Write the file with a column named ${wanted.name}.`,
    file,
  }
}

/** The problem of a column whose values cannot become those of the contract's type. */
export function wrongType(table: string, file: string, wanted: ContractColumn, found: FileColumn): ErrorData {
  return {
    code: 'source.column_type',
    message: `${file}: column ${shorten(found.name)} is ${shorten(found.type)}, but ${table}.${wanted.name} is ${wanted.type}.`,
    remedy: `Write the column as ${wanted.type}; values are not parsed from another kind of type.`,
    file,
  }
}
