import { divideDecimals } from '@/domain/format/decimal'
import { formatCount, formatPercent, formatQuantity } from '@/domain/format/number'
import type { QueryRows } from '@/rpc/contract'
import { rowsOf } from './cells'

/** What an expectation counted in one update. */
export interface Measurement {
  updateId: string
  /** Milliseconds since the epoch. */
  at: number
  passed: number
  failed: number
}

/** A rule and what it found over the updates, oldest first. */
export interface ExpectationTrend {
  rule: string
  /** Null for a rule that is not declared any more. */
  declared: { expression: string; action: 'warn' | 'drop' | 'fail' } | null
  measurements: Measurement[]
}

export type RuleStatus = 'pass' | 'fail' | 'unknown'

export interface RuleTrend {
  rule: string
  expected: string
  results: { updateId: string; at: number; measured: number | null; status: RuleStatus; message: string | null }[]
}

/** By dataset, what its expectations and its quality rules found. */
export interface QualityHistory {
  expectations: Map<string, Map<string, Measurement[]>>
  rules: Map<string, RuleTrend[]>
}

export interface TableQuality {
  dataset: string
  expectations: ExpectationTrend[]
  rules: RuleTrend[]
  /** `fail` when any rule failed when it was last looked at, `unknown` when one was never or could not be judged. */
  status: RuleStatus
}

type DeclaredRules = readonly { name: string; expression: string; action: 'warn' | 'drop' | 'fail' }[]

/** Either is null when its table does not exist: nothing was ever measured. */
export function readQuality(expectations: QueryRows | null, rules: QueryRows | null): QualityHistory {
  const history: QualityHistory = { expectations: new Map(), rules: new Map() }
  for (const row of expectations === null ? [] : rowsOf(expectations)) {
    const measurement = {
      updateId: row.text('update_id'),
      at: row.instant('at') ?? 0,
      passed: row.count('passed'),
      failed: row.count('failed'),
    }
    const ofDataset = entry(history.expectations, row.text('dataset'), () => new Map<string, Measurement[]>())
    entry(ofDataset, row.text('rule'), () => []).push(measurement)
  }
  for (const row of rules === null ? [] : rowsOf(rules)) {
    const ofDataset = entry(history.rules, row.text('dataset'), () => [] as RuleTrend[])
    const rule = row.text('rule')
    let trend = ofDataset.find((known) => known.rule === rule)
    if (!trend) {
      trend = { rule, expected: '', results: [] }
      ofDataset.push(trend)
    }
    const status = row.text('status')
    const measured = row.value('measured')
    // What the rule asked for last is what it asks for.
    trend.expected = row.text('expected')
    trend.results.push({
      updateId: row.text('update_id'),
      at: row.instant('at') ?? 0,
      measured: typeof measured === 'number' ? measured : null,
      status: status === 'pass' || status === 'fail' ? status : 'unknown',
      message: row.textOrNull('message'),
    })
  }
  return history
}

/** What is known of the quality of one dataset: its declared rules first, then those that were measured once. */
export function qualityOf(dataset: string, declared: DeclaredRules, history: QualityHistory): TableQuality {
  const measured = history.expectations.get(dataset) ?? new Map<string, Measurement[]>()
  const names = new Set(declared.map(({ name }) => name))
  const expectations = [
    ...declared.map(({ name, expression, action }) => ({
      rule: name,
      declared: { expression, action },
      measurements: measured.get(name) ?? [],
    })),
    ...Array.from(measured, ([rule, measurements]) => ({ rule, declared: null, measurements })).filter(
      ({ rule }) => !names.has(rule),
    ),
  ]
  const rules = (history.rules.get(dataset) ?? []).toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
  return { dataset, expectations, rules, status: statusOf(expectations, rules) }
}

/** The share of rows that failed, from 0 to 1; null when there were none to judge. */
export function failedShare({ passed, failed }: Pick<Measurement, 'passed' | 'failed'>): number | null {
  return passed + failed === 0 ? null : failed / (passed + failed)
}

/** A measurement in words, exact: "73 of 1,965 rows failed (3.7 %)". */
export function describeMeasurement({ passed, failed }: Pick<Measurement, 'passed' | 'failed'>): string {
  const rows = passed + failed
  if (rows === 0) return 'no rows to judge'
  if (failed === 0) return `all ${formatQuantity(rows, 'row')} passed`
  return `${formatCount(failed)} of ${formatQuantity(rows, 'row')} failed (${failedPercent({ passed, failed })})`
}

/** The share of rows that failed: "3.7 %". Few of many read as some, not as none. */
export function failedPercent({ passed, failed }: Pick<Measurement, 'passed' | 'failed'>): string {
  const decimal = (count: number) => ({ units: BigInt(count), scale: 0 })
  const ratio = divideDecimals(decimal(failed), decimal(passed + failed), 9)
  if (ratio === null) return '–'
  const percent = formatPercent(ratio)
  return failed > 0 && percent === '0.0 %' ? '< 0.1 %' : percent
}

function statusOf(expectations: ExpectationTrend[], rules: RuleTrend[]): RuleStatus {
  const current = expectations.filter(({ declared }) => declared !== null)
  const last = [
    ...current.map(({ measurements }): RuleStatus => {
      const measurement = measurements.at(-1)
      return measurement === undefined ? 'unknown' : measurement.failed > 0 ? 'fail' : 'pass'
    }),
    ...rules.map(({ results }) => results.at(-1)?.status ?? 'unknown'),
  ]
  return last.includes('fail') ? 'fail' : last.includes('unknown') ? 'unknown' : 'pass'
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
