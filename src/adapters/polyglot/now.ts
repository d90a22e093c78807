import { quoteLiteral } from '@/domain/sql/quote'
import type { Translator } from './translator'

/** The run's business date. DuckDB's own current_date would need an extension, and would change from run to run. */
export function currentDate(t: Translator): string {
  t.found.usesAsOf = true
  return `DATE ${quoteLiteral(t.context.asOf)}`
}

/** Midnight, UTC, at the start of the run's business date. */
export function currentTimestamp(t: Translator): string {
  t.found.usesAsOf = true
  return `TIMESTAMP ${quoteLiteral(`${t.context.asOf} 00:00:00`)}`
}
