/**
 * What the page may ask of the engine, and what the engine tells the page.
 * One interface types both ends of the worker; everything that crosses is plain data.
 */
import type {
  DatasetReport,
  ErrorData,
  LoadReport,
  QueryOptions,
  RunOptions,
  TableInfo,
  TableVersion,
  UpdateReport,
} from '@/domain/automation'
import type { ColumnLineage, DatasetLineage, SourceUse } from '@/domain/lineage/graph'
import type { ContractChange } from '@/domain/pipeline/contracts'
import type { Arrangement } from '@/domain/result/arrangement'
import type { ColumnProfile } from '@/domain/result/profile'
import type { LastLoad, LoadMode } from '@/domain/silver/load-mode'

/** A table or view as the page shows it. */
export interface StoredTable extends TableInfo {
  /** Set for what the pipeline declares PRIVATE: it is there for the pipeline's own queries and is not published. */
  private?: true
  /** When the current version was committed, milliseconds since the epoch; only Gold tables have one. */
  committedAt?: number
}

/** Every call may be cancelled; a cancelled call rejects with ErrorData code `canceled`. */
export interface CallOptions {
  signal?: AbortSignal
}

export interface EngineApi {
  /** Engine facts; resolves when the engine can take work. */
  info(): Promise<EngineInfo>

  /**
   * Reads files into Silver tables. A file that fails is reported, never thrown; others still load. Without a `mode`, files for a
   * table that has rows are the whole table or changes to it, as their content says.
   */
  load(request: { files: InputFile[]; as?: string; mode?: LoadMode }, call?: CallOptions): Promise<LoadReport>
  /** Loads the files that were last loaded into a table again, in the other way, as if the last load had not been. */
  loadAgain(request: { table: string; mode: LoadMode }, call?: CallOptions): Promise<LoadReport>
  loadSample(request: { lines: number; seed?: number }, call?: CallOptions): Promise<LoadReport>
  /** Forgets one Silver table (not the Gold built from it). */
  unload(request: { table: string }): Promise<void>

  /** The pipeline as read: datasets, sources, dashboards, problems. */
  project(): Promise<ProjectView>
  /** What each column of each dataset is made of, and how far contracts have moved from the committed versions. */
  lineage(): Promise<LineageView>
  /** The lineage and the last update as OpenLineage events, ready for JSON. */
  openLineage(): Promise<unknown[]>
  /** Silver tables the pipeline knows, loaded or not. */
  sources(): Promise<SourceView[]>

  run(request: Omit<RunOptions, 'signal'>, call?: CallOptions): Promise<UpdateReport>
  /** The report of the last update that this browser stored, or null. */
  lastUpdate(): Promise<UpdateReport | null>

  /** Everything that is loaded or stored, private tables of the pipeline included. */
  tables(): Promise<StoredTable[]>
  history(request: { table: string }): Promise<TableVersion[]>

  /** Runs a query and keeps its result in the engine, to be read in windows. */
  query(request: QueryRequest, call?: CallOptions): Promise<ResultInfo>
  /** The rows of a table, in its stored order, to be read in windows. */
  openTable(request: { table: string }, call?: CallOptions): Promise<ResultInfo>
  /** Rows [offset, offset + limit) as plain values, in the shapes that `Goldsmith.query` documents. */
  fetchRows(request: { id: string; offset: number; limit: number }): Promise<unknown[][]>
  /** Rows of a result, chosen and in an order, as another result; it ends with the one whose rows it has. */
  arrange(request: { id: string; arrangement: Arrangement }, call?: CallOptions): Promise<ResultInfo>
  /**
   * What the values of columns (by place) are like, in the order in which they were asked for. `exact` counts different values and
   * the most frequent ones whatever it takes; without it the first are estimated where they are many, and the second left out.
   */
  profile(request: { id: string; columns: number[]; exact?: boolean }, call?: CallOptions): Promise<ColumnProfile[]>
  /** The rows of a result as a file. Rejects with `export.too_many_rows` where the format has a limit. */
  exportResult(request: { id: string; format: ResultFormat }, call?: CallOptions): Promise<ResultFile>
  closeResult(request: { id: string }): Promise<void>
  /** How DuckDB would run a query; it is not run. */
  plan(request: QueryRequest, call?: CallOptions): Promise<PlanNode[]>
  queryArrow(request: QueryRequest, call?: CallOptions): Promise<Uint8Array>
  /** One of the project's dashboard queries with the given business date, whole. */
  dashboard(request: { name: string; asOf: string }, call?: CallOptions): Promise<QueryRows>

  exportGold(request: ExportRequest, call?: CallOptions): Promise<Blob>
  reset(): Promise<void>

  subscribe(listener: (event: EngineEvent) => void): () => void
}

/** A file with its path inside a dropped folder ("orders/part-0.parquet"), or its bare name. */
export interface InputFile {
  path: string
  file: File
}

export interface QueryRequest {
  sql: string
  dialect?: NonNullable<QueryOptions['dialect']>
}

export interface ExportRequest {
  tables?: string[]
  format?: 'delta' | 'parquet' | 'csv'
}

export interface ResultColumn {
  name: string
  /** SQL type as DuckDB prints it: BIGINT, DECIMAL(15,2), TIMESTAMP, … */
  type: string
}

export interface ResultInfo {
  id: string
  columns: ResultColumn[]
  rows: number
  durationMs: number
}

/** A step of a query's plan, above the steps whose rows it takes. */
export interface PlanNode {
  name: string
  /** What the step works on, in DuckDB's words: name and texts. */
  details: [name: string, texts: string[]][]
  /** Rows that DuckDB expects; null where it does not say. */
  estimatedRows: number | null
  children: PlanNode[]
}

export type ResultFormat = 'csv' | 'parquet' | 'arrow'

export interface ResultFile {
  blob: Blob
  /** Without a dot. Parquet of many rows is a zip of files. */
  extension: string
}

export interface QueryRows {
  columns: ResultColumn[]
  rows: unknown[][]
}

export interface EngineInfo {
  threads: number
  crossOriginIsolated: boolean
  memoryLimitBytes: number
  duckdbVersion: string
  /** False when the browser gives no private file system: Gold then lasts as long as the page. */
  persistent: boolean
}

export interface ProjectView {
  name: string
  /** Schema name to its COMMENT. */
  schemas: Record<string, string | null>
  datasets: DatasetView[]
  dashboards: { name: string; file: string; sql: string }[]
  problems: ErrorData[]
}

export interface DatasetView {
  name: string
  kind: DatasetReport['kind']
  /** Path inside the pipeline folder. */
  file: string
  /** The whole text of the file. */
  sql: string
  comment: string | null
  columns: { name: string; type: string | null; comment: string | null }[]
  expectations: { name: string; expression: string; action: 'warn' | 'drop' | 'fail' }[]
  /** Names of the datasets and Silver tables that the query reads. */
  inputs: string[]
  partitionedBy: string[]
  properties: Record<string, string>
}

export interface LineageView {
  /** In topological order; a dataset whose query cannot be read is missing. */
  datasets: (Omit<DatasetLineage, 'columns'> & {
    columns: (ColumnLineage & { sources: SourceUse[] })[]
    /** What decides, back to the Silver tables, which rows there are. */
    rowSources: SourceUse[]
    /** Columns that the dataset promises; null when it says nothing of it. */
    contract: string[] | null
    /** From the committed version to the definition; empty before there is a version. */
    contractChanges: ContractChange[]
  })[]
}

export interface SourceView {
  /** silver.orders */
  table: string
  comment: string | null
  optional: boolean
  /** Columns the pipeline knows; `used` ones are read from the file. */
  columns: { name: string; type: string; comment: string | null; optional: boolean; used: boolean; present: boolean }[]
  key: string[]
  /** `invalid`: nothing is loaded, and `problems` say why. A `ready` table has problems when a load that was to replace it failed. */
  status: 'absent' | 'ready' | 'invalid'
  files: { path: string; rows: number; bytes: number }[]
  rows: number
  bytes: number
  /** The Delta table that was read: its folder and version; null for other rows. */
  delta: { folder: string; version: number } | null
  /** How the last files came to the rows that were there; null when there were none. */
  lastLoad: LastLoad | null
  /** First and last date of the table's main date or timestamp column, ISO dates. */
  dateRange: { column: string; min: string; max: string } | null
  problems: ErrorData[]
}

export type EngineEvent =
  | {
      type: 'load.progress'
      table: string
      file: string
      rows: number
      totalRows: number
      bytes: number
      totalBytes: number
    }
  | { type: 'sources.changed' }
  | { type: 'catalog.changed' }
  | { type: 'update.started'; updateId: string; datasets: string[] }
  | { type: 'update.dataset'; updateId: string; dataset: DatasetProgress }
  | { type: 'update.finished'; report: UpdateReport }
  /** Counts bytes of stored files, or rows where files have yet to be written. */
  | { type: 'export.progress'; files: number; totalFiles: number; unit: 'bytes' | 'rows'; done: number; total: number }
  | { type: 'engine.resources'; memoryBytes: number; storageBytes: number | null; storageQuotaBytes: number | null }
  /** The engine cannot work, or not any more. */
  | { type: 'engine.failed'; error: ErrorData }
  /** An engine that broke was replaced by another one; that has the committed tables, but nothing that was loaded. */
  | { type: 'engine.restarted'; error: ErrorData }

/** A dataset's live state while an update runs. */
export interface DatasetProgress extends Omit<DatasetReport, 'status'> {
  status: DatasetReport['status'] | 'queued' | 'building' | 'storing'
}
