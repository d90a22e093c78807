/** A pipeline folder, read: what its files declare, before anything runs. Plain data. */
import type { ErrorData } from '@/domain/automation'
import type { DatasetLineage } from '@/domain/lineage/graph'
import type { DeclaredFlow } from './flow'

/** A place in a file: 1-based line and column (UTF-16 units), 0-based offset. */
export interface SourcePosition {
  line: number
  column: number
  offset: number
}

/** A slice of a file and where it starts in that file. */
export interface SqlText {
  text: string
  position: SourcePosition
}

export interface ColumnDefinition {
  name: string
  /** The declared Databricks type, as written: STRING, DECIMAL(15,2), … */
  type: string
  notNull: boolean
  /** The expression of GENERATED ALWAYS AS. */
  generatedAs: SqlText | null
  comment: string | null
  position: SourcePosition
}

export interface Expectation {
  name: string
  expression: SqlText
  action: 'warn' | 'drop' | 'fail'
}

export interface Dataset {
  /** Lower-case `schema.table`. */
  name: string
  kind: 'materialized_view' | 'streaming_table' | 'view'
  temporary: boolean
  private: boolean
  /** Path inside the pipeline folder. */
  file: string
  fileText: string
  /** Where the dataset's name stands. */
  position: SourcePosition
  /** The declared columns; null when only the query says what they are. */
  columns: ColumnDefinition[] | null
  expectations: Expectation[]
  /** Columns of PRIMARY KEY, or of the property `pipeline.key` (then NULLs are values of the key). */
  primaryKey: string[] | null
  partitionedBy: string[]
  clusterBy: string[]
  comment: string | null
  properties: Record<string, string>
  query: SqlText
  /** The flows of statements of their own that fill it; only a streaming table has any. */
  flows: DeclaredFlow[]
  /** Datasets and source tables that the query or the flows read, lower-case `schema.table`, sorted; empty until analysed. */
  inputs: string[]
}

/** A Silver table as `sources/*.sql` declares it. */
export interface SourceTable {
  /** Lower-case `schema.table`: silver.orders. */
  name: string
  file: string
  position: SourcePosition
  columns: SourceColumn[]
  primaryKey: string[]
  comment: string | null
  /** Property `source.optional`: datasets that need it wait without it. */
  optional: boolean
  properties: Record<string, string>
}

/** A column is optional when the property `source.optional_columns` names it. */
export interface SourceColumn extends ColumnDefinition {
  optional: boolean
}

export interface SchemaDefinition {
  name: string
  comment: string | null
  properties: Record<string, string>
}

export interface PipelineFile {
  /** Path inside the pipeline folder, `/` separated. */
  path: string
  text: string
}

export interface Dashboard {
  name: string
  file: string
  sql: string
}

export interface Project {
  name: string
  /** The catalog that three-part names may start with. */
  catalog: string | null
  /** Schema of unqualified names. */
  defaultSchema: string
  configuration: Record<string, string>
  schemas: SchemaDefinition[]
  /** In topological order; datasets with problems included. */
  datasets: Dataset[]
  sources: SourceTable[]
  dashboards: Dashboard[]
  /** By source table, the lower-case names of the columns that the pipeline can read, sorted: a superset of what it does read. */
  usedColumns: Record<string, string[]>
  /** Of the datasets whose queries can be read, in the same order. */
  lineage: DatasetLineage[]
  problems: ErrorData[]
}
