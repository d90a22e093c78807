import { describe, expect, it } from 'vitest'
import type { Dataset } from '@/domain/pipeline/project'
import { qualityRules } from './quality-rules'

const position = { line: 3, column: 7, offset: 40 }

function dataset(properties: Record<string, string>, columns: string[] | null = ['order_id', 'net_revenue']): Dataset {
  return {
    name: 'gold.fact_sales',
    kind: 'materialized_view',
    temporary: false,
    private: false,
    file: 'transformations/fact_sales.sql',
    fileText: '',
    position,
    columns:
      columns?.map((name) => ({ name, type: 'BIGINT', notNull: false, generatedAs: null, comment: null, position })) ??
      null,
    expectations: [],
    primaryKey: null,
    partitionedBy: [],
    clusterBy: [],
    comment: null,
    properties,
    query: { text: 'SELECT 1', position },
    flows: [],
    inputs: [],
  }
}

describe('quality rules', () => {
  it('are read from properties, about a column or the whole table', () => {
    const { rules, problems } = qualityRules(
      dataset({
        team: 'x',
        'quality.row_count_min': '10',
        'quality.NET_REVENUE.min': '0',
        'quality.order_id.unique': 'true',
      }),
    )
    expect(problems).toEqual([])
    expect(rules.map(({ check, column, expected }) => [check, column, expected])).toEqual([
      ['row_count_min', null, '10'],
      ['min', 'net_revenue', '0'],
      ['unique', 'order_id', 'true'],
    ])
  })

  it('may name any column of a dataset that declares none', () => {
    expect(qualityRules(dataset({ 'quality.a.b.regex': '^x' }, null)).rules).toMatchObject([{ column: 'a.b' }])
  })

  it.each([
    [{ 'quality.net_revenue.minimum': '0' }, /is no quality rule/],
    [{ 'quality.row_count': '1' }, /is no quality rule/],
    [{ 'quality.net_revenu.min': '0' }, /no column of gold\.fact_sales/],
    [{ 'quality.net_revenue.null_pct_max': '101' }, /is '101'/],
    [{ 'quality.order_id.unique': 'yes' }, /is 'yes'/],
    [{ 'quality.order_id.regex': '(' }, /is '\('/],
    [{ 'quality.order_id.accepted_values': ' , ' }, /is ' , '/],
    [{ 'quality.freshness_hours': '0' }, /is '0'/],
    [{ 'quality.row_count_min': '-1' }, /is '-1'/],
  ])('that cannot be meant so are problems at the dataset: %j', (properties, message) => {
    const { rules, problems } = qualityRules(dataset(properties))
    expect(rules).toEqual([])
    expect(problems).toEqual([
      {
        code: 'quality.rule',
        message: expect.stringMatching(message),
        remedy: expect.any(String),
        file: 'transformations/fact_sales.sql',
        line: 3,
        column: 7,
      },
    ])
  })

  it('that are misspelt suggest what was meant', () => {
    expect(qualityRules(dataset({ 'quality.net_revenu.min': '0' })).problems[0]?.remedy).toBe(
      'Did you mean net_revenue?',
    )
  })
})
