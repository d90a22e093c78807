import type { ColumnChunk, FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import { shorten } from '@/domain/silver/shorten'

const MAGIC_BYTES = 4

/**
 * What a footer says twice and not alike, in words, or null. A flipped byte in a footer seldom makes it unreadable; it
 * renames a column, moves a decimal point or hides a row group. The format repeats most of what it says, so comparing tells.
 */
export function footerContradiction(metadata: FileMetaData, tree: SchemaTree, fileBytes: number): string | null {
  const leaves = leavesOf(tree)
  for (const { element } of leaves) {
    if (!typesAgree(element)) return `column ${shorten(element.name)} is described as two different types`
  }
  let rows = 0n
  for (const [index, group] of metadata.row_groups.entries()) {
    const place = `row group ${index + 1}`
    if (typeof group.num_rows !== 'bigint' || group.num_rows < 0n) return `${place} has no row count`
    rows += group.num_rows
    if (group.columns.length !== leaves.length) {
      return `${place} has ${group.columns.length} columns, the schema ${leaves.length}`
    }
    for (const [position, leaf] of leaves.entries()) {
      const problem = chunkProblem(group.columns[position], leaf, group.num_rows, fileBytes)
      if (problem !== null) return `${place}, column ${shorten(leaf.path.join('.'))}: ${problem}`
    }
  }
  if (metadata.num_rows !== rows) return `it counts ${metadata.num_rows} rows, its row groups ${rows}`
  return null
}

function chunkProblem(
  column: ColumnChunk | undefined,
  { element, path }: SchemaTree,
  rows: bigint,
  fileBytes: number,
): string | null {
  const chunk = column?.meta_data
  if (chunk === undefined) return 'it says nothing of the pages'
  if (chunk.path_in_schema.join('.') !== path.join('.'))
    return `the pages are those of ${shorten(chunk.path_in_schema.join('.'))}`
  if (chunk.type !== element.type) return `the pages are ${chunk.type}, the schema says ${element.type}`
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset)
  const end = start + Number(chunk.total_compressed_size)
  if (!(start >= MAGIC_BYTES && end >= start && end <= fileBytes)) return 'the pages lie outside the file'
  const isFlat = path.length === 1 && element.repetition_type !== 'REPEATED'
  if (isFlat && chunk.num_values !== rows) return `it has ${chunk.num_values} values for ${rows} rows`
  const nulls = chunk.statistics?.null_count
  if (nulls !== undefined && (nulls < 0n || nulls > chunk.num_values)) return `it counts ${nulls} NULLs`
  return null
}

function leavesOf(tree: SchemaTree): SchemaTree[] {
  return tree.children.flatMap((child) => (child.element.type === undefined ? leavesOf(child) : [child]))
}

/** Whether the old and the new annotation of a column, where it has both, mean the same values (LogicalTypes.md). */
function typesAgree({ logical_type: logical, converted_type: converted, ...element }: SchemaElement): boolean {
  if (logical === undefined || converted === undefined) return true
  switch (logical.type) {
    case 'DECIMAL':
      return (
        converted === 'DECIMAL' &&
        logical.scale === (element.scale ?? 0) &&
        logical.precision === (element.precision ?? logical.precision)
      )
    case 'TIMESTAMP':
      return converted === `TIMESTAMP_${logical.unit}`
    case 'DATE':
      return converted === 'DATE'
    case 'INTEGER':
      return converted === `${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}`
    default:
      return !/^(DECIMAL|TIMESTAMP|DATE|U?INT_)/.test(converted)
  }
}
