import type { ErrorData } from '@/domain/automation'
import type { AddFile, MetaData } from '@/domain/delta/actions'
import { parsePartitionValue } from '@/domain/delta/partition-values'
import { dataFilePath } from '@/domain/delta/paths'
import { type DeltaColumn, parseSchema } from '@/domain/delta/schema'
import type { Snapshot } from '@/domain/delta/snapshot'
import { recordCount } from '@/domain/delta/statistics'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { type ContractColumn, planColumns } from '@/domain/silver/column-plan'
import { planDeltaColumns } from '@/domain/silver/delta-column-plan'
import { LogReader } from '@/engine/delta/log-reader'
import type { ParquetCodec } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import { DroppedFiles } from './dropped-files'
import type { InspectedFile, LoadSource } from './load-source'

/** A Delta table that was dropped, its log replayed to the last version. */
export interface DroppedDelta {
  /** Path of the dropped folder, or a name for one that has none. */
  folder: string
  files: DroppedFiles
  snapshot: Snapshot
  columns: DeltaColumn[]
  bytes: number
}

/** What a folder is called when only its contents were dropped. */
const NAMELESS = 'dropped folder'

/** The folder's name for messages. */
export function folderLabel(root: string): string {
  return root === '' ? NAMELESS : root
}

/**
 * Replays the log of a dropped Delta table; `root` is its folder's path among the files. Rejects with what `LogReader.snapshot`
 * says, `delta.no_log`, or an error about the schema; all name the folder or a file in it.
 */
export async function readDroppedDelta(
  codec: ParquetCodec,
  root: string,
  inputs: readonly InputFile[],
): Promise<DroppedDelta> {
  const folder = folderLabel(root)
  const files = new DroppedFiles(inputs, root, folder)
  return named(folder, async () => {
    const snapshot = await new LogReader(files, codec).snapshot(folder)
    if (snapshot === null) throw new GoldsmithError(noLog(folder))
    const columns = parseSchema(snapshot.metaData.schemaString)
    return { folder, files, snapshot, columns, bytes: inputs.reduce((sum, { file }) => sum + file.size, 0) }
  })
}

/**
 * Checks a Delta table against the contract, and each of its files against the log. Only files that the last version has are
 * looked at. Problems are data, all of them at once.
 */
export async function deltaSource(
  codec: ParquetCodec,
  table: string,
  contract: readonly ContractColumn[],
  delta: DroppedDelta,
): Promise<LoadSource> {
  const { folder, snapshot, columns } = delta
  const { problems } = planColumns(table, folder, contract, columns)
  const parts: LoadSource['parts'] = []
  for (const add of problems.length > 0 ? [] : snapshot.files) {
    try {
      const partitionValues = await named(folder, async () => partitionTexts(add, snapshot.metaData, columns))
      const file = await inspectPart(codec, delta, add)
      const plan = planDeltaColumns(table, { ...file, columns: file.info.columns, partitionValues }, contract, columns)
      problems.push(...plan.problems)
      parts.push({ file, plan })
    } catch (error) {
      problems.push({ file: folder, ...toErrorData(error) })
    }
  }
  if (problems.length === 0 && parts.every(({ file }) => file.info.rows === 0)) problems.push(noRows(table, delta))
  const available = columns.map(({ name }) => name.toLowerCase())
  return { parts, available, delta: { folder, version: snapshot.version }, problems }
}

/** A live data file with its footer. Rejects with `delta.missing_file`, `delta.row_count` or `parquet.*`. */
async function inspectPart(
  codec: ParquetCodec,
  { folder, files, snapshot }: DroppedDelta,
  add: AddFile,
): Promise<InspectedFile> {
  const path = await named(folder, async () => `${folder}/${dataFilePath(add.path)}`)
  const file = await files.open(path).catch(() => {
    throw new GoldsmithError({
      code: 'delta.missing_file',
      message: `${path}: version ${snapshot.version} of the Delta table “${folder}” has this file, and it is not in the dropped folder.`,
      remedy:
        'Drop the whole folder of the table. If the file is lost, restore the table to a version that does not need it.',
      file: path,
    })
  })
  const info = await codec.inspect(file, path)
  const expected = recordCount(add.stats)
  if (expected !== null && expected !== info.rows) {
    throw new GoldsmithError({
      code: 'delta.row_count',
      message: `${path}: the file has ${info.rows} rows where the log of the Delta table “${folder}” says ${expected}.`,
      remedy: 'Copy the file again from where the table came from: this is another one.',
      file: path,
    })
  }
  return { path, file, info }
}

/** The values of a file's partition columns, checked against their types. */
function partitionTexts(
  add: AddFile,
  { partitionColumns }: MetaData,
  columns: readonly DeltaColumn[],
): Record<string, string | null> {
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  return Object.fromEntries(
    partitionColumns.map((column) => {
      const value = add.partitionValues[column]
      const type = types.get(column)
      if (value === undefined || type === undefined) {
        throw new GoldsmithError({
          code: 'delta.invalid_partition_value',
          message: `The log has no ${type === undefined ? 'type' : 'value'} for the partition column “${column}” of “${add.path}”.`,
          remedy: 'The table’s log is damaged: restore it from where the table came from.',
        })
      }
      const plain = parsePartitionValue(value, type)
      return [column, plain === null ? null : String(plain)]
    }),
  )
}

/** Gives errors that name no file the folder's name, in the message too. */
async function named<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const data = toErrorData(error)
    if (data.code === 'internal.unexpected' || data.file !== undefined) throw error
    throw new GoldsmithError({ ...data, message: `${folder}: ${data.message}`, file: folder })
  }
}

function noLog(folder: string): ErrorData {
  return {
    code: 'delta.no_log',
    message: `${folder}: its _delta_log holds no entry of the log.`,
    remedy: 'Drop the whole folder of the Delta table, or its Parquet files without _delta_log.',
    file: folder,
  }
}

function noRows(table: string, { folder, snapshot }: DroppedDelta): ErrorData {
  return {
    code: 'source.no_rows',
    message: `${folder}: version ${snapshot.version} of the Delta table has no rows.`,
    remedy: `Drop a table with rows for ${table}.`,
    file: folder,
  }
}
