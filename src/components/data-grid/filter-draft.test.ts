import { expect, it } from 'vitest'
import type { FilterTest } from '@/domain/result/arrangement'
import { draftOf, filterKinds, testOf } from './filter-draft'

it('a filter that is opened again is the one that was written', () => {
  const tests: [FilterTest, string][] = [
    [{ kind: 'contains', text: 'fr' }, 'VARCHAR'],
    [{ kind: 'equals', text: '' }, 'VARCHAR'],
    [{ kind: 'range', from: '10', to: null }, 'BIGINT'],
    [{ kind: 'notNull' }, 'DATE'],
  ]
  for (const [test, type] of tests) expect(testOf(draftOf(test, type), type)).toEqual(test)
})

it('a draft that asks for nothing is no filter', () => {
  for (const type of ['VARCHAR', 'BIGINT', 'BOOLEAN', 'INTEGER[]']) expect(testOf(draftOf(null, type), type)).toBeNull()
  expect(testOf({ kind: 'equals', text: '', from: '', to: '' }, 'BIGINT')).toBeNull()
})

it('what is offered fits the type', () => {
  expect(filterKinds('DECIMAL(15,2)')[0]).toBe('range')
  expect(filterKinds('VARCHAR')[0]).toBe('contains')
  expect(filterKinds('BOOLEAN')).not.toContain('range')
})
