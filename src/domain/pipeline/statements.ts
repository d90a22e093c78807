/** What the statements of a pipeline file say, before names are resolved and queries are analysed. */
import type { ColumnDefinition, Expectation, SourcePosition, SqlText } from './project'

/** One to three identifiers, as written. */
export interface QualifiedName {
  parts: string[]
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

/** CREATE FLOW or APPLY CHANGES: recognised, so that the error can say what it is. */
export interface FlowStatement {
  type: 'flow'
  name: QualifiedName
  /** The statement's spelling: CREATE FLOW, APPLY CHANGES INTO. */
  spelling: string
  body: SqlText
}

export type Statement = DatasetStatement | TableStatement | SchemaStatement | FlowStatement
