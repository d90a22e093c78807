import { GoldsmithError } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import { withoutZone } from '@/engine/arrow/arrow-types'
import { retypeStream } from '@/engine/arrow/ipc-stream'
import { type DecodeJob, decodeAhead } from '@/engine/parquet/decode-ahead'
import { goldPath } from './gold-path'
import type { GoldStoreOptions, GoldTable } from './gold-store'

/** What is read of a table: all files of a version, or some. */
export type RowsOf = Pick<GoldTable, 'name' | 'columns' | 'rows'> & {
  snapshot: Pick<GoldTable['snapshot'], 'files' | 'metaData'>
}

/**
 * Reads a table's data files into a DuckDB table. Throws `delta.row_count` when they do not hold the rows that the log says, and
 * leaves nothing behind then.
 */
export async function readRows(options: Omit<GoldStoreOptions, 'files'>, table: RowsOf, target: string): Promise<void> {
  const { lakehouse, codec, tables } = options
  const loading = `${target}__loading`
  const [schema = '', name = ''] = loading.split('.')
  await lakehouse.createSchema(schema)
  await lakehouse.drop(loading)
  const definitions = table.columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(', ')
  await lakehouse.database.run(`CREATE TABLE ${quoteName(loading)} (${definitions})`)
  try {
    const partitioned = new Set(table.snapshot.metaData.partitionColumns)
    const columns = table.columns.map((column) => column.name).filter((column) => !partitioned.has(column))
    const jobs: (DecodeJob & { partitionValues: Record<string, string | null> })[] = []
    for (const part of table.snapshot.files) {
      const file = await tables.openPart(goldPath(table.name), part)
      const label = `${table.name}/${part.path}`
      const info = await codec.inspect(file, label)
      info.rowGroups.forEach((group, index) => {
        jobs.push({
          expected: group,
          file,
          name: label,
          rowGroup: { index, rows: group.rows },
          columns,
          partitionValues: part.partitionValues,
        })
      })
    }
    for await (const { index, stream } of decodeAhead(codec, jobs)) {
      const rows = retypeStream(stream, withoutZone)
      if (partitioned.size === 0) await lakehouse.database.insertArrow({ schema, table: name, create: false }, rows)
      else await insertPartition(options, table, loading, rows, jobs[index]?.partitionValues ?? {})
    }
    const rows = await lakehouse.count(loading)
    if (rows !== table.rows) {
      throw new GoldsmithError({
        code: 'delta.row_count',
        message: `${table.name}: its files gave ${rows} rows where the log says ${table.rows}.`,
        remedy: 'Run the pipeline again with a full refresh of this table.',
      })
    }
    await lakehouse.replace(loading, target)
  } catch (error) {
    await lakehouse.drop(loading)
    throw error
  }
}

/** A part does not hold its partition's columns: their values come from the log. */
async function insertPartition(
  { lakehouse }: Omit<GoldStoreOptions, 'files'>,
  table: RowsOf,
  target: string,
  rows: Uint8Array,
  values: Record<string, string | null>,
): Promise<void> {
  const partitioned = new Set(table.snapshot.metaData.partitionColumns)
  const select = table.columns.map(({ name, type }) => {
    const value = values[name] ?? null
    if (!partitioned.has(name)) return quoteIdentifier(name)
    return value === null ? 'NULL' : `CAST(${quoteLiteral(value)} AS ${type})`
  })
  await lakehouse.staged(rows, (staged) =>
    lakehouse.database.run(`INSERT INTO ${quoteName(target)} SELECT ${select.join(', ')} FROM ${staged}`),
  )
}
