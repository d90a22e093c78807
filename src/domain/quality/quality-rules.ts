/**
 * Quality rules of a table, from its TBLPROPERTIES: `quality.<column>.null_pct_max`, `.min`, `.max`, `.unique`,
 * `.accepted_values`, `.regex`, and for the whole table `quality.row_count_min` and `quality.freshness_hours`.
 */
import type { ErrorData } from '@/domain/automation'
import { nearestName } from '@/domain/pipeline/nearest'
import type { Dataset } from '@/domain/pipeline/project'

const PREFIX = 'quality.'
const NUMBER = /^-?\d+(\.\d+)?$/

export type ColumnCheck = 'null_pct_max' | 'min' | 'max' | 'unique' | 'accepted_values' | 'regex'
export type TableCheck = 'row_count_min' | 'freshness_hours'

export interface QualityRule {
  /** The property, without its prefix: `net_revenue.min`. */
  name: string
  check: ColumnCheck | TableCheck
  /** As the dataset declares it; null for a rule about the whole table. */
  column: string | null
  /** As written. */
  expected: string
}

const COLUMN_CHECKS: Record<ColumnCheck, { holds: (value: string) => boolean; says: string }> = {
  null_pct_max: {
    holds: (value) => NUMBER.test(value) && Number(value) >= 0 && Number(value) <= 100,
    says: 'a percentage from 0 to 100',
  },
  min: { holds: (value) => value !== '', says: 'a value of the column' },
  max: { holds: (value) => value !== '', says: 'a value of the column' },
  unique: { holds: (value) => value === 'true', says: "'true'" },
  accepted_values: { holds: (value) => acceptedValues(value).length > 0, says: 'a list of values with commas between' },
  regex: { holds: isRegex, says: 'a regular expression' },
}
const TABLE_CHECKS: Record<TableCheck, { holds: (value: string) => boolean; says: string }> = {
  row_count_min: { holds: (value) => /^\d+$/.test(value), says: 'a number of rows' },
  freshness_hours: { holds: (value) => NUMBER.test(value) && Number(value) > 0, says: 'a number of hours' },
}

/** The rules that a dataset declares rightly, and what is wrong with the others. */
export function qualityRules(dataset: Dataset): { rules: QualityRule[]; problems: ErrorData[] } {
  const rules: QualityRule[] = []
  const problems: ErrorData[] = []
  for (const [key, expected] of Object.entries(dataset.properties)) {
    if (!key.startsWith(PREFIX)) continue
    const rule = readRule(key.slice(PREFIX.length), expected, dataset)
    if ('message' in rule) problems.push(problem(dataset, key, rule))
    else rules.push(rule)
  }
  return { rules, problems }
}

/** The values of `accepted_values`. */
export function acceptedValues(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

type Mistake = { message: string; remedy: string }

function readRule(name: string, expected: string, dataset: Dataset): QualityRule | Mistake {
  if (isKey(TABLE_CHECKS, name)) return checked({ name, check: name, column: null, expected }, TABLE_CHECKS[name])
  const dot = name.lastIndexOf('.')
  const check = name.slice(dot + 1)
  if (dot < 1 || !isKey(COLUMN_CHECKS, check)) {
    const known = [...Object.keys(COLUMN_CHECKS), ...Object.keys(TABLE_CHECKS)]
    const nearest = nearestName(check, known)
    return {
      message: 'is no quality rule',
      remedy: nearest === null ? `The rules are ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    }
  }
  const wanted = name.slice(0, dot)
  const names = dataset.columns?.map((column) => column.name) ?? null
  const column = names === null ? wanted : names.find((candidate) => candidate.toLowerCase() === wanted.toLowerCase())
  if (column === undefined) {
    const nearest = nearestName(wanted, names ?? [])
    return {
      message: `is about ${wanted.slice(0, 80)}, which is no column of ${dataset.name}`,
      remedy: nearest === null ? 'Name a declared column.' : `Did you mean ${nearest}?`,
    }
  }
  return checked({ name, check, column, expected }, COLUMN_CHECKS[check])
}

function checked(rule: QualityRule, kind: { holds: (value: string) => boolean; says: string }): QualityRule | Mistake {
  if (kind.holds(rule.expected)) return rule
  return { message: `is '${rule.expected.slice(0, 80)}'`, remedy: `Write ${kind.says}.` }
}

function problem({ file, position }: Dataset, key: string, { message, remedy }: Mistake): ErrorData {
  const place = { file, line: position.line, column: position.column }
  return { code: 'quality.rule', message: `${file}: the property ${key.slice(0, 120)} ${message}.`, remedy, ...place }
}

function isKey<T extends object>(of: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(of, key)
}

function isRegex(text: string): boolean {
  try {
    return text !== '' && new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
