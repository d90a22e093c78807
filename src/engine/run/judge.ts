import type { Lakehouse } from '@/engine/lakehouse'
import { type JudgedExpectation, VIOLATIONS } from './dataset-select'

export interface Judgement {
  total: number
  expectations: { name: string; action: 'warn' | 'drop' | 'fail'; passed: number; failed: number }[]
}

/** Counts passes and failures of rows with violations (a table, or a query in parentheses) from how often each combination occurs. */
export async function judge(
  lakehouse: Lakehouse,
  rows: string,
  expectations: readonly JudgedExpectation[],
): Promise<Judgement> {
  const combinations = await lakehouse.rows(`SELECT ${VIOLATIONS}, count(*) FROM ${rows} GROUP BY ALL`)
  const counts = combinations.map(([mask, count]) => ({ mask: BigInt(mask as bigint), rows: Number(count) }))
  const total = counts.reduce((sum, count) => sum + count.rows, 0)
  return {
    total,
    expectations: expectations.map(({ name, action }, index) => {
      const failed = counts.reduce((sum, count) => ((count.mask >> BigInt(index)) & 1n ? sum + count.rows : sum), 0)
      return { name, action, passed: total - failed, failed }
    }),
  }
}

/** The judgement over two sets of rows together. */
export function addJudgements(a: Judgement, b: Judgement): Judgement {
  return {
    total: a.total + b.total,
    expectations: a.expectations.map((expectation, index) => ({
      ...expectation,
      passed: expectation.passed + (b.expectations[index]?.passed ?? 0),
      failed: expectation.failed + (b.expectations[index]?.failed ?? 0),
    })),
  }
}
