import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import type { ColumnPlan, ContractColumn } from '@/domain/silver/column-plan'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import { isStoredAs, withoutZone } from '@/engine/arrow/arrow-types'
import { retypeStream, streamSchema } from '@/engine/arrow/ipc-stream'
import type { Lakehouse } from '@/engine/lakehouse'
import { decodeAhead } from '@/engine/parquet/decode-ahead'
import type { ParquetCodec } from '@/engine/ports'
import { checkConstants, checkConversions, constantSql, converted, type RowPlace } from './convert'
import { appendError } from './load-errors'
import type { LoadSource } from './load-source'
import { profileSilver } from './profile'
import type { SilverTable } from './silver-table'

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
  /** Takes over the table of that name, whole and checked; gives the table that there is then. */
  publish: (loaded: SilverTable, rows: string) => Promise<SilverTable>
}

/**
 * Reads the planned columns of all part files, row group by row group, into a table of their own, and hands that over at the
 * end: until then, and when anything fails, the table that was there stays.
 */
export async function loadTable(
  context: LoadContext,
  table: string,
  contract: readonly ContractColumn[],
  source: LoadSource,
): Promise<SilverTable> {
  const { lakehouse } = context
  const files = source.parts.map(({ file }) => file)
  const target = `${table}__loading`
  const columns = contract.filter(({ used }) => used)
  await lakehouse.drop(target)
  const definitions = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')
  await lakehouse.database.run(`CREATE TABLE ${quoteName(target)} (${definitions})`)
  try {
    const expected = await appendFiles(context, target, columns, source)
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
      available: source.available,
      delta: source.delta,
      lastLoad: null,
      columns: columns.map(({ name, type }) => ({ name, type })),
      ...profile,
    }
    return await context.publish(loaded, target)
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
  { parts }: LoadSource,
): Promise<number> {
  const totalRows = parts.reduce((sum, { file }) => sum + file.info.rows, 0)
  const totalBytes = parts.reduce((sum, { file }) => sum + file.file.size, 0)
  for (const { file, plan } of parts) await checkConstants(context.lakehouse, file.path, plan.constants)
  const jobs = parts.flatMap(({ file, plan }) => {
    let firstRow = 0
    return file.info.rowGroups.map((group, rowGroup) => {
      const place: RowPlace = { file: file.path, rowGroup, firstRow }
      firstRow += group.rows
      return { file, plan, group, place }
    })
  })
  let rows = 0
  let bytes = 0
  const appended = ({ file, group }: (typeof jobs)[number]) => {
    rows += group.rows
    bytes += (file.file.size * group.rows) / Math.max(1, file.info.rows)
    context.progress({ file: file.path, rows, totalRows, bytes: Math.round(bytes), totalBytes })
  }
  // All that is wanted of a file may be known without it, or absent.
  const decoded = jobs.filter(({ plan }) => plan.reads.length > 0)
  for (const job of jobs.filter(({ plan }) => plan.reads.length === 0)) {
    throwIfCanceled(context.signal)
    await insert(context.lakehouse, target, job.plan, `range(${job.group.rows})`, new Map())
    appended(job)
  }
  const streams = decodeAhead(
    context.codec,
    decoded.map(({ file, plan, group, place }) => ({
      file: file.file,
      name: file.path,
      rowGroup: { index: place.rowGroup, rows: group.rows },
      columns: plan.reads.map(({ fileName }) => fileName),
      expected: group,
    })),
  )
  for await (const { index, stream } of streams) {
    throwIfCanceled(context.signal)
    const job = decoded[index]
    if (job === undefined) continue
    try {
      await append(context.lakehouse, target, columns, job.place, job.plan, stream)
    } catch (error) {
      throw appendError(error, job.place)
    }
    appended(job)
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
    await insert(lakehouse, target, plan, staged, types)
  })
}

/** Inserts the rows of a relation that has the columns that the plan reads, of the given types. */
async function insert(
  lakehouse: Lakehouse,
  target: string,
  { reads, constants, absent }: ColumnPlan,
  relation: string,
  types: ReadonlyMap<string, string>,
): Promise<void> {
  const names = [...reads, ...constants, ...absent].map(({ name }) => quoteIdentifier(name)).join(', ')
  const values = [
    ...reads.map((read) => converted(read, types.get(read.fileName))),
    ...constants.map(constantSql),
    ...absent.map(() => 'NULL'),
  ]
  await lakehouse.database.run(
    `INSERT INTO ${quoteName(target)} (${names}) SELECT ${values.join(', ')} FROM ${relation}`,
  )
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
