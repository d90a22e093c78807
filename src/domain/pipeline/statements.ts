/** What the statements of a pipeline file say, before names are resolved and queries are analysed. */
import type { ColumnDefinition, Expectation, SourcePosition, SqlText } from './project'

/** One to three identifiers, as written. */
export interface QualifiedName {
  parts: string[]
  position: SourcePosition
}

export interface ColumnName {
  name: string
  position: SourcePosition
}

/** The columns that a clause lists, or all `except` those; `position` is that of the clause. */
export interface ColumnSelection {
  except: boolean
  columns: ColumnName[]
  position: SourcePosition
}

/** A property with the place of its value. */
export interface Property {
  key: string
  value: string
  position: SourcePosition
}

/** What stands in the parentheses after a dataset's name. */
export interface ColumnList {
  columns: ColumnDefinition[]
  expectations: Expectation[]
  primaryKey: { columns: string[]; position: SourcePosition } | null
}

export interface Clauses {
  partitionedBy: string[]
  clusterBy: string[]
  comment: string | null
  properties: Property[]
}

export interface DatasetStatement extends ColumnList, Clauses {
  type: 'dataset'
  kind: 'materialized_view' | 'streaming_table' | 'view'
  temporary: boolean
  private: boolean
  name: QualifiedName
  /** Null for a streaming table that flows fill. */
  query: SqlText | null
}

/** CREATE TABLE without a query: the declaration of a source. */
export interface TableStatement extends ColumnList, Clauses {
  type: 'table'
  name: QualifiedName
}

export interface SchemaStatement {
  type: 'schema'
  name: QualifiedName
  comment: string | null
  properties: Property[]
}

interface Flow {
  type: 'flow'
  /** The flow's own name; that of its target when the statement gives none. */
  name: QualifiedName
  /** As users know the statement. */
  spelling: 'CREATE FLOW' | 'APPLY CHANGES INTO'
  comment: string | null
  /** A ONCE flow runs with the first update and with full refreshes. */
  once: boolean
  /** The streaming table that it fills. */
  target: QualifiedName
}

/** Appends what a query gives. */
export interface InsertFlow extends Flow {
  kind: 'insert'
  query: SqlText
}

/** Applies the changes that a source lists. */
export interface AutoCdcFlow extends Flow {
  kind: 'auto_cdc'
  source: { name: QualifiedName; stream: boolean }
  keys: ColumnName[]
  /** A NULL in a change leaves the column as it is. */
  ignoreNullUpdates: boolean
  deleteWhen: SqlText | null
  sequenceBy: SqlText
  /** The source columns that reach the target; null for all. */
  columns: ColumnSelection | null
  scdType: 1 | 2
  /** The columns whose change starts a new version; null for all. */
  trackHistory: ColumnSelection | null
}

export type FlowStatement = InsertFlow | AutoCdcFlow

export type Statement = DatasetStatement | TableStatement | SchemaStatement | FlowStatement
