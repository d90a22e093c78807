import type { DeltaColumn } from '@/domain/delta/schema'
import { type ColumnPlan, type ContractColumn, type FileColumn, isConvertible, wrongType } from './column-plan'

/** A data file of a Delta table, as the log and its own footer describe it. */
export interface DeltaPart {
  path: string
  /** Columns that the file has. */
  columns: readonly FileColumn[]
  /** Serialised value of each partition column, which the file does not hold. */
  partitionValues: Readonly<Record<string, string | null>>
}

/**
 * Where the values of a table's columns come from, for one data file of a Delta table: from the file, from the log when the
 * table is partitioned by the column, or from nowhere when the file is older than the column; then they are NULL.
 * `columns` is the table's schema, which has been found to fit the contract.
 */
export function planDeltaColumns(
  table: string,
  part: DeltaPart,
  contract: readonly ContractColumn[],
  columns: readonly DeltaColumn[],
): ColumnPlan {
  const declared = new Map(columns.map((column) => [column.name.toLowerCase(), column]))
  const stored = new Map(part.columns.map((column) => [column.name.toLowerCase(), column]))
  const plan: ColumnPlan = { reads: [], constants: [], absent: [], problems: [] }
  for (const wanted of contract) {
    const column = declared.get(wanted.name.toLowerCase())
    const found = stored.get(wanted.name.toLowerCase())
    if (!wanted.used) continue
    if (column !== undefined && Object.hasOwn(part.partitionValues, column.name)) {
      const value = part.partitionValues[column.name] ?? null
      plan.constants.push({ name: wanted.name, type: wanted.type, value, declaredType: column.type })
    } else if (column === undefined || found === undefined) plan.absent.push(wanted)
    else if (isConvertible(found.type, wanted.type)) {
      plan.reads.push({ name: wanted.name, fileName: found.name, fileType: found.type, type: wanted.type })
    } else plan.problems.push(wrongType(table, part.path, wanted, found))
  }
  return plan
}
