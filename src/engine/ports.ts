/**
 * Everything the engine needs from outside. Each port has a browser implementation under
 * adapters/ and one that runs in Node (testing/ or the same adapter); the use cases know only these.
 */
import type { ErrorData } from '@/domain/automation'
import type { Comparison } from '@/domain/delta/comparison'
import type { TableMoment } from '@/domain/delta/moment'
import type { CurveColumn } from '@/domain/delta/z-order'
import type { ColumnUse } from '@/domain/lineage/column-use'
import type { ColumnLineage } from '@/domain/lineage/graph'

/** The SQL engine: DuckDB 1.4.3, in WebAssembly or native. */
export interface Database {
  /** Runs one statement for its effect. */
  run(sql: string): Promise<void>
  /** Runs one query; the result is an Arrow IPC stream (schema, batches, end of stream). */
  query(sql: string): Promise<Uint8Array>
  /**
   * Appends an Arrow IPC stream to `schema.table` of the current catalog, or creates the table from it.
   * Column types are those of the stream.
   */
  insertArrow(target: { schema: string; table: string; create: boolean }, stream: Uint8Array): Promise<void>
  /**
   * Like `run` for a statement that may be long: asks the engine to stop it when the signal aborts,
   * and rejects with code `canceled`.
   */
  runCancellable(sql: string, signal: AbortSignal): Promise<void>
  /** Facts about this instance, known after opening. */
  readonly info: { threads: number; version: string; memoryLimitBytes: number }
  close(): Promise<void>
}

/** A flat namespace of files with `/` in their names: the origin private file system, a folder, or memory. */
export interface FileStore {
  /** Names of the files under the folder, relative to it, recursively, sorted by code unit. Missing folder: []. */
  list(folder: string): Promise<string[]>
  /** The file as a Blob that reads lazily. Rejects with code `storage.missing` when there is none. */
  open(path: string): Promise<Blob>
  /** Writes the whole file and flushes it before resolving; replaces an existing one. Never leaves a part of it under this name. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Like `write`, but resolves false, having changed nothing, when the file already exists. Atomic against other writers. */
  createExclusive(path: string, bytes: Uint8Array): Promise<boolean>
  /** Removes a file; no error when it is missing. */
  remove(path: string): Promise<void>
  /** Removes a folder with all it holds; no error when it is missing. */
  removeFolder(folder: string): Promise<void>
  /** Runs `work` while no other holder of the same name, in any tab of this origin, runs. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Bytes used and available, where the platform tells. */
  usage(): Promise<{ usedBytes: number; quotaBytes: number } | null>
}

/** Files that are only read: of a store, or dropped on the page. */
export type ReadableFiles = Pick<FileStore, 'list' | 'open'>

/** What a Parquet file's footer says. */
export interface ParquetFileInfo {
  rows: number
  createdBy: string | null
  columns: ParquetColumn[]
  rowGroups: ParquetRowGroup[]
  keyValueMetadata: Record<string, string>
}

export interface ParquetColumn {
  name: string
  /** DuckDB type that the column's values have when decoded: BIGINT, DECIMAL(10,2), TIMESTAMP, VARCHAR, LIST, … */
  type: string
  nullable: boolean
}

export interface ParquetRowGroup {
  rows: number
  compressedBytes: number
  /** By column name; absent where the writer left none. Values as Delta writes them in `stats` (numbers, strings, ISO dates). */
  statistics: Record<string, ParquetStatistics>
}

export interface ParquetStatistics {
  min: unknown
  max: unknown
  nullCount: number | null
}

export interface EncodeOptions {
  /** Columns whose values repeat enough for a dictionary to pay. */
  dictionaryColumns: string[]
  /** Integer and decimal columns of up to 64 bits that are stored as differences (DELTA_BINARY_PACKED). */
  deltaColumns: string[]
  /** The Z-order curve along which the rows come into row groups; without it they keep their order. */
  curve?: readonly CurveColumn[]
  keyValueMetadata: Record<string, string>
}

/** Parquet in and out, row group by row group, on worker threads where the platform has them. */
export interface ParquetCodec {
  /** Reads the footer. Rejects with `parquet.*` error data that names what is wrong with the file. */
  inspect(file: Blob, name: string): Promise<ParquetFileInfo>
  /**
   * Decodes one row group's named columns to an Arrow IPC stream. `rows` is what the footer says; another count,
   * or pages that cannot be read, reject with `parquet.corrupt_page`.
   */
  decode(file: Blob, name: string, rowGroup: { index: number; rows: number }, columns: string[]): Promise<Uint8Array>
  /** Encodes an Arrow IPC stream to one zstd Parquet file of row groups of 128 Ki rows. */
  encode(stream: Uint8Array, options: EncodeOptions): Promise<Uint8Array>
  /** How many decodes or encodes run at a time; callers keep at most this many (plus one) in flight. */
  readonly parallelism: number
}

/** One Databricks SQL query, read. Positions are offsets into the text that was given. */
export interface AnalyzedQuery {
  /** The query in DuckDB's dialect. */
  duckdbSql: string
  /** Tables read from outside the query (CTEs excluded), as written, normalised to lower-case `schema.table` or bare name. */
  tables: TableReference[]
  /** Lower-case column names that the query mentions anywhere; '*' when it has a star over a table. A superset of what it reads. */
  columnNames: string[]
  /** True when the result depends on the run's business date. */
  usesAsOf: boolean
  /** The SELECTs that keep the latest row of each key: see LatestPerKey. */
  latestPerKey: LatestPerKey[]
  /**
   * Like `duckdbSql`, but each SELECT of `latestPerKey` has `WHERE <placeholder>` instead of its QUALIFY; null when there is none.
   * To be replaced textually by TRUE (no duplicate keys in the table) or by a condition on `rowid`.
   */
  reducedSql: string | null
  /**
   * The placeholder of the table whose rows the query maps one by one (filters and left or inner joins, nothing that looks at
   * several rows): the query over parts of that table gives parts of its result. Null when there is none.
   */
  drivingPlaceholder: string | null
  flow: QueryFlow
}

/** How the rows of a query come from the rows of the tables it reads: what a refresh may follow. */
export interface QueryFlow {
  /** Like `reducedSql`, with a placeholder in each place that names a table from outside, to be replaced textually by a relation. */
  sql: string
  /** The placeholders in `sql`, in the order of the text, and the tables that they stand for. */
  inputs: { placeholder: string; table: string }[]
  /** The placeholders for QUALIFY in `sql`. */
  latestPerKey: LatestPerKey[]
  shape: RowFlow | GroupFlow | { kind: 'whole'; reason: string }
}

/** Each result row comes from one row of `driver`, with the rows of `joins` that belong to it. */
export interface RowFlow {
  kind: 'rows'
  driver: FlowRelation
  joins: FlowJoin[]
  /** The driver's columns, lower case, that result columns are unchanged, by the result's name. */
  outputs: Record<string, string>
  /** True when the result has all columns of the driver under their own names. */
  passesAll: boolean
}

/** Each result row comes from the rows of `driver`, with those of `joins` that belong to them, that have its values in `groups`. */
export interface GroupFlow {
  kind: 'groups'
  driver: FlowRelation
  joins: FlowJoin[]
  /** Column of the result, column of `keysSql`, and the value as an expression over the rows that are grouped. */
  groups: { output: string; column: string; sql: string }[]
  /** The groups that the rows belong to, once each; with the placeholders of `sql`. */
  keysSql: string
  /** Like `sql`, with one condition more on the rows that are grouped: `"__restriction"`. */
  restrictedSql: string
}

export interface FlowJoin {
  relation: FlowRelation
  /** Columns of the two tables that are equal where rows belong together; empty when the join is on something else. */
  on: { column: string; driverColumn: string }[]
}

/** Rows of one table, all that a filter lets through, or of these the latest row of each key. Names are lower case. */
export interface FlowRelation {
  placeholder: string
  table: string
  /** How the latest row of a key is found; null when all rows count. */
  latest: LatestPerKey | null
}

/** `SELECT … FROM table QUALIFY ROW_NUMBER() OVER (PARTITION BY keys ORDER BY orderBy) = 1`, with nothing else in it. */
export interface LatestPerKey {
  /** A quoted identifier that occurs once in `reducedSql`. */
  placeholder: string
  /** Lower-case `schema.table`. */
  table: string
  /** Lower-case column names. */
  keys: string[]
  orderBy: { column: string; descending: boolean; nullsFirst: boolean }[]
}

export interface TableReference {
  name: string
  offset: number
  /** VERSION AS OF, TIMESTAMP AS OF: the query then names the table by `momentName`. */
  moment?: TableMoment
  /** table_changes, table_difference: the query then names what differs by `comparisonName`. */
  comparison?: Comparison
}

export interface DialectContext {
  /** Replaces CURRENT_DATE (a date) and CURRENT_TIMESTAMP (its midnight). ISO date. */
  asOf: string
  /** Schema of unqualified table names; without it they stay bare. */
  defaultSchema?: string
  /** The first part that three-part names may have; it is dropped. */
  catalog?: string
}

/** What the columns and rows of a query come from. */
export interface QueryLineage {
  columns: ColumnLineage[]
  rowInputs: ColumnUse[]
}

/** Databricks SQL to DuckDB SQL. Errors carry `line` and `column` inside the given text (1-based). */
export interface SqlDialect {
  /** Loads the library; other methods may be called only after it resolved. */
  load(): Promise<void>
  analyzeQuery(sql: string, context: DialectContext): AnalyzedQuery | { error: ErrorData }
  /**
   * The lineage of a query that `analyzeQuery` accepts. `columnsOf` gives a table's column names, or null where they are not
   * known: then an unqualified name that nothing else has is taken for one of that table's.
   */
  columnLineage(
    sql: string,
    context: DialectContext,
    columnsOf: (table: string) => readonly string[] | null,
  ): QueryLineage | { error: ErrorData }
  /** A boolean or scalar expression (expectations, generated columns, constraints). */
  analyzeExpression(
    sql: string,
    context: DialectContext,
  ): { duckdbSql: string; columnNames: string[] } | { error: ErrorData }
  /** A column type of a declaration: STRING, DECIMAL(15,2), TIMESTAMP … to DuckDB's name for it. */
  dataType(sql: string): string | { error: ErrorData }
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export interface ArchiveEntry {
  /** Path inside the archive, `/` separated. */
  name: string
  content: Blob | Uint8Array
  /** Milliseconds since the epoch. */
  modified: number
}

/** Packs files into one, reading each only when it is its turn. */
export interface Archiver {
  pack(entries: AsyncIterable<ArchiveEntry>): Promise<Blob>
}
