/** How one column is used to make another one, in OpenLineage's words, and how uses of uses add up. */

const DIRECT = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'] as const
/** What decides about rows, their order or a choice between values, without giving a value itself. */
type Indirect = 'JOIN' | 'GROUP_BY' | 'FILTER' | 'SORT' | 'WINDOW' | 'CONDITIONAL'
type Direct = (typeof DIRECT)[number]

export type Usage = Direct | Indirect

export interface ColumnUse {
  /** Lower-case `schema.table`. */
  table: string
  /** Lower-case; '*' for whichever columns a table has of which they are not known. */
  column: string
  usage: Usage
  /** Where the query names the column: an offset (UTF-16 units) into its text. */
  offset: number
}

export function isDirect(usage: Usage): usage is Direct {
  return DIRECT.some((direct) => direct === usage)
}

/** The usage of what goes through `inner` into something that `outer` makes of it. An indirect step makes the whole way indirect. */
export function throughBoth(outer: Usage, inner: Usage): Usage {
  if (!isDirect(outer)) return outer
  if (!isDirect(inner)) return inner
  return DIRECT[Math.max(DIRECT.indexOf(outer), DIRECT.indexOf(inner))] ?? inner
}

/** The uses as they are when their result is used in the given way. */
export function usedAs(usage: Usage, uses: readonly ColumnUse[]): ColumnUse[] {
  return uses.map((use) => ({ ...use, usage: throughBoth(usage, use.usage) }))
}

/** Each column and usage once, as it is first. */
export function distinctUses(uses: readonly ColumnUse[]): ColumnUse[] {
  const seen = new Set<string>()
  return uses.filter(({ table, column, usage }) => {
    const key = JSON.stringify([table, column, usage])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
