import type { DialectContext, LatestPerKey, TableReference } from '@/engine/ports'

/** One translation of one text: what the printers share. */
export interface Translator {
  readonly context: DialectContext
  /** True while the text with placeholders for QUALIFY ROW_NUMBER() = 1 is printed. */
  readonly reduce: boolean
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
}
