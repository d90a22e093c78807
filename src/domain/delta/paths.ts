import { GoldsmithError } from '@/domain/errors'

/** What stands for NULL in a folder's name (not in `partitionValues`). */
const nullFolder = '__HIVE_DEFAULT_PARTITION__'

/**
 * File systems allow 255 bytes a name; half of that leaves room for tools that add to names, and for Windows' limit on
 * whole paths. `add.partitionValues` holds the value itself, so a shortened folder name loses nothing.
 */
const longestFolderBytes = 120

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what must be escaped
const escapedInFolders = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^<>|]/g
const loneSurrogate = /[\ud800-\udfff]/gu
const percentEncoded = /%[0-9a-f]{2}/gi

/** A partition column with its serialised value, as in `partitionValues`. */
export interface PartitionEntry {
  column: string
  value: string | null
}

/**
 * The folder of a table `schema.table` in a file store: `gold/fact_sales`. A name that file systems cannot hold as it is
 * (slashes, 300 characters) is escaped or shortened, so a name never leads elsewhere.
 */
export function tableFolder(table: string): string {
  const dot = table.indexOf('.')
  const names = dot < 1 ? [table] : [table.slice(0, dot), table.slice(dot + 1)]
  return names.map((name) => shorten(escapeForFolder(name).replace(/^[._]/, percentEscape), name)).join('/')
}

/**
 * The path of a data file inside its table's folder, Hive style: `year=2011/month=3/part-00000-<uuid>.zstd.parquet`.
 * Not URL-encoded: `addPath` does that.
 */
export function dataFileName(partition: readonly PartitionEntry[], part: number, uuid: string): string {
  const folders = partition.map(({ column, value }) => folderName(column, value))
  return [...folders, `part-${String(part).padStart(5, '0')}-${uuid}.zstd.parquet`].join('/')
}

/** A file's path as `add.path` holds it: a relative URI (RFC 2396). */
export function addPath(filePath: string): string {
  return filePath
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(loneSurrogate, '\ufffd')).replaceAll('%3D', '='))
    .join('/')
}

/**
 * The file inside the table's folder that an `add.path` or `remove.path` means.
 * Throws `delta.invalid_path` when it leads out of the folder: a log is not trusted to name other files.
 */
export function dataFilePath(path: string): string {
  let decoded = path
  if (path.includes('%')) {
    try {
      decoded = decodeURIComponent(path)
    } catch {
      throw invalidPath(path, 'is not a valid URI')
    }
  }
  // Absolute URIs are decided before decoding: an encoded colon is part of a name.
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || decoded.startsWith('/')) throw invalidPath(path, 'is not relative')
  if (decoded.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalidPath(path, 'leads out of the table’s folder')
  }
  return decoded
}

function invalidPath(path: string, why: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.invalid_path',
    message: `The path “${path}” in a Delta log ${why}.`,
    remedy: 'Goldsmith reads only files inside the table’s own folder: copy them there and write the log again.',
  })
}

function folderName(column: string, value: string | null): string {
  const escapedColumn = escapeForFolder(column)
  const escapedValue = value === null || value === '' ? nullFolder : escapeForFolder(value)
  return shorten(`${escapedColumn}=${escapedValue}`, `${column}=${value}`)
}

/** An escaped folder name of at most `longestFolderBytes`; the hash of `original` tells apart names that begin alike. */
function shorten(escaped: string, original: string): string {
  if (utf8Length(escaped) <= longestFolderBytes) return escaped
  const hash = fnv1a(original)
  let kept = ''
  let room = longestFolderBytes - hash.length - 1
  for (const unit of escaped.match(/%[0-9A-F]{2}|./gsu) ?? []) {
    room -= utf8Length(unit)
    if (room < 0) break
    kept += unit
  }
  return `${kept}~${hash}`
}

/** Escapes what Hive escapes, what Windows forbids, and a dot or space at the end (Windows drops those). */
function escapeForFolder(text: string): string {
  return text.replace(loneSurrogate, '\ufffd').replace(escapedInFolders, percentEscape).replace(/[. ]$/, percentEscape)
}

function percentEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(percentEncoded, '.').length
}

/** 32-bit FNV-1a over UTF-16 code units, as 8 hex digits: tells long names apart; file names are unique anyway. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
