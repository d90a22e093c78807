import type { ErrorData, LoadReport } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { bareName, isSidecar, tableOfPath } from '@/domain/silver/classify'
import { type ContractColumn, type FileColumn, planColumns } from '@/domain/silver/column-plan'
import { splitDeltaFolders } from '@/domain/silver/delta-folders'
import { shorten } from '@/domain/silver/shorten'
import type { ParquetCodec } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import { type DroppedDelta, folderLabel, readDroppedDelta } from './delta-source'

/** A Silver table that the pipeline declares, ready to be matched with files. */
export interface SilverContract {
  name: string
  columns: ContractColumn[]
  /** Columns that say which rows are of the same thing; empty when nothing does. */
  key: string[]
  /** Columns that tell newer rows from older ones, the first one first. */
  sequence: string[]
  /** True when all rows of a key count, as its history. */
  keepsHistory: boolean
}

/** What was dropped for one table. */
export interface TableFiles {
  parts: InputFile[]
  deltas: DroppedDelta[]
  /** Delta folders that are the table's by name and whose log cannot be read. */
  unreadable: { folder: string; bytes: number; error: ErrorData }[]
}

/**
 * Finds out which Silver table each file and each Delta folder belongs to: by its path, else by what it holds, or all to `as`.
 * Those of no table are added to the report's rejected ones, with why.
 */
export async function groupFiles(
  codec: ParquetCodec,
  contracts: readonly SilverContract[],
  files: readonly InputFile[],
  as: string | undefined,
  rejected: LoadReport['rejected'],
): Promise<Map<string, TableFiles>> {
  const names = contracts.map(({ name }) => name)
  const forced = as === undefined ? undefined : (names.find((name) => bareName(name) === bareName(as)) ?? null)
  const groups = new Map<string, TableFiles>()
  const groupOf = (table: string) => {
    const group = groups.get(table) ?? { parts: [], deltas: [], unreadable: [] }
    groups.set(table, group)
    return group
  }
  const { deltas, others } = splitDeltaFolders(files)
  for (const [root, inputs] of deltas) {
    const folder = folderLabel(root)
    const byPath = forced === undefined ? tableOfPath(root, names) : forced
    try {
      if (forced === null) throw new GoldsmithError(unknownTable(folder, as, names))
      const delta = await readDroppedDelta(codec, root, inputs)
      const table = byPath ?? tableOfContent(delta, contracts)
      if (table === null) throw new GoldsmithError(unknownTable(folder, as, names))
      groupOf(table).deltas.push(delta)
    } catch (error) {
      const data = toErrorData(error)
      const bytes = inputs.reduce((sum, { file }) => sum + file.size, 0)
      if (byPath === null) rejected.push({ file: folder, error: data })
      else groupOf(byPath).unreadable.push({ folder, bytes, error: data })
    }
  }
  for (const input of others) {
    // Markers inside a dropped folder are not the user's files and not worth a word.
    if (isSidecar(input.path)) continue
    try {
      const table = forced === undefined ? (tableOfPath(input.path, names) ?? (await byColumns())) : forced
      if (table === null) rejected.push({ file: input.path, error: unknownTable(input.path, as, names) })
      else groupOf(table).parts.push(input)
    } catch (error) {
      rejected.push({ file: input.path, error: toErrorData(error) })
    }
    async function byColumns(): Promise<string | null> {
      const { columns } = await codec.inspect(input.file, input.path)
      return tableOfColumns(input.path, columns, contracts)
    }
  }
  return groups
}

/** The table that a Delta table's own name or its columns are those of, or null. */
function tableOfContent(
  { folder, snapshot, columns }: DroppedDelta,
  contracts: readonly SilverContract[],
): string | null {
  const { name } = snapshot.metaData
  const byName =
    name === undefined ? undefined : contracts.find((contract) => bareName(contract.name) === bareName(name))
  return byName?.name ?? tableOfColumns(folder, columns, contracts)
}

/** The one table whose needed columns are all there, or null. */
function tableOfColumns(
  path: string,
  columns: readonly FileColumn[],
  contracts: readonly SilverContract[],
): string | null {
  const fitting = contracts.filter(
    (contract) => planColumns(contract.name, path, contract.columns, columns).problems.length === 0,
  )
  return fitting.length === 1 ? (fitting[0]?.name ?? null) : null
}

function unknownTable(file: string, as: string | undefined, names: readonly string[]): ErrorData {
  const known = names.map(bareName).join(', ')
  return {
    code: 'source.unknown_table',
    message:
      as === undefined
        ? `${shorten(file)}: neither its name nor its columns are those of a Silver table of this pipeline.`
        : `${shorten(file)}: there is no Silver table ${shorten(as)}.`,
    remedy: `Name the file, or the folder it is in, after one of ${known}.`,
    file,
  }
}
