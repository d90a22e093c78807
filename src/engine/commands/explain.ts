import type { TableMoment } from '@/domain/delta/moment'
import { couldMatch } from '@/domain/delta/scan/could-match'
import { fileBounds } from '@/domain/delta/scan/file-bounds'
import { bytesOf, planScan, rowsOf } from '@/domain/delta/scan/plan-scan'
import { type Predicate, understood } from '@/domain/delta/scan/predicate'
import { queryFilter } from '@/domain/delta/scan/query-filter'
import { type DeltaColumn, parseSchema } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { fileStatistics } from '@/domain/delta/statistics'
import { throwIfCanceled } from '@/domain/errors'
import { goldPath } from '@/engine/gold/gold-path'
import { snapshotAt } from '@/engine/gold/moments'
import { translateQuery } from '@/engine/query/translate-query'
import type { CommandContext } from './command-table'
import { type ResultValue, resultRows } from './result-row'

/** The columns of the result, which has a row a table. */
const COLUMNS = {
  table_name: '',
  version: 0,
  files_read: 0,
  files_total: 0,
  bytes_read: 0,
  bytes_total: 0,
  row_groups_read: 0,
  row_groups_total: 0,
  rows_read: 0,
  rows_total: 0,
  /** The conditions by which files and row groups are left out, as written; NULL when there are none. */
  filter: '',
} satisfies Record<string, ResultValue>

/**
 * EXPLAIN: what of each stored table a query has to read, by the statistics of files in the log and of row groups in the files.
 * Rows count those of the row groups. Nothing is run. Returns the query that gives its result.
 */
export async function explain(context: CommandContext, query: string): Promise<string> {
  const { project, catalog, gold, dialect, clock, deltaTables } = context
  const asOf = new Date(clock.now()).toISOString().slice(0, 10)
  const { tables, moments } = translateQuery({ sql: query }, dialect, { queryable: catalog.names(), project }, asOf)
  const read: { name: string; moment: TableMoment | null }[] = [
    ...[...catalog.behind(tables)].filter((name) => gold.tables.has(name)).map((name) => ({ name, moment: null })),
    ...moments,
  ]
  const isOnlyTable = tables.length + moments.length === 1 && read.length === 1
  const rows: Record<string, ResultValue>[] = []
  for (const { name, moment } of read) {
    throwIfCanceled(context.signal)
    const path = goldPath(name)
    const snapshot =
      moment === null ? await deltaTables.readSnapshot(path) : await snapshotAt(deltaTables, path, moment)
    if (snapshot === null) continue
    const columns = parseSchema(snapshot.metaData.schemaString)
    const isDirect = isOnlyTable && (moment !== null || tables.includes(name))
    const predicate: Predicate = isDirect ? queryFilter(query, columns, name) : { kind: 'unknown' }
    rows.push(await scanOf(context, { name, path, snapshot, columns }, predicate))
  }
  return resultRows(rows, COLUMNS)
}

async function scanOf(
  context: CommandContext,
  table: { name: string; path: string; snapshot: Snapshot; columns: DeltaColumn[] },
  predicate: Predicate,
): Promise<Record<string, ResultValue>> {
  const { snapshot, columns } = table
  const { files, metaData } = snapshot
  const { read } = planScan(files, { columns, partitionColumns: metaData.partitionColumns }, predicate)
  const isRead = new Set(read)
  let [groups, groupsRead, rowsRead] = [0, 0, 0]
  for (const file of files) {
    for (const group of await rowGroups(context, table, file)) {
      groups += 1
      if (!isRead.has(file) || !couldMatch(predicate, group.bounds)) continue
      groupsRead += 1
      rowsRead += group.rows
    }
  }
  const filters = understood(predicate)
  return {
    table_name: table.name,
    version: snapshot.version,
    files_read: read.length,
    files_total: files.length,
    bytes_read: bytesOf(read),
    bytes_total: bytesOf(files),
    row_groups_read: groupsRead,
    row_groups_total: groups,
    rows_read: rowsRead,
    rows_total: rowsOf(files),
    filter: filters.length === 0 ? null : filters.join(' AND '),
  }
}

/** The row groups of a file, with the bounds that its footer has. */
async function rowGroups(
  { codec, deltaTables }: CommandContext,
  { name, path, snapshot, columns }: { name: string; path: string; snapshot: Snapshot; columns: DeltaColumn[] },
  file: Snapshot['files'][number],
) {
  const { partitionColumns } = snapshot.metaData
  const stored = columns.filter((column) => !partitionColumns.includes(column.name))
  const info = await codec.inspect(await deltaTables.openPart(path, file), `${name}/${file.path}`)
  return info.rowGroups.map((group) => {
    const stats = fileStatistics(stored, [group], new Set())
    return { rows: group.rows, bounds: fileBounds({ ...file, stats }, { columns, partitionColumns }) }
  })
}
