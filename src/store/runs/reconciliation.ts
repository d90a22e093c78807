import { addDecimals, type Decimal, parseDecimal } from '@/domain/format/decimal'
import type { QueryRows } from '@/rpc/contract'
import { rowsOf } from './cells'

/** One figure of `pipeline.reconciliation`. */
export interface Figure {
  step: number
  figure: string
  dataset: string
  amount: Decimal | null
  /** Null for a figure that only goes into another. */
  check: { expected: Decimal | null; difference: Decimal | null; status: 'pass' | 'fail' | 'unknown' } | null
}

/** How the lines of Silver become those of the fact: what comes in, what is taken off in turn, and what has to be left. */
export interface Statement {
  opening: Figure | null
  deductions: { figure: Figure; left: Decimal | null; rules: string[] }[]
  closing: Figure[]
  /** Totals of aggregates against the fact. */
  totals: Figure[]
}

const heldBack = 'quarantined: '

/** Reads the reconciliation as a statement: lines in their order, then money. */
export function readReconciliation(result: QueryRows): Statement {
  const figures = rowsOf(result).map((row) => {
    const status = row.textOrNull('status')
    const figure: Figure = {
      step: row.count('step'),
      figure: row.text('figure'),
      dataset: row.text('dataset'),
      amount: parseDecimal(row.value('amount')),
      check:
        status === null
          ? null
          : {
              expected: parseDecimal(row.value('expected')),
              difference: parseDecimal(row.value('difference')),
              status: status === 'pass' || status === 'fail' ? status : 'unknown',
            },
    }
    return { figure, unit: row.text('unit') }
  })
  const lines = figures.filter(({ unit }) => unit === 'lines').map(({ figure }) => figure)
  const [opening = null, ...parts] = lines.filter(({ check }) => check === null)
  let left = opening?.amount ?? null
  const deductions = parts.map((figure) => {
    left = left === null || figure.amount === null ? null : subtract(left, figure.amount)
    return { figure, left, rules: rulesOf(figure.figure) }
  })
  return {
    opening,
    deductions,
    closing: lines.filter(({ check }) => check !== null),
    totals: figures.filter(({ unit }) => unit !== 'lines').map(({ figure }) => figure),
  }
}

/** The figures that were checked, by how that came out. */
export function verdicts({ closing, totals }: Statement): { pass: number; fail: number; unknown: number } {
  const counts = { pass: 0, fail: 0, unknown: 0 }
  for (const { check } of [...closing, ...totals]) counts[check?.status ?? 'unknown'] += 1
  return counts
}

/** The rules that held back the lines of a figure. */
function rulesOf(figure: string): string[] {
  return figure.startsWith(heldBack) ? figure.slice(heldBack.length).split(', ') : []
}

function subtract(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { units: -b.units, scale: b.scale })
}
