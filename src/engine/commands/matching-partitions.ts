import type { AddFile } from '@/domain/delta/actions'
import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { CommandTable } from './command-table'
import type { TableCondition } from './condition'

/** Whether a condition looks at nothing but partition columns: then it holds for all rows of a file or for none. */
export function isOnPartitions({ columnNames }: TableCondition, { snapshot }: CommandTable): boolean {
  const partitioned = new Set(snapshot.metaData.partitionColumns.map((name) => name.toLowerCase()))
  return columnNames.every((name) => partitioned.has(name))
}

/** The files for whose partition values such a condition is TRUE, as the engine judges it. */
export async function filesMatching(
  lakehouse: Lakehouse,
  { columns, snapshot }: CommandTable,
  { duckdbSql }: TableCondition,
  alias: string,
): Promise<AddFile[]> {
  const { files, metaData } = snapshot
  if (files.length === 0) return []
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? 'VARCHAR'
  const rows = files.map(({ partitionValues }, index) => {
    const values = metaData.partitionColumns.map((name) => {
      const value = partitionValues[name] ?? null
      return `CAST(${value === null ? 'NULL' : quoteLiteral(value)} AS ${typeOf(name)})`
    })
    return `(${[index, ...values].join(', ')})`
  })
  const names = ['__file', ...metaData.partitionColumns].map(quoteIdentifier).join(', ')
  const found = await lakehouse.rows(
    `SELECT "__file" FROM (VALUES ${rows.join(', ')}) AS ${quoteIdentifier(alias)}(${names}) WHERE (${duckdbSql})`,
  )
  const matching = new Set(found.map(([index]) => Number(index)))
  return files.filter((_, index) => matching.has(index))
}
