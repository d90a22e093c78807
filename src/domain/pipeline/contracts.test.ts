import { describe, expect, it } from 'vitest'
import { contractChanges, contractColumns, type PromisedColumn } from './contracts'

const ID = { name: 'id', type: 'BIGINT', nullable: false }
const DAY = { name: 'day', type: 'DATE', nullable: true }
const AMOUNT = { name: 'amount', type: 'DECIMAL(15,2)', nullable: true }

function changes(
  before: PromisedColumn[],
  after: PromisedColumn[],
  contracts: [string[] | null, string[] | null] = [null, null],
) {
  const [committed, defined] = contracts
  return contractChanges({ columns: before, contract: committed }, { columns: after, contract: defined }).map(
    ({ kind, column, breaking, before: was, after: is }) =>
      `${breaking ? 'breaking' : 'harmless'} ${kind} ${column}: ${was} -> ${is}`,
  )
}

describe('the columns of a contract', () => {
  it('are those that the property lists; without it nothing is said', () => {
    expect(contractColumns({ public_contract: ' id ,Day,, ' })).toEqual(['id', 'Day'])
    expect(contractColumns({ public_contract: '' })).toEqual([])
    expect(contractColumns({})).toBeNull()
  })
})

describe('a contract', () => {
  it('is unchanged by another order, another case, or a column that becomes NOT NULL', () => {
    expect(
      changes(
        [ID, DAY],
        [
          { ...DAY, nullable: false },
          { ...ID, name: 'ID' },
        ],
      ),
    ).toEqual([])
  })

  it('is broken by a column that is gone', () => {
    expect(changes([ID, DAY], [ID])).toEqual(['breaking removed day: day -> null'])
  })

  it('is broken by another name, type or by NULLs', () => {
    expect(changes([ID, DAY], [ID, { ...DAY, name: 'date' }])).toEqual(['breaking renamed day: day -> date'])
    expect(changes([ID, AMOUNT], [ID, { ...AMOUNT, type: 'DOUBLE' }])).toEqual([
      'breaking retyped amount: DECIMAL(15,2) -> DOUBLE',
    ])
    expect(changes([ID], [{ ...ID, nullable: true }])).toEqual(['breaking made_nullable id: NOT NULL -> NULL'])
  })

  it('is not broken by a column that comes in', () => {
    expect(changes([ID], [ID, AMOUNT])).toEqual(['harmless added amount: null -> amount'])
  })

  it('calls a column removed where several could be its new name', () => {
    const [one, two] = [
      { ...DAY, name: 'one' },
      { ...DAY, name: 'two' },
    ]
    expect(changes([DAY], [one, two])).toEqual([
      'breaking removed day: day -> null',
      'harmless added one: null -> one',
      'harmless added two: null -> two',
    ])
  })

  it('covers no column that it does not list, and one that it no longer lists is gone for readers', () => {
    expect(changes([ID, DAY], [ID], [['id'], ['id']])).toEqual([])
    expect(changes([ID, DAY], [ID, DAY], [['ID', 'day'], ['id']])).toEqual(['breaking removed day: day -> null'])
    expect(changes([ID, DAY], [ID, DAY], [['id'], ['id', 'day']])).toEqual(['harmless added day: null -> day'])
  })
})
