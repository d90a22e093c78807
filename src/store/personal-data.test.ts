import { expect, it } from 'vitest'
import type { TableInfo } from '@/domain/automation'
import { personalColumns } from './personal-data'

function table(name: string, pii: string[]): TableInfo {
  const column = (column: string) => ({
    name: column,
    type: 'VARCHAR',
    nullable: true,
    comment: null,
    pii: pii.includes(column),
  })
  return {
    name,
    layer: 'gold',
    kind: 'materialized_view',
    comment: null,
    columns: ['id', 'Email'].map(column),
    properties: {},
    rows: 1,
    version: 0,
    files: 1,
    bytes: 1,
  }
}

it('a quarantine holds the personal data of its table', () => {
  const tables = [table('gold.people', ['Email']), table('gold.people__quarantine', []), table('gold.days', [])]
  expect([...personalColumns(tables, 'gold.people')]).toEqual(['email'])
  expect([...personalColumns(tables, 'gold.people__quarantine')]).toEqual(['email'])
  expect([...personalColumns(tables, 'gold.days')]).toEqual([])
})
