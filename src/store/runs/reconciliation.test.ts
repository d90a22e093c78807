import { expect, it } from 'vitest'
import { decimalToString } from '@/domain/format/decimal'
import { readReconciliation, verdicts } from './reconciliation'

const columns = ['step', 'figure', 'dataset', 'unit', 'amount', 'expected', 'difference', 'status'].map((name) => ({
  name,
  type: 'VARCHAR',
}))
const statement = readReconciliation({
  columns,
  rows: [
    [1, 'silver_lines', 'silver.orders', 'lines', '9007199254740993.00', null, null, null],
    [2, 'superseded', 'silver.orders', 'lines', '3.00', null, null, null],
    [3, 'quarantined: positive, known', 'silver.orders', 'lines', '1.00', null, null, null],
    [4, 'fact_lines', 'gold.fact', 'lines', '9007199254740989.00', '9007199254740989.00', '0.00', 'pass'],
    [5, 'daily revenue', 'gold.daily', 'money', '10.01', '10.02', '-0.01', 'fail'],
    [6, 'weekly revenue', 'gold.weekly', 'money', null, '10.02', null, 'unknown'],
  ],
})

it('lines of Silver become those of the fact by what is taken off in turn, exactly', () => {
  const left = statement.deductions.map(({ left }) => left && decimalToString(left))
  expect(left).toEqual(['9007199254740990.00', '9007199254740989.00'])
  expect(statement.closing.map(({ figure }) => figure)).toEqual(['fact_lines'])
})

it('lines that are held back name the rules that they failed', () => {
  expect(statement.deductions.map(({ rules }) => rules)).toEqual([[], ['positive', 'known']])
})

it('every figure with a status is counted, and what cannot be told is no agreement', () => {
  expect(verdicts(statement)).toEqual({ pass: 1, fail: 1, unknown: 1 })
  expect(statement.totals.map(({ check }) => check?.status)).toEqual(['fail', 'unknown'])
})
