import { afterAll, beforeAll, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { PlanNode } from '@/rpc/contract'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { readPlan } from './query-plan'

let engine: TestEngine

beforeAll(async () => {
  engine = await openTestEngine({ pipeline: [{ path: 'spark-pipeline.yml', text: 'name: none\nschema: gold\n' }] })
})
afterAll(() => engine.close())

const names = (nodes: PlanNode[]): string[] => nodes.flatMap(({ name, children }) => [name, ...names(children)])

it('a plan names the steps of a query, the last one first', async () => {
  const sql = 'SELECT a, count(*) FROM (SELECT i % 3 AS a FROM range(1000) AS r(i)) WHERE a > 0 GROUP BY a ORDER BY a'
  const explained = await engine.database.connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)
  const plan = readPlan(String(explained.getRows()[0]?.[1]))
  const steps = names(plan)
  expect(steps[0]).toBe('ORDER BY')
  expect(steps.some((step) => step.includes('GROUP BY'))).toBe(true)
  expect(plan[0]?.details.flat(2)).toContain('Order By')
})

it('a plan leaves out the steps in which values are only packed', () => {
  const scan = { name: 'SEQ_SCAN ', children: [], extra_info: { Table: 't', 'Estimated Cardinality': '7' } }
  const packing = {
    name: 'PROJECTION',
    children: [scan],
    extra_info: { Projections: ['__internal_compress_string(#0)', '#1'] },
  }
  const sort = { name: 'ORDER_BY', children: [packing], extra_info: { 'Order By': 'a ASC' } }
  expect(readPlan(JSON.stringify([sort]))).toEqual([
    {
      name: 'ORDER BY',
      details: [['Order By', ['a ASC']]],
      estimatedRows: null,
      children: [{ name: 'SEQ SCAN', details: [['Table', ['t']]], estimatedRows: 7, children: [] }],
    },
  ])
})

it('a command has no plan, and is not run for one', async () => {
  const outcome = await engine.api.plan({ sql: 'OPTIMIZE gold.t' }).catch(toErrorData)
  expect(outcome).toMatchObject({ code: 'sql.no_plan' })
})
