import { isEmpty, nameOf, nodeOf, spell, unwrap } from './nodes'

/** A query of which nothing is known but its result; the reason goes after “full, because of”. */
export class Whole extends Error {}

/** A column as it is written, in lower case. */
export interface PlainColumn {
  table: string | null
  name: string
}

export function plainColumnOf(value: unknown): PlainColumn | null {
  const node = unwrap(value)
  if (node.kind !== 'column') return null
  const table = isEmpty(node.body.table) ? null : nameOf(node.body.table).toLowerCase()
  return { table, name: nameOf(node.body.name).toLowerCase() }
}

/** What in an expression looks at more than a row. */
export function whatIsWhole(value: unknown): string {
  const text = JSON.stringify(value)
  if (text.includes('"window_function"')) return 'a window function'
  if (text.includes('"select"')) return 'a subquery in an expression'
  const node = nodeOf(value)
  return `${spell(node.kind === 'alias' ? nodeOf(node.body.this).kind : node.kind)} in the SELECT list`
}
