import type { AddFile } from '@/domain/delta/actions'
import { optimizeMetrics, planOptimize, planRewrite, rewrittenFiles } from '@/domain/delta/commands/plan-optimize'
import type { TableCommand } from '@/domain/delta/commands/table-command'
import { isClusterable } from '@/domain/delta/z-order'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { clusterColumnsOf } from '@/engine/run/commit-dataset'
import { type CommandContext, type CommandTable, checkTended, commandTable, commitCommand } from './command-table'
import { type TableCondition, tableCondition } from './condition'
import { filesMatching, isOnPartitions } from './matching-partitions'
import { resultRow } from './result-row'
import { Rewriter } from './rewriter'

type Optimize = Extract<TableCommand, { kind: 'optimize' }>

/**
 * OPTIMIZE: writes the rows of a table's files again, in fewer files or along a Z-order curve. Rows stay the same. Returns the query
 * that gives its result, in Databricks' columns. Throws `delta.unknown_column`, `delta.partition_column`,
 * `delta.not_on_partitions`, `delta.conflict`.
 */
export async function optimize(context: CommandContext, command: Optimize, sql: string): Promise<string> {
  const table = await commandTable(context, command.table)
  checkTended(table)
  const zOrderBy = command.zOrderBy.map((name) => orderColumn(table, name))
  const where = command.where && tableCondition(context, table, command.where, sql)
  const considered = await filesOf(context, table, where)
  const { configuration } = table.snapshot.metaData
  const groups = planRewrite(considered, zOrderBy, configuration)
  const rewriter = new Rewriter(context, table)
  const removed: AddFile[] = []
  const added: AddFile[] = []
  try {
    const clusterBy = zOrderBy.length > 0 ? zOrderBy : clusterColumns(table)
    for (const { files, parts } of groups) {
      throwIfCanceled(context.signal)
      const rewritten = await rewriter.arrange(files, clusterBy, parts)
      removed.push(...files)
      added.push(...rewrittenFiles(rewritten.added, zOrderBy, configuration, crypto.randomUUID()))
    }
    if (removed.length > 0) {
      const asked = { predicate: where?.text ?? null, zOrderBy }
      await commitCommand(context, table, {
        plan: (snapshot, commit) => planOptimize(snapshot, { removed, added }, asked, commit),
        concerns: () => false,
        committed: rewriter.keep,
      })
    }
  } finally {
    await rewriter.close()
  }
  const { filesAdded, filesRemoved, ...counts } = optimizeMetrics(considered, removed, added)
  const metrics = { ...counts, filesAdded: { ...filesAdded }, filesRemoved: { ...filesRemoved } }
  return resultRow({ path: table.path, metrics })
}

async function filesOf(
  { lakehouse }: CommandContext,
  table: CommandTable,
  where: TableCondition | null,
): Promise<readonly AddFile[]> {
  if (where === null) return table.snapshot.files
  if (isOnPartitions(where, table)) return filesMatching(lakehouse, table, where, table.name.split('.').at(-1) ?? '')
  const { partitionColumns } = table.snapshot.metaData
  throw new GoldsmithError({
    code: 'delta.not_on_partitions',
    message: `OPTIMIZE rewrites whole partitions of ${table.name}, and the condition ${where.text.slice(0, 120)} is about rows.`,
    remedy:
      partitionColumns.length === 0
        ? 'The table has no partitions: leave WHERE out.'
        : `Write a condition over ${partitionColumns.join(', ')} alone.`,
  })
}

/** How the build lays rows out in files, so that compacting keeps it. */
function clusterColumns({ dataset, columns, name }: CommandTable): string[] {
  if (dataset === null || dataset.name !== name) return []
  const wanted = clusterColumnsOf(dataset).map((column) => column.toLowerCase())
  return columns.filter((column) => wanted.includes(column.name.toLowerCase())).map((column) => column.name)
}

/** The column's name as the table writes it. */
function orderColumn({ name, columns, snapshot }: CommandTable, wanted: string): string {
  const column = columns.find((candidate) => candidate.name.toLowerCase() === wanted.toLowerCase())
  if (column === undefined || !isClusterable(column.type)) {
    throw new GoldsmithError({
      code: 'delta.unknown_column',
      message:
        column === undefined
          ? `${name} has no column ${wanted.slice(0, 80)} to order by.`
          : `Column ${column.name} of ${name} has the type ${column.type}, which has no order.`,
      remedy: `It has ${columns
        .filter(({ type }) => isClusterable(type))
        .map((candidate) => candidate.name)
        .join(', ')}.`,
    })
  }
  if (!snapshot.metaData.partitionColumns.includes(column.name)) return column.name
  throw new GoldsmithError({
    code: 'delta.partition_column',
    message: `${name} is partitioned by ${column.name}: all rows of a file have the same value of it already.`,
    remedy: 'Order by other columns.',
  })
}
