import type { DashboardDefinition, Measure } from './definition'
import { count, quotient, sum } from './expression'

const customers: Measure = { name: 'customers', title: 'Customers', expression: count, format: 'count' }
const value: Measure = {
  name: 'lifetime_value',
  title: 'Lifetime value',
  expression: sum('lifetime_value'),
  format: 'money',
}
const perCustomer: Measure = {
  name: 'value_per_customer',
  title: 'Value per customer',
  expression: quotient(sum('lifetime_value'), count, 2),
  format: 'money',
}

/** Who the active customers are, and what they are worth: a row a customer. */
export const customerSegmentation: DashboardDefinition = {
  title: 'Customer segmentation',
  reads: ['gold.fact_sales'],
  sources: {
    customers: {
      query: 'customer_segmentation',
      columns: {
        segment: 'customer_segment',
        country: 'country',
        classification: 'classification',
        recency: 'r_score',
        monetary: 'm_score',
      },
    },
  },
  filters: ['segment', 'country', 'classification', 'recency', 'monetary'],
  figures: [
    { title: 'Customers', source: 'customers', measure: customers, note: 'with an order in the last 365 days' },
    { title: 'Lifetime value', source: 'customers', measure: value, note: 'shipped and delivered orders' },
    { title: 'Value per customer', source: 'customers', measure: perCustomer, note: 'mean' },
    {
      title: 'Orders per customer',
      source: 'customers',
      measure: {
        name: 'orders_per_customer',
        title: 'Orders per customer',
        expression: quotient(sum('frequency'), count, 2),
        format: 'number',
      },
      note: 'mean, whole life',
    },
    {
      title: 'Days since the last order',
      source: 'customers',
      measure: {
        name: 'days_since_last_order',
        title: 'Days since the last order',
        expression: quotient(sum('recency_days'), count, 1),
        format: 'number',
      },
      note: 'mean, to the business date',
    },
  ],
  tiles: [
    {
      title: 'Customers by class',
      note: 'customers · lifetime value',
      source: 'customers',
      measures: [customers, value, perCustomer],
      mark: { kind: 'bars', by: 'classification', label: 1 },
    },
    {
      title: 'Lifetime value by segment',
      note: 'lifetime value · per customer',
      source: 'customers',
      measures: [value, perCustomer, customers],
      mark: { kind: 'bars', by: 'segment', colored: true, label: 1 },
    },
    {
      title: 'Customers by recency and monetary score',
      note: 'within the segment; 5 is best',
      source: 'customers',
      measures: [customers, value],
      mark: { kind: 'heatmap', x: 'recency', y: 'monetary', pick: 'both' },
    },
    {
      title: 'Lifetime value by country',
      note: 'lifetime value · customers',
      source: 'customers',
      measures: [value, customers, perCustomer],
      mark: { kind: 'bars', by: 'country', label: 1 },
    },
    {
      title: 'Customers',
      note: 'most valuable first',
      source: 'customers',
      wide: true,
      columns: [
        'customer_id',
        'customer_name',
        'customer_segment',
        'country',
        'lifetime_value',
        'frequency',
        'recency_days',
        'r_score',
        'f_score',
        'm_score',
        'classification',
      ],
    },
  ],
}
