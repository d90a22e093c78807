import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalToString,
  divideDecimals,
  parseDecimal,
  zero,
} from '@/domain/format/decimal'
import type { QueryRows } from '@/rpc/contract'
import { ColumnTable } from './dashboards/column-table'
import { type DashboardFilter, nullKey } from './dashboards/filter'

/** One day, segment and category of the revenue dashboard. */
export interface RevenueRow {
  date: string
  segment: string | null
  category: string | null
  revenue: Decimal
  profit: Decimal
  gross: Decimal
  lines: bigint
}

/** Rows that carry the same number of cents everywhere they are summed. */
export interface RevenueTotals {
  revenue: Decimal
  profit: Decimal
  gross: Decimal
  lines: bigint
  /** Profit over gross revenue; null without gross revenue. */
  margin: Decimal | null
}

/**
 * The dashboard query's rows with the gross revenue of the same day, segment and category beside them: a margin over
 * several rows is a ratio of sums, and the query itself gives only each row's ratio.
 */
export function readRevenue(dashboard: QueryRows, gross: QueryRows): RevenueRow[] {
  const grossOf = new Map<string, Decimal>()
  const grossCell = cells(gross)
  for (const row of gross.rows) {
    const key = JSON.stringify([
      grossCell(row, 'revenue_date'),
      grossCell(row, 'customer_segment'),
      grossCell(row, 'category'),
    ])
    grossOf.set(key, parseDecimal(grossCell(row, 'total_gross')) ?? zero)
  }
  const cell = cells(dashboard)
  return dashboard.rows.map((row) => {
    const date = String(cell(row, 'revenue_date'))
    const segment = text(cell(row, 'customer_segment'))
    const category = text(cell(row, 'category'))
    return {
      date,
      segment,
      category,
      revenue: parseDecimal(cell(row, 'daily_revenue')) ?? zero,
      profit: parseDecimal(cell(row, 'daily_profit')) ?? zero,
      gross: grossOf.get(JSON.stringify([date, segment, category])) ?? zero,
      lines: parseDecimal(cell(row, 'transaction_count'))?.units ?? 0n,
    }
  })
}

export function filterRevenue(rows: RevenueRow[], filter: DashboardFilter): RevenueRow[] {
  const keeps = (wanted: string[] | undefined, value: string | null) => wanted?.includes(value ?? nullKey) ?? true
  return rows.filter(
    (row) =>
      (filter.from === null || row.date >= filter.from) &&
      (filter.to === null || row.date <= filter.to) &&
      keeps(filter.values.segment, row.segment) &&
      keeps(filter.values.category, row.category),
  )
}

export function totalRevenue(rows: RevenueRow[]): RevenueTotals {
  let revenue = zero
  let profit = zero
  let gross = zero
  let lines = 0n
  for (const row of rows) {
    revenue = addDecimals(revenue, row.revenue)
    profit = addDecimals(profit, row.profit)
    gross = addDecimals(gross, row.gross)
    lines += row.lines
  }
  return { revenue, profit, gross, lines, margin: divideDecimals(profit, gross, 4) }
}

/** The rows as the tiles of charts take them. */
export function revenueTable(rows: RevenueRow[]): ColumnTable {
  return new ColumnTable({
    columns: [
      { name: 'revenue_date', type: 'DATE' },
      { name: 'customer_segment', type: 'VARCHAR' },
      { name: 'category', type: 'VARCHAR' },
      { name: 'total_revenue', type: 'DECIMAL(15,2)' },
      { name: 'total_profit', type: 'DECIMAL(15,2)' },
      { name: 'total_gross', type: 'DECIMAL(15,2)' },
    ],
    rows: rows.map(({ date, segment, category, revenue, profit, gross }) => [
      date,
      segment,
      category,
      ...[revenue, profit, gross].map(decimalToString),
    ]),
  })
}

/** Sums per group, largest revenue first. */
export function groupRevenue(
  rows: RevenueRow[],
  keyOf: (row: RevenueRow) => string | null,
): { key: string | null; totals: RevenueTotals }[] {
  const groups = new Map<string | null, RevenueRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return Array.from(groups, ([key, group]) => ({ key, totals: totalRevenue(group) })).sort((a, b) =>
    compareDecimals(b.totals.revenue, a.totals.revenue),
  )
}

/** Distinct values of a dimension, NULL last. */
export function dimensionValues(rows: RevenueRow[], keyOf: (row: RevenueRow) => string | null): (string | null)[] {
  return [...new Set(rows.map(keyOf))].sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
}

/** Reads a row's cell by column name. */
export function cells(result: QueryRows): (row: unknown[], name: string) => unknown {
  const index = new Map(result.columns.map((column, i) => [column.name, i]))
  return (row, name) => {
    const i = index.get(name)
    return i === undefined ? null : row[i]
  }
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
