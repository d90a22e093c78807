import type { AddFile } from '@/domain/delta/actions'
import type { CommitContext, CommitPlan } from '@/domain/delta/plan-commit'
import type { Snapshot } from '@/domain/delta/snapshot'
import { type FileSizes, fileSizes, planCommand, removeFile } from './plan-command'

/** Size of files that OPTIMIZE makes, in bytes, where `delta.targetFileSize` does not say another. */
const TARGET_BYTES = 64 * 1024 * 1024

/** Tags that Delta's own writers put on files that OPTIMIZE made. */
const TARGET_TAG = 'OPTIMIZE_TARGET_SIZE'
const CUBE_TAG = 'ZCUBE_ID'
const CUBE_COLUMNS_TAG = 'ZCUBE_ZORDER_BY'
const CURVE_TAG = 'ZCUBE_ZORDER_CURVE'

/** Files of one partition whose rows are written again together. */
export interface RewriteGroup {
  files: AddFile[]
  /** How many files the rows shall become. */
  parts: number
}

/**
 * What OPTIMIZE rewrites of these files. Without columns: small files of a partition, packed into ones of the target size. With
 * columns: whole partitions, unless they lie along that curve already.
 */
export function planRewrite(
  files: readonly AddFile[],
  zOrderBy: readonly string[],
  configuration: Readonly<Record<string, string>>,
): RewriteGroup[] {
  const target = targetFileSize(configuration)
  return [...byPartition(files).values()].flatMap((partition) =>
    zOrderBy.length > 0 ? ordered(partition, zOrderBy, target) : packed(partition, target),
  )
}

/** `delta.targetFileSize`: bytes, or a number with a unit (`128mb`). */
function targetFileSize(configuration: Readonly<Record<string, string>>): number {
  const [, number, unit = ''] = /^(\d+)\s*([kmg]?)b?$/i.exec(configuration['delta.targetFileSize']?.trim() ?? '') ?? []
  const bytes = Number(number) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
  return number !== undefined && bytes > 0 ? bytes : TARGET_BYTES
}

function byPartition(files: readonly AddFile[]): Map<string, AddFile[]> {
  const partitions = new Map<string, AddFile[]>()
  for (const file of files) {
    const key = JSON.stringify(Object.entries(file.partitionValues).sort(([a], [b]) => (a < b ? -1 : 1)))
    partitions.set(key, [...(partitions.get(key) ?? []), file])
  }
  return partitions
}

function ordered(files: AddFile[], zOrderBy: readonly string[], target: number): RewriteGroup[] {
  const cubes = new Set(files.map(({ tags }) => tags?.[CUBE_TAG] ?? null))
  const isDone = files.every(({ tags }) => tags?.[CUBE_COLUMNS_TAG] === JSON.stringify(zOrderBy))
  if (cubes.size === 1 && !cubes.has(null) && isDone) return []
  return [{ files, parts: partsOf(files, target) }]
}

/** First fit in order of size, as in Delta; a file alone gains nothing from being written again. */
function packed(files: AddFile[], target: number): RewriteGroup[] {
  const small = files.filter(({ size, tags }) => size < target && tags?.[TARGET_TAG] !== String(target))
  const bins: AddFile[][] = []
  let bytes = 0
  for (const file of small.sort((a, b) => a.size - b.size || (a.path < b.path ? -1 : 1))) {
    const bin = bins.at(-1)
    if (bin === undefined || bytes + file.size > target) {
      bins.push([file])
      bytes = file.size
    } else {
      bin.push(file)
      bytes += file.size
    }
  }
  return bins.filter((bin) => bin.length > 1).map((bin) => ({ files: bin, parts: 1 }))
}

function partsOf(files: readonly AddFile[], target: number): number {
  return Math.max(1, Math.ceil(files.reduce((sum, { size }) => sum + size, 0) / target))
}

/**
 * The files of a rewritten group as they go into the log. Those that are full are tagged, so that the next OPTIMIZE leaves them
 * alone; the last one of a group may be small.
 */
export function rewrittenFiles(
  files: readonly AddFile[],
  zOrderBy: readonly string[],
  configuration: Readonly<Record<string, string>>,
  cubeId: string,
): AddFile[] {
  const target = String(targetFileSize(configuration))
  return files.map((file, index): AddFile => {
    const tags =
      zOrderBy.length > 0
        ? { [CUBE_TAG]: cubeId, [CUBE_COLUMNS_TAG]: JSON.stringify(zOrderBy), [CURVE_TAG]: 'morton' }
        : index < files.length - 1
          ? { [TARGET_TAG]: target }
          : null
    return { ...file, dataChange: false, ...(tags === null ? {} : { tags }) }
  })
}

/** What OPTIMIZE did. */
export interface OptimizeMetrics {
  numFilesAdded: number
  numFilesRemoved: number
  filesAdded: FileSizes
  filesRemoved: FileSizes
  partitionsOptimized: number
  totalConsideredFiles: number
  totalFilesSkipped: number
}

export function optimizeMetrics(
  considered: readonly AddFile[],
  removed: readonly AddFile[],
  added: readonly AddFile[],
): OptimizeMetrics {
  return {
    numFilesAdded: added.length,
    numFilesRemoved: removed.length,
    filesAdded: fileSizes(added),
    filesRemoved: fileSizes(removed),
    partitionsOptimized: byPartition(removed).size,
    totalConsideredFiles: considered.length,
    totalFilesSkipped: considered.length - removed.length,
  }
}

/** The log entry after which files hold the rows of others in another arrangement. */
export function planOptimize(
  snapshot: Snapshot,
  { removed, added }: { removed: readonly AddFile[]; added: readonly AddFile[] },
  { predicate, zOrderBy }: { predicate: string | null; zOrderBy: readonly string[] },
  context: CommitContext,
): CommitPlan {
  const [before, after] = [fileSizes(removed), fileSizes(added)]
  const bySize = [...added].map(({ size }) => size).sort((a, b) => a - b)
  const quantile = (share: number) => String(bySize[Math.floor(share * (bySize.length - 1))] ?? 0)
  const info = {
    operation: 'OPTIMIZE',
    operationParameters: {
      predicate: JSON.stringify(predicate === null ? [] : [predicate]),
      zOrderBy: JSON.stringify(zOrderBy),
      clusterBy: '[]',
      auto: 'false',
    },
    operationMetrics: {
      numAddedFiles: String(after.totalFiles),
      numRemovedFiles: String(before.totalFiles),
      numAddedBytes: String(after.totalSize),
      numRemovedBytes: String(before.totalSize),
      minFileSize: String(after.min),
      p25FileSize: quantile(0.25),
      p50FileSize: quantile(0.5),
      p75FileSize: quantile(0.75),
      maxFileSize: String(after.max),
    },
  }
  const actions = [
    ...removed.map((file) => ({ remove: removeFile(file, context.now, false) })),
    ...added.map((add) => ({ add })),
  ]
  return planCommand(snapshot, info, actions, context)
}
