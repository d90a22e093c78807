import { valueKind } from '@/domain/format/value'
import type { ColumnProfile, Histogram } from '@/domain/result/profile'
import { quoteIdentifier } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { StoredColumn } from './arrangement-sql'

const BINS = 24
/** Columns of up to so many different values have all of them counted on the way. */
const COUNTED_VALUES = 40
const TOP_VALUES = 8
/** In up to so many rows different values are counted, not estimated: that is done in a moment. */
const COUNTED_ROWS = 250_000
/** Characters of a text that stand for it as the least or greatest one. */
const TEXT_LENGTH = 200

const WHOLE = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const DAY_MS = 86_400_000

export interface ProfileRequest {
  /** What the rows are read from: SQL after FROM, with a condition if need be. */
  source: string
  /** The columns to look at, with their place in the result. */
  columns: readonly (StoredColumn & { place: number })[]
  /** How many rows the source has. */
  rows: number
  /** Count different values exactly, and the most frequent of any column: one column at a time, please. */
  exact: boolean
}

interface Facts {
  values: number
  distinct: number
  min: unknown
  max: unknown
  /** Least and greatest finite value along the axis of a histogram; null without one. */
  from: number | null
  to: number | null
}

/**
 * Profiles of columns of one table. All of them are read in one pass, and in a second one those whose histogram or most
 * frequent values follow from what the first has found. Rejects with `canceled`.
 */
export async function profileColumns(
  lakehouse: Lakehouse,
  { source, columns, rows, exact }: ProfileRequest,
  signal: AbortSignal,
): Promise<ColumnProfile[]> {
  const row = (sql: string) => lakehouse.stagedQuery(sql, signal, (staged) => lakehouse.row(`SELECT * FROM ${staged}`))
  const isCounted = rows <= COUNTED_ROWS
  const factsSql = columns.flatMap(({ stored, type }) => factExpressions(quoteIdentifier(stored), type, isCounted))
  const found = await row(`SELECT ${factsSql.map((sql, index) => `${sql} AS f${index}`).join(', ')} FROM ${source}`)
  const facts = columns.map((_, index) => readFacts(found.slice(index * FACTS, (index + 1) * FACTS)))
  const counts = await countBins(row, source, columns, facts)
  return Promise.all(
    columns.map(async (column, index) => {
      const { values, distinct, min, max } = facts[index] ?? noFacts
      const { histogram, top } = counts[index] ?? { histogram: null, top: null }
      const profile: ColumnProfile = {
        column: column.place,
        rows,
        nulls: rows - values,
        // Values of which all were counted are known exactly, and an estimate never passes what is possible.
        distinct: top ? { count: top.length, exact: true } : { count: Math.min(distinct, values), exact: isCounted },
        min,
        max,
        histogram,
        top: top?.slice(0, TOP_VALUES) ?? null,
      }
      return exact ? { ...profile, ...(await countValues(lakehouse, source, column, signal)) } : profile
    }),
  )
}

const noFacts: Facts = { values: 0, distinct: 0, min: null, max: null, from: null, to: null }

/** How many expressions tell the facts of a column. */
const FACTS = 6

function factExpressions(value: string, type: string, isCounted: boolean): string[] {
  const kind = valueKind(type)
  const ordered = kind !== 'nested' && kind !== 'binary'
  const bound = (aggregate: string) => {
    if (!ordered) return 'NULL'
    return type === 'VARCHAR' ? `left(${aggregate}(${value}), ${TEXT_LENGTH})` : `${aggregate}(${value})`
  }
  const axis = axisOf(value, type)
  return [
    `count(${value})`,
    isCounted ? `count(DISTINCT ${value})` : `approx_count_distinct(${value})`,
    bound('min'),
    bound('max'),
    axis === null ? 'NULL' : `min(${axis})`,
    axis === null ? 'NULL' : `max(${axis})`,
  ]
}

function readFacts([values, distinct, min, max, from, to]: unknown[]): Facts {
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return { values: Number(values), distinct: Number(distinct), min, max, from: number(from), to: number(to) }
}

/** A finite value as a DOUBLE along the axis of a histogram; null for types that have none. */
function axisOf(value: string, type: string): string | null {
  switch (valueKind(type)) {
    case 'number':
      return /^(FLOAT|DOUBLE)$/.test(type)
        ? `CASE WHEN isfinite(${value}) THEN CAST(${value} AS DOUBLE) END`
        : `CAST(${value} AS DOUBLE)`
    case 'date':
    case 'timestamp':
      return `CASE WHEN isfinite(${value}) THEN CAST(epoch_ms(${value}) AS DOUBLE) END`
    default:
      return null
  }
}

interface Bins extends Omit<Histogram, 'counts'> {
  bins: number
  /** Axis units that a bin is wide. */
  width: number
}

function binsOf(type: string, { from, to }: Facts): Bins | null {
  if (from === null || to === null || !Number.isFinite(to - from)) return null
  const step = WHOLE.test(type) ? 1 : type === 'DATE' ? DAY_MS : null
  if (step !== null && (to - from) / step < BINS) {
    return { from, to, discrete: true, bins: Math.round((to - from) / step) + 1, width: step }
  }
  if (from === to) return { from, to, discrete: true, bins: 1, width: 1 }
  return { from, to, discrete: false, bins: BINS, width: (to - from) / BINS }
}

/** The histograms, and all values of columns that have few, by column. */
async function countBins(
  row: (sql: string) => Promise<unknown[]>,
  source: string,
  columns: ProfileRequest['columns'],
  facts: readonly Facts[],
): Promise<{ histogram: Histogram | null; top: ColumnProfile['top'] }[]> {
  const plans = columns.map(({ stored, type }, index) => {
    const value = quoteIdentifier(stored)
    const found = facts[index] ?? noFacts
    const axis = axisOf(value, type)
    const bins = axis === null ? null : binsOf(type, found)
    if (bins) {
      const bin = `least(greatest(floor((${axis} - (${bins.from})) / ${bins.width}), 0), ${bins.bins - 1})`
      // greatest() takes no notice of NULL.
      return { bins, sql: `histogram(CASE WHEN ${axis} IS NOT NULL THEN CAST(${bin} AS UTINYINT) END)` }
    }
    const isFew = axis === null && valueKind(type) !== 'nested' && found.distinct <= COUNTED_VALUES && found.values > 0
    return { bins: null, sql: isFew ? `histogram(${value})` : null }
  })
  const asked = plans.flatMap(({ sql }) => (sql === null ? [] : [sql]))
  const answers =
    asked.length === 0 ? [] : await row(`SELECT ${asked.map((sql, i) => `${sql} AS f${i}`).join(', ')} FROM ${source}`)
  let next = 0
  return plans.map(({ bins, sql }) => {
    if (sql === null) return { histogram: null, top: null }
    const entries = readMap(answers[next++])
    if (bins === null) {
      const top = entries.toSorted((a, b) => b.count - a.count)
      return { histogram: null, top }
    }
    const counts = new Array<number>(bins.bins).fill(0)
    for (const { value, count } of entries) counts[Number(value)] = count
    const { from, to, discrete } = bins
    return { histogram: { from, to, discrete, counts }, top: null }
  })
}

/** A MAP as plain values. */
function readMap(map: unknown): { value: unknown; count: number }[] {
  if (!Array.isArray(map)) return []
  return map.map((entry: { key: unknown; value: unknown }) => ({ value: entry.key, count: Number(entry.value) }))
}

/** How many different values there are, and which are the most frequent: exactly, in one pass. */
async function countValues(
  lakehouse: Lakehouse,
  source: string,
  column: StoredColumn,
  signal: AbortSignal,
): Promise<Pick<ColumnProfile, 'distinct' | 'top'>> {
  const value = quoteIdentifier(column.stored)
  const sql = `SELECT ${value} AS value, count(*) AS n, count(*) OVER () AS different FROM ${source}
    GROUP BY ${value} HAVING ${value} IS NOT NULL ORDER BY n DESC, value LIMIT ${TOP_VALUES}`
  const found = await lakehouse.stagedQuery(sql, signal, (staged) => lakehouse.rows(`SELECT * FROM ${staged}`))
  return {
    distinct: { count: Number(found[0]?.[2] ?? 0), exact: true },
    top: found.map(([top, count]) => ({ value: top, count: Number(count) })),
  }
}
