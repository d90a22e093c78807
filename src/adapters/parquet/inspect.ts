import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaElement, type SchemaTree } from 'hyparquet'
import type { ErrorData } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import { shorten } from '@/domain/silver/shorten'
import type { ParquetColumn, ParquetFileInfo, ParquetRowGroup } from '@/engine/ports'
import { footerContradiction } from './check-footer'
import { fileAccessError } from './file-access'
import { columnStatistics, exactTimestamps } from './statistics'

const MAGIC = 'PAR1'
const ENCRYPTED_MAGIC = 'PARE'
/** Leading magic, four bytes of footer length, trailing magic. */
const SMALLEST_FILE_BYTES = 12
/** What the decoder was built with; Hadoop's framed LZ4 and LZO are not among them. */
const READABLE_CODECS = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW', 'LZ4'])

/**
 * Reads a Parquet footer and says what the file holds, without decoding a page.
 * Rejects with `parquet.*` or `file.*` error data that names the file and what is wrong with it.
 */
export async function inspectParquet(file: Blob, name: string): Promise<ParquetFileInfo> {
  if (file.size === 0) {
    throw fileError(name, 'parquet.empty', `${name} is empty (0 bytes).`, 'Write the file again, or leave it out.')
  }
  await checkMagic(file, name)
  const metadata = await readFooter(file, name)
  try {
    return describe(metadata, file, name)
  } catch (error) {
    // A damaged footer can hold anything where a list or a name should be.
    throw error instanceof GoldsmithError ? error : corruptFooter(name)
  }
}

function describe(metadata: FileMetaData, file: Blob, name: string): ParquetFileInfo {
  const tree = schemaOf(metadata, name)
  checkReadable(metadata, name)
  const contradiction = footerContradiction(metadata, tree, file.size)
  if (contradiction !== null) throw corruptFooter(name, contradiction)
  const columns = tree.children
  checkColumnNames(columns, name)
  return {
    rows: Number(metadata.num_rows),
    createdBy: metadata.created_by ?? null,
    columns: columns.map(toColumn),
    rowGroups: metadata.row_groups.map((group) => toRowGroup(group, columns)),
    keyValueMetadata: Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']),
    ),
  }
}

async function checkMagic(file: Blob, name: string): Promise<void> {
  const head = await readText(file, 0, 512, name)
  const tail = await readText(file, Math.max(0, file.size - 4), file.size, name)
  if (tail === ENCRYPTED_MAGIC || head.startsWith(ENCRYPTED_MAGIC)) throw encrypted(name)
  if (!head.startsWith(MAGIC)) {
    throw fileError(
      name,
      'parquet.not_parquet',
      `${name} is not a Parquet file${whatItLooksLike(head)}.`,
      'Drop a file that was written as Parquet; renaming a file does not convert it.',
    )
  }
  if (file.size < SMALLEST_FILE_BYTES || tail !== MAGIC) {
    throw fileError(
      name,
      'parquet.truncated',
      `${name} begins as Parquet, but its end is missing after ${file.size} bytes.`,
      'The copy or download was cut off: copy the file again from where it was written.',
    )
  }
}

async function readFooter(file: Blob, name: string): Promise<FileMetaData> {
  const buffer = {
    byteLength: file.size,
    slice: (start: number, end?: number) => file.slice(start, end).arrayBuffer(),
  }
  try {
    return await parquetMetadataAsync(buffer, { parsers: exactTimestamps, geoparquet: false })
  } catch (error) {
    throw fileAccessError(error, name) ?? corruptFooter(name)
  }
}

function schemaOf(metadata: FileMetaData, name: string): SchemaTree {
  try {
    const tree = parquetSchema(metadata)
    if (tree.count === metadata.schema.length) return tree
  } catch {
    // A group that claims more children than there are elements.
  }
  throw corruptFooter(name, 'the schema is not a tree')
}

function checkReadable(metadata: FileMetaData, name: string): void {
  for (const group of metadata.row_groups) {
    for (const column of group.columns) {
      if (column.crypto_metadata !== undefined || column.encrypted_column_metadata !== undefined) throw encrypted(name)
      const codec = column.meta_data?.codec
      if (codec !== undefined && !READABLE_CODECS.has(codec)) {
        throw fileError(
          name,
          'parquet.unsupported_codec',
          `${name}: column ${shorten(column.meta_data?.path_in_schema.join('.') ?? '')} is compressed with ${codec}, which cannot be read here.`,
          'Write the file with zstd, snappy, gzip, brotli, lz4_raw or no compression.',
        )
      }
    }
  }
}

function checkColumnNames(columns: SchemaTree[], name: string): void {
  const seen = new Map<string, string>()
  for (const { element } of columns) {
    const folded = element.name.toLowerCase()
    const other = seen.get(folded)
    if (other !== undefined) {
      throw fileError(
        name,
        'parquet.duplicate_column',
        `${name} has two columns named ${shorten(other)}${other === element.name ? '' : ` and ${shorten(element.name)}`} (names are compared without case).`,
        'Rename one of them where the file is written.',
      )
    }
    seen.set(folded, element.name)
  }
}

function toColumn({ element, children }: SchemaTree): ParquetColumn {
  return { name: element.name, type: duckdbType(element, children), nullable: element.repetition_type !== 'REQUIRED' }
}

function toRowGroup(group: FileMetaData['row_groups'][number], leaves: SchemaTree[]): ParquetRowGroup {
  const statistics: ParquetRowGroup['statistics'] = {}
  let compressedBytes = 0
  for (const column of group.columns) {
    const chunk = column.meta_data
    if (chunk === undefined) continue
    compressedBytes += Number(chunk.total_compressed_size)
    const leaf = leaves.find(({ element }) => element.name === chunk.path_in_schema[0])
    if (chunk.path_in_schema.length === 1 && leaf !== undefined && chunk.statistics !== undefined) {
      statistics[leaf.element.name] = columnStatistics(chunk.statistics, leaf.element)
    }
  }
  return { rows: Number(group.num_rows), compressedBytes, statistics }
}

/** The DuckDB type of a column's decoded values; the mapping of the Parquet format's LogicalTypes.md. */
function duckdbType(element: SchemaElement, children: SchemaTree[]): string {
  const logical = element.logical_type
  const converted = element.converted_type
  if (children.length > 0) return nestedType(element, children)
  if (element.repetition_type === 'REPEATED') return `${scalarType(element)}[]`
  if (logical?.type === 'TIMESTAMP') {
    if (logical.isAdjustedToUTC) return 'TIMESTAMP WITH TIME ZONE'
    return logical.unit === 'NANOS' ? 'TIMESTAMP_NS' : 'TIMESTAMP'
  }
  // Written before logical types existed, where TIMESTAMP_* always meant UTC.
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return 'TIMESTAMP WITH TIME ZONE'
  return scalarType(element)
}

function scalarType(element: SchemaElement): string {
  const logical = element.logical_type
  const converted = element.converted_type
  if (logical?.type === 'DECIMAL') return `DECIMAL(${logical.precision},${logical.scale})`
  if (converted === 'DECIMAL') return `DECIMAL(${element.precision},${element.scale ?? 0})`
  if (logical?.type === 'DATE' || converted === 'DATE') return 'DATE'
  if (logical?.type === 'TIME' || converted === 'TIME_MICROS' || converted === 'TIME_MILLIS') return 'TIME'
  if (logical?.type === 'UUID') return 'UUID'
  if (logical?.type === 'INTEGER') return integerType(logical.bitWidth, logical.isSigned)
  const width = converted === undefined ? null : /^(U?)INT_(\d+)$/.exec(converted)
  if (width) return integerType(Number(width[2]), width[1] === '')
  switch (element.type) {
    case 'BOOLEAN':
      return 'BOOLEAN'
    case 'INT32':
      return 'INTEGER'
    case 'INT64':
      return 'BIGINT'
    case 'INT96':
      // Only ever used for timestamps, by Hive, Impala and old Spark; in UTC.
      return 'TIMESTAMP_NS'
    case 'FLOAT':
      return 'FLOAT'
    case 'DOUBLE':
      return 'DOUBLE'
    case 'BYTE_ARRAY': {
      const isText =
        ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '') || ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '')
      return isText ? 'VARCHAR' : 'BLOB'
    }
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical?.type === 'FLOAT16' ? 'FLOAT' : 'BLOB'
    default:
      // A group without children: it holds no values.
      return 'STRUCT()'
  }
}

function integerType(bits: number, signed: boolean): string {
  const name = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[bits] ?? 'BIGINT'
  return signed ? name : `U${name}`
}

function nestedType(element: SchemaElement, children: SchemaTree[]): string {
  const isList = element.logical_type?.type === 'LIST' || element.converted_type === 'LIST'
  if (isList) {
    const repeated = children[0]
    const item = repeated?.children[0] ?? repeated
    return item === undefined ? 'BLOB[]' : `${duckdbType(item.element, item.children)}[]`
  }
  if (element.logical_type?.type === 'MAP' || element.converted_type === 'MAP') {
    const [key, value] = children[0]?.children ?? []
    if (key && value)
      return `MAP(${duckdbType(key.element, key.children)}, ${duckdbType(value.element, value.children)})`
  }
  const fields = children.map(
    (child) => `"${child.element.name.replaceAll('"', '""')}" ${duckdbType(child.element, child.children)}`,
  )
  return `STRUCT(${fields.join(', ')})`
}

/** The bytes as Latin-1 text. */
async function readText(file: Blob, start: number, end: number, name: string): Promise<string> {
  try {
    const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer())
    return String.fromCharCode(...bytes)
  } catch (error) {
    throw fileAccessError(error, name) ?? error
  }
}

function whatItLooksLike(head: string): string {
  const start = head.trimStart().toLowerCase()
  if (start.startsWith('<!doctype') || start.startsWith('<html'))
    return ' but an HTML page (a login or error page, perhaps)'
  if (start.startsWith('pk\x03\x04')) return ' but a zip archive'
  if (start.startsWith('\x1f\x8b')) return ' but a gzip file'
  if (start.startsWith('{') || start.startsWith('[')) return ' but looks like JSON'
  if (/^[\x20-\x7e\r\n\t\x80-\xff]+$/.test(head) && /[,;\t]/.test(head.split('\n')[0] ?? ''))
    return ' but looks like CSV text'
  return ''
}

function encrypted(name: string): GoldsmithError {
  return fileError(
    name,
    'parquet.encrypted',
    `${name} is encrypted (Parquet modular encryption).`,
    'Write an unencrypted copy where the keys are; Goldsmith has no keys.',
  )
}

function corruptFooter(name: string, detail?: string): GoldsmithError {
  return fileError(
    name,
    'parquet.corrupt_footer',
    `${name}: the footer, which says where the columns are, is damaged${detail === undefined ? '' : `: ${detail}`}.`,
    'Copy the file again from where it was written, or write it again.',
  )
}

function fileError(file: string, code: string, message: string, remedy: string): GoldsmithError {
  const data: ErrorData = { code, message, remedy, file }
  return new GoldsmithError(data)
}
