import { GoldsmithError } from '@/domain/errors'
import { quoteIdentifier, quoteLiteral, quoteName } from '@/domain/sql/quote'
import type { AppendFlow } from '@/engine/project-streams'
import type { StreamingBuild } from './streaming-build'

/** Columns of the state of a table that append flows fill: one row for each row that a flow has read. */
export const READ_ROWS = { flow: 'flow', hash: 'row_hash', key: 'row_key', batch: '__batch' } as const

/** What an append flow has not read yet. */
export interface NewRows {
  /** DuckDB table with the stream's columns, and the hash and key of each row. */
  table: string
  /** The stream's own columns. */
  columns: string[]
}

/** Columns of a stream that make a row what it is to a flow: those that its query names, and its key. */
export interface StreamColumns {
  names: string[]
  keys: string[]
  /** Equal for rows that can be told apart in one state. */
  definition: unknown
}

export async function streamColumns({ lakehouse, context }: StreamingBuild, flow: AppendFlow): Promise<StreamColumns> {
  const given = await lakehouse.describe(`SELECT * FROM ${quoteName(flow.stream)}`)
  const mentioned = new Set(flow.query.columnNames)
  const used = given.filter(({ name }) => mentioned.has('*') || mentioned.has(name.toLowerCase()))
  const primary = context.project.sources.find(({ name }) => name === flow.stream)?.primaryKey ?? []
  const isKey = (name: string) => primary.some((key) => key.toLowerCase() === name.toLowerCase())
  const keys = given.filter(({ name }) => isKey(name))
  const named = [...new Map([...keys, ...used].map((column) => [column.name, column])).values()]
  return {
    names: named.map(({ name }) => name),
    keys: (keys.length > 0 ? keys : named).map(({ name }) => name),
    definition: [flow.name, flow.stream, named],
  }
}

/**
 * The rows that the flow has not read, as often as there are more of them than it has read. `read` is a relation of the state's rows that
 * count. Throws `streaming.source_changed` when a row that was read is not there any more.
 */
export async function newRows(
  build: StreamingBuild,
  flow: AppendFlow,
  of: StreamColumns,
  read: string,
): Promise<NewRows> {
  const { lakehouse, newTable, signal } = build
  const { hash, key } = READ_ROWS
  const names = of.names.map(quoteIdentifier).join(', ')
  const hashed = `(SELECT ${names}, ${rowHash(of.names)} AS ${hash}, ${rowKey(of.keys)} AS ${key} FROM ${quoteName(flow.stream)})`
  const known = `(SELECT ${hash}, count(*) AS copies, min(${key}) AS ${key} FROM ${read}
    WHERE ${READ_ROWS.flow} = ${quoteLiteral(flow.name)} GROUP BY ${hash})`
  await checkAppendOnly(build, flow, hashed, known)
  const table = newTable()
  await lakehouse.database.runCancellable(
    `CREATE TABLE ${quoteName(table)} AS SELECT ${names}, numbered.${hash}, numbered.${key} FROM (
       SELECT *, row_number() OVER (PARTITION BY ${hash}) AS "__copy" FROM ${hashed}
     ) AS numbered LEFT JOIN ${known} AS known ON known.${hash} = numbered.${hash}
     WHERE "__copy" > coalesce(known.copies, 0)`,
    signal,
  )
  return { table, columns: of.names }
}

async function checkAppendOnly(
  { lakehouse, blueprint, context }: StreamingBuild,
  flow: AppendFlow,
  hashed: string,
  known: string,
): Promise<void> {
  const { hash, key } = READ_ROWS
  const gone = `FROM ${known} AS known LEFT JOIN (SELECT ${hash}, count(*) AS copies FROM ${hashed} GROUP BY ${hash}) AS there
    ON there.${hash} = known.${hash} WHERE known.copies > coalesce(there.copies, 0)`
  const [rows, first] = await lakehouse.row(`SELECT count(*), min(known.${key}) ${gone}`)
  if (Number(rows) === 0) return
  const files = context.silver.tables.get(flow.stream)?.files.map(({ path }) => path) ?? []
  throw new GoldsmithError({
    code: 'streaming.source_changed',
    message: `${blueprint.name}: ${rows} rows that the flow ${flow.name} has read were changed or deleted in ${flow.stream}${files.length === 0 ? '' : ` (${files.slice(0, 3).join(', ')})`}. The first: ${String(first)}`,
    remedy: `A stream only ever gains rows. Load a file that still has them, run with a full refresh of ${blueprint.name}, or make it a materialized view or a target of AUTO CDC.`,
    file: blueprint.file,
  })
}

/** The same for the same values in every session and version of the engine. No two rows give the same text. */
function rowHash(columns: readonly string[]): string {
  const texts = columns.map((name) => {
    const text = `CAST(${quoteIdentifier(name)} AS VARCHAR)`
    return `coalesce(length(${text}) || ':' || ${text}, '-')`
  })
  return `md5(${texts.join(" || ',' || ")})`
}

function rowKey(columns: readonly string[]): string {
  const texts = columns.map(
    (name) => `${quoteLiteral(`${name} = `)} || coalesce(CAST(${quoteIdentifier(name)} AS VARCHAR), 'NULL')`,
  )
  return `left(${texts.join(" || ', ' || ")}, 200)`
}
