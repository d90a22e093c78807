/** table_changes and table_difference: what changed between versions of a table, as relations. */
import { type Comparison, comparisonName } from '@/domain/delta/comparison'
import { instantOf, type TableMoment } from '@/domain/delta/moment'
import { quoteIdentifier } from '@/domain/sql/quote'
import type { Call } from './calls'
import { findOffset, nodeOf, Unsupported } from './nodes'
import type { Translator } from './translator'

const USAGE: Record<string, string> = {
  table_changes:
    "Write table_changes('schema.table', from) or table_changes('schema.table', from, to), with versions or times.",
  table_difference:
    "Write table_difference('schema.table', from, to), with versions or times, or table_difference('schema.table', 'schema.other').",
}

/** The relation that a call stands for, and its name; null when it is another function. What it needs is noted in `found`. */
export function printVersionFunction(call: Call, t: Translator): { sql: string; name: string } | null {
  const { name, args } = call
  if (!Object.hasOwn(USAGE, name)) return null
  const values = args.map(literalOf)
  const table = typeof values[0] === 'string' ? tableParts(values[0], t) : null
  const comparison = table === null || values.includes(null) ? null : comparisonOf(name, values.slice(1), t)
  if (table === null || comparison === null) throw badArguments(name)
  const stored = table.join('.')
  const offset = args.map((argument) => findOffset(nodeOf(argument).body)).find((found) => found !== null) ?? 0
  t.found.tables.push({ name: stored, offset, comparison })
  if ('other' in comparison) for (const read of [stored, comparison.other]) t.found.tables.push({ name: read, offset })
  const [bare = ''] = table.slice(-1)
  const parts = [...table.slice(0, -1), comparisonName(bare, comparison)]
  return { sql: parts.map(quoteIdentifier).join('.'), name: bare }
}

function comparisonOf(name: string, values: readonly (string | number | null)[], t: Translator): Comparison | null {
  const [first, second] = values
  if (name === 'table_difference' && values.length === 1 && typeof first === 'string') {
    const other = instantOf(first) === null ? tableParts(first, t) : null
    if (other !== null) return { kind: 'difference', other: other.join('.') }
  }
  const from = momentOf(first)
  const to = second === undefined ? null : momentOf(second)
  if (values.length > 2 || from === null || (second !== undefined && to === null)) return null
  return name === 'table_changes' ? { kind: 'changes', from, to } : { kind: 'difference', from, to }
}

function momentOf(value: string | number | null | undefined): TableMoment | null {
  if (typeof value === 'number') return { version: value }
  const timestampMs = typeof value === 'string' ? instantOf(value) : null
  return timestampMs === null ? null : { timestampMs }
}

/** Literals only: the rows are fetched before the query runs. */
function literalOf(argument: unknown): string | number | null {
  const { kind, body } = nodeOf(argument)
  if (kind !== 'literal') return null
  const value = String(body.value)
  if (body.literal_type === 'string') return value
  return body.literal_type === 'number' && /^\d{1,15}$/.test(value) ? Number(value) : null
}

/** Schema and name out of a text like `gold.fact_sales`, lower-case, as names in a query are read; null when it is no name. */
function tableParts(text: string, { context }: Translator): string[] | null {
  const parts = text
    .trim()
    .toLowerCase()
    .split('.')
    .map((part) => part.replace(/^`(.*)`$/, '$1'))
  if (parts.some((part) => part === '')) return null
  if (parts.length === 3 && parts[0] === context.catalog?.toLowerCase()) return parts.slice(1)
  if (parts.length === 1 && context.defaultSchema !== undefined) return [context.defaultSchema.toLowerCase(), ...parts]
  return parts.length === 2 ? parts : null
}

function badArguments(name: string): Unsupported {
  return new Unsupported('sql.bad_arguments', `These are not the arguments of ${name}`, USAGE[name] ?? '', name)
}
