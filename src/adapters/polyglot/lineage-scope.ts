/** The names that an expression may mean: columns of what FROM lists, aliases of the same SELECT, columns of queries around it. */
import { type ColumnUse, distinctUses } from '@/domain/lineage/column-use'
import type { DialectContext } from '@/engine/ports'

export interface OutputColumn {
  name: string
  expression: string
  inputs: ColumnUse[]
}

/** Columns and, for all of them alike, what decides about the rows. */
export interface Result {
  columns: OutputColumn[]
  rowInputs: ColumnUse[]
}

export interface Relation extends Result {
  /** Lower-case names that columns may be qualified with: `t`, or `schema.t` of a table without alias. */
  names: string[]
  /** A table outside the query: its columns are uses themselves, with the place of whoever names them. */
  table: string | null
  /** Where a table stands in the text; stars have no place of their own. */
  place: number
  /** False for a table whose columns are not known. */
  complete: boolean
}

export interface Scope {
  relations: Relation[]
  /** Columns that USING makes of two: found before the relations' own. */
  merged: OutputColumn[]
  /** Lower-case. What earlier items of the SELECT are called. */
  aliases: Map<string, OutputColumn>
  /** Lower-case. The SELECT's WINDOW clause. */
  windows: Map<string, unknown>
  outer: Scope | null
}

/** One reading of one text: what its walkers share. */
export interface Reader {
  readonly context: DialectContext
  readonly columnsOf: (table: string) => readonly string[] | null
  /** Results of the common table expressions in scope, innermost last; lower-case names. */
  readonly ctes: Map<string, Result>[]
  expression(value: unknown, scope: Scope): ColumnUse[]
  query(value: unknown, outer: Scope | null): Result
  /** SQL of an expression, for people to read. */
  print(value: unknown): string
  /** From code points to UTF-16 units. */
  offset(codePoints: number | null): number
}

export function newScope(outer: Scope | null): Scope {
  return { relations: [], merged: [], aliases: new Map(), windows: new Map(), outer }
}

/** The column that `a`, `t.a` or `schema.t.a` means, members of structs included; null when nothing here has that name. */
export function resolve(parts: readonly string[], scope: Scope, offset: number): OutputColumn | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = inScope(
      parts.map((part) => part.toLowerCase()),
      at,
      offset,
    )
    if (found !== null) return found
  }
  return null
}

function inScope(parts: readonly string[], scope: Scope, offset: number): OutputColumn | null {
  for (let length = Math.min(parts.length - 1, 2); length > 0; length--) {
    const qualifier = parts.slice(0, length).join('.')
    const relation = scope.relations.find(({ names }) => names.includes(qualifier))
    const column = relation && columnOf(relation, parts[length] ?? '', offset)
    if (column) return column
  }
  const [name = ''] = parts
  const merged = scope.merged.find((column) => column.name.toLowerCase() === name)
  if (merged) return merged
  const known = scope.relations.find((relation) =>
    relation.columns.some((column) => column.name.toLowerCase() === name),
  )
  if (known) return columnOf(known, name, offset)
  const alias = scope.aliases.get(name)
  if (alias) return alias
  const open = scope.relations.find(({ complete }) => !complete)
  return open ? columnOf(open, name, offset) : null
}

function columnOf(relation: Relation, name: string, offset: number): OutputColumn | null {
  const column = relation.columns.find((candidate) => candidate.name.toLowerCase() === name)
  if (relation.table === null) return column ?? null
  if (!column && relation.complete) return null
  return tableColumn(relation.table, column?.name ?? name, offset)
}

function tableColumn(table: string, name: string, offset: number): OutputColumn {
  return { name, expression: name, inputs: [{ table, column: name.toLowerCase(), usage: 'IDENTITY', offset }] }
}

/** All columns of a relation, as a star gives them. */
export function starColumns({ table, columns, place, complete }: Relation): OutputColumn[] {
  if (table === null) return columns
  const all = columns.map(({ name }) => tableColumn(table, name, place))
  return complete ? all : [...all, tableColumn(table, '*', place)]
}

/** What everything in the columns comes from. */
export function allInputs(columns: readonly OutputColumn[]): ColumnUse[] {
  return distinctUses(columns.flatMap(({ inputs }) => inputs))
}
