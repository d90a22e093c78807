import type { DialectContext, LatestPerKey, TableReference } from '@/engine/ports'
import type { Body } from './nodes'

/** One translation of one text: what the printers share. */
export interface Translator {
  readonly context: DialectContext
  /** True while the text with placeholders for QUALIFY ROW_NUMBER() = 1 is printed. */
  readonly reduce: boolean
  /** True while the text is printed with a placeholder for each table that it reads. */
  readonly slots: boolean
  readonly found: Findings
  /** Names of the common table expressions in scope, innermost last. */
  readonly scopes: Set<string>[]
  /** Prints an expression so that it can stand as an operand anywhere. */
  expression(value: unknown): string
  /** Prints a query without parentheses around it. */
  query(value: unknown): string
}

/** What printing learned about the text. */
export interface Findings {
  tables: TableReference[]
  columnNames: Set<string>
  usesAsOf: boolean
  latestPerKey: LatestPerKey[]
  /** The same, by the body of the SELECT. */
  latestOf: Map<Body, LatestPerKey>
  /** Placeholders of tables, by the body of the node that mentions the table. */
  slots: Map<Body, { placeholder: string; table: string }>
}

export function newFindings(): Findings {
  return {
    tables: [],
    columnNames: new Set(),
    usesAsOf: false,
    latestPerKey: [],
    latestOf: new Map(),
    slots: new Map(),
  }
}
