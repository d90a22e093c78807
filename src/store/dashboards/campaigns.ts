import type { DashboardDefinition, Measure } from './definition'
import { type Expression, max, product, quotient, sum } from './expression'

const cost = sum('spend')
const costPerCustomer = quotient(cost, sum('conversions'), 2)
const gain: Expression = { kind: 'difference', of: [sum('revenue_attributed'), cost] }

const spend: Measure = { name: 'spend', title: 'Spend', expression: cost, format: 'money' }
const attributed: Measure = {
  name: 'revenue_attributed',
  title: 'Attributed revenue',
  expression: sum('revenue_attributed'),
  format: 'money',
}
const roi: Measure = { name: 'roi', title: 'ROI', expression: quotient(gain, cost, 4), format: 'percent' }
const cac: Measure = { name: 'cac', title: 'CAC', expression: costPerCustomer, format: 'money' }
const conversions: Measure = {
  name: 'conversions',
  title: 'Conversions',
  expression: sum('conversions'),
  format: 'count',
}
const valueToCost: Measure = {
  name: 'ltv_to_cac_ratio',
  title: 'LTV:CAC',
  // What current customers are worth is the same in every row.
  expression: quotient(max('customer_value'), product(max('customer_count'), costPerCustomer), 2),
  format: 'number',
}

/** What campaigns cost and brought, up to the business date: a row a campaign. */
export const campaigns: DashboardDefinition = {
  title: 'Campaigns',
  reads: ['gold_marketing.campaign_performance', 'gold_marketing.dim_customer_current'],
  sources: {
    campaigns: {
      query: 'campaigns',
      // The other rows are totals of channels.
      where: { column: 'campaign_id', known: true },
      columns: { channel: 'channel', campaign: 'campaign_id' },
      names: { campaign: 'campaign_name' },
    },
  },
  filters: ['channel', 'campaign'],
  figures: [
    { title: 'Spend', source: 'campaigns', measure: spend, note: 'up to the business date' },
    { title: 'Attributed revenue', source: 'campaigns', measure: attributed, note: 'as the campaigns report it' },
    {
      title: 'ROI',
      source: 'campaigns',
      measure: roi,
      note: 'return on what was spent',
      hint: '(Attributed revenue − spend) ÷ spend.',
    },
    { title: 'CAC', source: 'campaigns', measure: cac, note: 'spend per conversion', hint: 'Spend ÷ conversions.' },
    {
      title: 'LTV:CAC',
      source: 'campaigns',
      measure: valueToCost,
      note: 'customer value to cost',
      hint: 'Mean lifetime value of all current customers ÷ spend per conversion.',
    },
  ],
  tiles: [
    {
      title: 'Spend by channel',
      note: 'spend · ROI',
      source: 'campaigns',
      measures: [spend, roi, attributed, conversions],
      mark: { kind: 'bars', by: 'channel', colored: true, label: 1 },
    },
    {
      title: 'ROI by channel',
      note: '(attributed revenue − spend) ÷ spend',
      source: 'campaigns',
      measures: [roi, attributed, spend],
      mark: { kind: 'bars', by: 'channel', colored: true },
    },
    {
      title: 'CAC by channel',
      note: 'spend ÷ conversions',
      source: 'campaigns',
      measures: [cac, spend, conversions],
      mark: { kind: 'bars', by: 'channel', colored: true },
    },
    {
      title: 'LTV:CAC by channel',
      note: 'mean lifetime value of customers ÷ CAC',
      source: 'campaigns',
      measures: [valueToCost, cac],
      mark: { kind: 'bars', by: 'channel', colored: true },
    },
    {
      title: 'Spend by campaign',
      note: 'spend · ROI',
      source: 'campaigns',
      wide: true,
      measures: [spend, roi, attributed, conversions, cac, valueToCost],
      mark: { kind: 'bars', by: 'campaign', label: 1 },
    },
    {
      title: 'Campaigns',
      note: 'every campaign of a channel',
      source: 'campaigns',
      wide: true,
      columns: [
        'channel',
        'campaign_id',
        'campaign_name',
        'spend',
        'revenue_attributed',
        'roi',
        'cac',
        'ltv_to_cac_ratio',
        'impressions',
        'clicks',
        'conversions',
      ],
    },
  ],
}
