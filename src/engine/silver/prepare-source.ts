import type { ErrorData, LoadReport } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import type { ContractColumn } from '@/domain/silver/column-plan'
import type { ParquetCodec } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'
import { deltaSource } from './delta-source'
import { duplicateOf } from './duplicate-files'
import type { TableFiles } from './group-files'
import { type InspectedFile, type LoadSource, parquetSource } from './load-source'
import type { SilverFailure } from './silver-table'

/** What was dropped for a table, checked: ready to be loaded, or why it cannot be; null when `rejected` says that already. */
export type Prepared = { source: LoadSource } | { failure: SilverFailure } | null

/** Checks what was dropped for a table against its contract. Files that are left out are added to `rejected`, with why. */
export async function prepareSource(
  codec: ParquetCodec,
  table: string,
  contract: readonly ContractColumn[],
  dropped: TableFiles,
  rejected: LoadReport['rejected'],
): Promise<Prepared> {
  const { parts, deltas, unreadable } = dropped
  const [delta] = deltas
  if (delta === undefined && unreadable.length === 0) return prepareParquet(codec, table, contract, parts, rejected)
  const files = describeDropped(dropped)
  if (unreadable.length > 0) return { failure: { files, problems: unreadable.map(({ error }) => error) } }
  if (delta === undefined || files.length > 1) return { failure: { files, problems: [severalTables(table, files)] } }
  const source = await deltaSource(codec, table, contract, delta)
  return source.problems.length === 0 ? { source } : { failure: { files, problems: source.problems } }
}

async function prepareParquet(
  codec: ParquetCodec,
  table: string,
  contract: readonly ContractColumn[],
  parts: readonly InputFile[],
  rejected: LoadReport['rejected'],
): Promise<Prepared> {
  const { inspected, unreadable } = await inspect(codec, parts, rejected)
  const [first] = unreadable
  if (first !== undefined && parts.length === 1) {
    rejected.push({ file: first.part.path, error: first.error })
    return null
  }
  if (first !== undefined) {
    // The parts that can be read would make a partial table that looks like a whole one.
    return {
      failure: { files: describeParts(parts, inspected), problems: unreadable.map(({ error }) => error) },
    }
  }
  const source = parquetSource(table, contract, inspected)
  if (source.problems.length === 0) return { source }
  return { failure: { files: describeParts(inspected, inspected), problems: source.problems } }
}

/** Reads the footers. A part dropped twice is noted and read once; those that cannot be read come with why. */
async function inspect(
  codec: ParquetCodec,
  parts: readonly InputFile[],
  rejected: LoadReport['rejected'],
): Promise<{ inspected: InspectedFile[]; unreadable: { part: InputFile; error: ErrorData }[] }> {
  const inspected: InspectedFile[] = []
  const unreadable: { part: InputFile; error: ErrorData }[] = []
  for (const part of parts) {
    const original = await duplicateOf(part, inspected)
    if (original !== null) {
      rejected.push({ file: part.path, error: duplicate(part.path, original.path) })
      continue
    }
    try {
      inspected.push({ ...part, info: await codec.inspect(part.file, part.path) })
    } catch (error) {
      unreadable.push({ part, error: { file: part.path, ...toErrorData(error) } })
    }
  }
  return { inspected, unreadable }
}

/** The parts with the rows that their footers promise: none where the footer cannot be read. */
export function describeParts(
  parts: readonly InputFile[],
  inspected: readonly InspectedFile[],
): SilverFailure['files'] {
  const rows = new Map(inspected.map(({ file, info }) => [file, info.rows]))
  return parts.map(({ path, file }) => ({ path, rows: rows.get(file) ?? 0, bytes: file.size }))
}

function describeDropped({ parts, deltas, unreadable }: TableFiles): SilverFailure['files'] {
  const folders = [...deltas, ...unreadable].map(({ folder, bytes }) => ({ path: folder, rows: 0, bytes }))
  return [...folders, ...describeParts(parts, [])]
}

function severalTables(table: string, dropped: SilverFailure['files']): ErrorData {
  const paths = dropped.map(({ path }) => path)
  return {
    code: 'source.several_tables',
    message: `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ', …' : ''} were dropped for ${table}, but a Delta table is a whole table by itself.`,
    remedy: 'Drop one of them alone.',
    ...(paths[0] === undefined ? {} : { file: paths[0] }),
  }
}

function duplicate(file: string, original: string): ErrorData {
  return {
    code: 'source.duplicate_file',
    message: `${file} holds the same bytes as ${original}; its rows were read once.`,
    remedy: 'Drop each part file once.',
    file,
  }
}
