import { describe, expect, it } from 'vitest'
import { type ContractColumn, isConvertible, planColumns } from './column-plan'

const contract: ContractColumn[] = [
  { name: 'id', type: 'BIGINT', optional: false, used: true },
  { name: 'price', type: 'DECIMAL(10,2)', optional: false, used: true },
  { name: 'note', type: 'VARCHAR', optional: true, used: true },
  { name: 'audit', type: 'TIMESTAMP', optional: false, used: false },
]
const whole = contract.map(({ name, type }) => ({ name, type }))

describe('planColumns', () => {
  it('reads the used columns under the names that the file gives them', () => {
    const columns = [...whole].reverse().map(({ name, type }) => ({ name: name.toUpperCase(), type }))
    const plan = planColumns('silver.t', 't.parquet', contract, [
      ...columns,
      { name: 'extra', type: 'STRUCT(a INTEGER)' },
    ])
    expect(plan.problems).toEqual([])
    expect(plan.reads.map(({ name, fileName }) => [name, fileName])).toEqual([
      ['id', 'ID'],
      ['price', 'PRICE'],
      ['note', 'NOTE'],
    ])
  })

  it('supplies an optional column and reports every other that is missing or of another kind, at once', () => {
    const plan = planColumns('silver.t', 't.parquet', contract, [{ name: 'price', type: 'VARCHAR' }])
    expect(plan.absent.map(({ name }) => name)).toEqual(['note'])
    expect(plan.problems.map(({ code, file }) => [code, file])).toEqual([
      ['source.missing_column', 't.parquet'],
      ['source.column_type', 't.parquet'],
      ['source.missing_column', 't.parquet'],
    ])
    expect(plan.problems.every(({ remedy }) => remedy)).toBe(true)
  })
})

describe('isConvertible', () => {
  it.each([
    ['UTINYINT', 'BIGINT'],
    ['BIGINT', 'INTEGER'],
    ['DOUBLE', 'DECIMAL(10,2)'],
    ['DECIMAL(38,9)', 'INTEGER'],
    ['TIMESTAMP_NS', 'TIMESTAMP'],
    ['TIMESTAMP WITH TIME ZONE', 'TIMESTAMP'],
    ['DATE', 'TIMESTAMP'],
    ['TIMESTAMP', 'DATE'],
    ['BIGINT', 'VARCHAR'],
  ])('lets %s become %s', (from, to) => {
    expect(isConvertible(from, to)).toBe(true)
  })

  it.each([
    ['VARCHAR', 'BIGINT'],
    ['VARCHAR', 'DATE'],
    ['BLOB', 'VARCHAR'],
    ['DOUBLE', 'VARCHAR'],
    ['BOOLEAN', 'INTEGER'],
    ['BIGINT', 'TIMESTAMP'],
    ['INTEGER[]', 'INTEGER'],
    ['STRUCT("a" INTEGER)', 'INTEGER'],
    ['TIME', 'TIMESTAMP'],
  ])('does not let %s become %s', (from, to) => {
    expect(isConvertible(from, to)).toBe(false)
  })
})
