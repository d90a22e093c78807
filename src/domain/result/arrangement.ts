/** How rows are arranged for a reader: which of them, and in which order. Columns are named by their place, since results may name two alike. */
export interface Arrangement {
  /** NULLs come last in either direction; null leaves the stored order. */
  order: { column: number; descending: boolean } | null
  /** All of them hold for a row that is shown. */
  filters: ColumnFilter[]
}

export type ColumnFilter = { column: number } & FilterTest

/** Values are texts as a reader writes them; the column's type says what they mean. */
export type FilterTest =
  /** The value as text holds this one, in any case. */
  | { kind: 'contains'; text: string }
  /** The value is this one. A bare date stands for its whole day. */
  | { kind: 'equals'; text: string }
  /** The value lies between these, both included; null leaves a side open. A bare date ends with its day. */
  | { kind: 'range'; from: string | null; to: string | null }
  | { kind: 'null' }
  | { kind: 'notNull' }

export const stored: Arrangement = { order: null, filters: [] }

export function isStored({ order, filters }: Arrangement): boolean {
  return order === null && filters.length === 0
}

/** The order after one more click on a column: ascending, descending, as stored. */
export function nextOrder(order: Arrangement['order'], column: number): Arrangement['order'] {
  if (order?.column !== column) return { column, descending: false }
  return order.descending ? null : { column, descending: true }
}

/** The arrangement with another filter of the column, or (null) without one. */
export function withFilter(arrangement: Arrangement, column: number, test: FilterTest | null): Arrangement {
  const others = arrangement.filters.filter((filter) => filter.column !== column)
  return { ...arrangement, filters: test === null ? others : [...others, { column, ...test }] }
}

/** A filter in words, after the name of its column: "contains fr", "from 10 to 20", "is NULL". */
export function filterInWords(test: FilterTest): string {
  switch (test.kind) {
    case 'contains':
      return `contains ${test.text}`
    case 'equals':
      return test.text === '' ? 'is empty text' : `is ${test.text}`
    case 'range':
      return [test.from === null ? '' : `from ${test.from}`, test.to === null ? '' : `to ${test.to}`]
        .filter((part) => part !== '')
        .join(' ')
    case 'null':
      return 'is NULL'
    case 'notNull':
      return 'is not NULL'
  }
}
