import { valueKind } from '@/domain/format/value'
import type { FilterTest } from '@/domain/result/arrangement'

export type FilterKind = FilterTest['kind']

export const filterLabels: Record<FilterKind, string> = {
  contains: 'contains',
  equals: 'is',
  range: 'is between',
  null: 'is NULL',
  notNull: 'is not NULL',
}

/** A filter that is being written. */
export interface FilterDraft {
  kind: FilterKind
  text: string
  from: string
  to: string
}

/** The tests that make sense for a type, the likeliest first. */
export function filterKinds(type: string): FilterKind[] {
  switch (valueKind(type)) {
    case 'number':
    case 'date':
    case 'timestamp':
      return ['range', 'equals', 'contains', 'null', 'notNull']
    case 'boolean':
      return ['equals', 'null', 'notNull']
    case 'text':
      return ['contains', 'equals', 'range', 'null', 'notNull']
    case 'binary':
    case 'nested':
      return ['contains', 'equals', 'null', 'notNull']
  }
}

export function draftOf(test: FilterTest | null, type: string): FilterDraft {
  const [kind = 'equals'] = filterKinds(type)
  const blank: FilterDraft = { kind, text: '', from: '', to: '' }
  if (test === null) return blank
  const { kind: known } = test
  if (test.kind === 'range') return { ...blank, kind: known, from: test.from ?? '', to: test.to ?? '' }
  return test.kind === 'null' || test.kind === 'notNull'
    ? { ...blank, kind: known }
    : { ...blank, kind: known, text: test.text }
}

/** The test that a draft stands for; null when it lets every row through. Only text can be empty and still be looked for. */
export function testOf({ kind, text, from, to }: FilterDraft, type: string): FilterTest | null {
  switch (kind) {
    case 'contains':
      return text === '' ? null : { kind, text }
    case 'equals':
      return text === '' && type !== 'VARCHAR' ? null : { kind, text }
    case 'range':
      return from === '' && to === '' ? null : { kind, from: from === '' ? null : from, to: to === '' ? null : to }
    case 'null':
    case 'notNull':
      return { kind }
  }
}
