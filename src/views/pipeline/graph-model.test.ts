import { expect, test } from 'vitest'
import type { DatasetReport, TableInfo, UpdateReport } from '@/domain/automation'
import type { DatasetView, ProjectView, SourceView } from '@/store/contract'
import { graphNodes } from './graph-model'

function dataset(name: string, inputs: string[]): DatasetView {
  return {
    name,
    kind: 'materialized_view',
    file: `${name}.sql`,
    sql: '',
    comment: null,
    columns: [],
    expectations: [],
    inputs,
    partitionedBy: [],
    properties: {},
  }
}

const project: ProjectView = {
  name: 'retail',
  schemas: {},
  datasets: [
    dataset('gold.fact', ['silver.orders']),
    dataset('gold.daily', ['gold.fact']),
    dataset('gold.ltv', ['gold.daily']),
  ],
  dashboards: [],
  problems: [],
}

const orders: SourceView = {
  table: 'silver.orders',
  comment: null,
  optional: false,
  columns: [],
  key: ['order_id'],
  status: 'ready',
  files: [],
  rows: 12,
  bytes: 1,
  delta: null,
  lastLoad: null,
  dateRange: null,
  problems: [],
}

function ended(name: string, status: DatasetReport['status'], version: number | null): DatasetReport {
  return {
    name,
    kind: 'materialized_view',
    plan: 'full',
    reason: 'gold.fact was not built in this update',
    status,
    version,
    rowsWritten: 0,
    rowsUpserted: 0,
    rowsDeleted: 0,
    rowsDropped: 0,
    durationMs: 5,
    expectations: [],
  }
}

const last: UpdateReport = {
  updateId: 'u',
  status: 'failed',
  asOf: '2011-12-09',
  startedAt: '2011-12-09T00:00:00Z',
  durationMs: 9,
  datasets: [ended('gold.fact', 'failed', null), ended('gold.daily', 'skipped', null), ended('gold.ltv', 'skipped', 2)],
  problems: [],
}

const ltv: TableInfo = {
  name: 'gold.ltv',
  layer: 'gold',
  kind: 'materialized_view',
  comment: null,
  columns: [],
  properties: {},
  rows: 7,
  version: 2,
  files: 1,
  bytes: 100,
}

test('what a failure kept from being built is neither green nor up to date, and says what failed', () => {
  const nodes = graphNodes(project, [orders], [ltv], { status: 'idle' }, last)
  expect(nodes.map(({ name, tone, status, facts }) => [name, tone, status, facts])).toEqual([
    ['silver.orders', 'ok', 'ready', ['12 rows']],
    ['gold.fact', 'error', 'failed', ['failed']],
    ['gold.daily', 'idle', 'not built: gold.fact failed', ['not built']],
    ['gold.ltv', 'warning', 'not updated: gold.fact failed', ['7 rows']],
  ])
})

test('a source that cannot be used says so, not how many rows it has', () => {
  const problems = [{ code: 'source.missing_column', message: 'orders.parquet has no column unit_price.' }]
  const [node] = graphNodes(
    project,
    [{ ...orders, status: 'invalid', rows: 0, problems }],
    [],
    { status: 'idle' },
    null,
  )
  expect(node).toMatchObject({
    tone: 'error',
    facts: ['not usable'],
    status: 'not usable: orders.parquet has no column unit_price.',
  })
})
