import type { ErrorData } from '@/domain/automation'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { type ColumnPlan, type ContractColumn, planColumns } from '@/domain/silver/column-plan'
import { shorten } from '@/domain/silver/shorten'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { isStoredAs, withoutZone } from '@/engine/arrow/arrow-types'
import { retypeStream, streamSchema } from '@/engine/arrow/ipc-stream'
import type { Lakehouse } from '@/engine/lakehouse'
import { decodeAhead } from '@/engine/parquet/decode-ahead'
import type { ParquetCodec, ParquetFileInfo } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import { checkConversions, converted, type RowPlace } from './convert'
import { appendError } from './load-errors'
import { profileSilver } from './profile'
import type { SilverTable } from './silver-table'

/** A table's part file with its footer read. */
export interface InspectedFile extends InputFile {
  info: ParquetFileInfo
}

export interface LoadProgress {
  file: string
  rows: number
  totalRows: number
  bytes: number
  totalBytes: number
}

export interface LoadContext {
  lakehouse: Lakehouse
  codec: ParquetCodec
  signal: AbortSignal | undefined
  progress: (progress: LoadProgress) => void
  /** Puts the table of that name, whole and checked, in the place of the one that was there. */
  publish: (loaded: SilverTable, rows: string) => Promise<void>
}

/**
 * Checks part files against the table's contract and against each other.
 * Returns a plan a file, or throws nothing: problems are data, all of them at once.
 */
export function planLoad(
  table: string,
  contract: readonly ContractColumn[],
  files: readonly InspectedFile[],
): { plans: ColumnPlan[]; problems: ErrorData[] } {
  const plans = files.map(({ path, info }) => planColumns(table, path, contract, info.columns))
  const problems = plans.flatMap((plan) => plan.problems)
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
  return { plans, problems }
}

/**
 * Reads the planned columns of all part files, row group by row group, into the Silver table, replacing it at the
 * end: until then, and when anything fails, the table that was there stays.
 */
export async function loadTable(
  context: LoadContext,
  table: string,
  contract: readonly ContractColumn[],
  files: readonly InspectedFile[],
  plans: readonly ColumnPlan[],
): Promise<SilverTable> {
  const { lakehouse } = context
  const target = `${table}__loading`
  const columns = contract.filter(({ used, name, optional }) => used && (optional || isRead(plans, name)))
  await lakehouse.drop(target)
  const definitions = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')
  await lakehouse.database.run(`CREATE TABLE ${quoteName(target)} (${definitions})`)
  try {
    const expected = await appendFiles(context, target, columns, files, plans)
    const profile = await profileSilver(lakehouse, target, columns)
    if (profile.rows !== expected) {
      throw new GoldsmithError({
        code: 'source.row_count',
        message: `${table}: ${profile.rows} rows arrived where the files hold ${expected}.`,
        remedy: 'Load the files again; if it happens again, the files are damaged.',
      })
    }
    throwIfCanceled(context.signal)
    const loaded: SilverTable = {
      name: table,
      files: files.map(({ path, file, info }) => ({ path, rows: info.rows, bytes: file.size })),
      bytes: files.reduce((sum, { file }) => sum + file.size, 0),
      available: files.flatMap(({ info }) => info.columns.map(({ name }) => name.toLowerCase())),
      columns: columns.map(({ name, type }) => ({ name, type })),
      ...profile,
    }
    await context.publish(loaded, target)
    return loaded
  } catch (error) {
    await lakehouse.drop(target)
    throw error
  }
}

/** Returns the number of rows that the files' footers promise. */
async function appendFiles(
  context: LoadContext,
  target: string,
  columns: readonly ContractColumn[],
  files: readonly InspectedFile[],
  plans: readonly ColumnPlan[],
): Promise<number> {
  const totalRows = files.reduce((sum, { info }) => sum + info.rows, 0)
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0)
  const jobs = files.flatMap((part, index) => {
    const fileColumns = plans[index]?.reads.map(({ fileName }) => fileName) ?? []
    let firstRow = 0
    return part.info.rowGroups.map((group, rowGroup) => {
      const place: RowPlace = { file: part.path, rowGroup, firstRow }
      firstRow += group.rows
      return { part, plan: plans[index], fileColumns, group, place }
    })
  })
  let rows = 0
  let bytes = 0
  const streams = decodeAhead(
    context.codec,
    jobs.map(({ part, fileColumns, group, place }) => ({
      file: part.file,
      name: part.path,
      rowGroup: { index: place.rowGroup, rows: group.rows },
      columns: fileColumns,
      expected: group,
    })),
  )
  for await (const { index, stream } of streams) {
    throwIfCanceled(context.signal)
    const job = jobs[index]
    if (job?.plan === undefined) continue
    try {
      await append(context.lakehouse, target, columns, job.place, job.plan, stream)
    } catch (error) {
      throw appendError(error, job.place)
    }
    rows += job.group.rows
    bytes += (job.part.file.size * job.group.rows) / Math.max(1, job.part.info.rows)
    context.progress({ file: job.part.path, rows, totalRows, bytes: Math.round(bytes), totalBytes })
  }
  return totalRows
}

async function append(
  lakehouse: Lakehouse,
  target: string,
  columns: readonly ContractColumn[],
  place: RowPlace,
  plan: ColumnPlan,
  stream: Uint8Array,
): Promise<void> {
  const plain = retypeStream(stream, withoutZone)
  const [schema = '', table = ''] = target.split('.')
  if (fitsAsItIs(plain, columns)) {
    await lakehouse.database.insertArrow({ schema, table, create: false }, plain)
    return
  }
  await lakehouse.staged(plain, async (staged) => {
    const types = await checkConversions(lakehouse, staged, place, plan.reads)
    const names = plan.reads.map(({ name }) => quoteIdentifier(name)).join(', ')
    await lakehouse.database.run(
      `INSERT INTO ${quoteName(target)} (${names}) SELECT ${plan.reads.map((read) => converted(read, types.get(read.fileName))).join(', ')} FROM ${staged}`,
    )
  })
}

/** True when the stream has the table's columns, in its order, in its types: then rows are appended without a cast. */
function fitsAsItIs(stream: Uint8Array, columns: readonly ContractColumn[]): boolean {
  const { fields } = streamSchema(stream)
  return (
    fields.length === columns.length &&
    columns.every(({ name, type }, index) => {
      const field = fields[index]
      return field !== undefined && field.name === name && isStoredAs(field.type, type)
    })
  )
}

function isRead(plans: readonly ColumnPlan[], name: string): boolean {
  return plans.some((plan) => plan.reads.some((read) => read.name === name))
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
