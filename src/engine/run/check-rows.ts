import { quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { TranslatedCheck } from '@/engine/project-checks'
import { violatedCheck } from './dataset-errors'

/**
 * Holds rows that are about to be stored to the CHECK constraints of their table; `where` says which rows. Throws
 * `delta.check_violated` with the first row for which one is not TRUE.
 */
export async function checkRows(
  lakehouse: Lakehouse,
  table: string,
  where: string,
  checks: readonly TranslatedCheck[],
  place: { name: string; file: string },
): Promise<void> {
  if (checks.length === 0) return
  const from = `FROM ${quoteName(table)} AS ${quoteName(place.name.split('.').at(-1) ?? place.name)} WHERE ${where}`
  const broken = checks.map(({ duckdbSql }) => `count(*) FILTER (WHERE (${duckdbSql}) IS NOT TRUE)`)
  const found = await lakehouse.row(`SELECT ${broken.join(', ')} ${from}`)
  const index = found.findIndex((rows) => Number(rows) > 0)
  const check = checks[index]
  if (check === undefined) return
  const [row] = await lakehouse.row(
    `SELECT CAST(row AS VARCHAR) FROM (SELECT * ${from} AND (${check.duckdbSql}) IS NOT TRUE LIMIT 1) AS row`,
  )
  throw violatedCheck(place, check, Number(found[index]), String(row))
}
