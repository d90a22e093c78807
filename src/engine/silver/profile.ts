import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { SilverTable } from './silver-table'

/** What the engine needs to know of a Silver table once its rows are in: count, fingerprint, span of its main date. */
export async function profileSilver(
  lakehouse: Lakehouse,
  table: string,
  columns: SilverTable['columns'],
): Promise<Pick<SilverTable, 'rows' | 'fingerprint' | 'dateRange'>> {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const main = columns.find(({ type }) => type === 'DATE') ?? columns.find(({ type }) => type.startsWith('TIMESTAMP'))
  const span = main ? `, min(${quoteIdentifier(main.name)})::DATE, max(${quoteIdentifier(main.name)})::DATE` : ''
  // A sum of row hashes sees duplicates, which an exclusive or alone would cancel out; neither sees the rows' order.
  const [rows, sum, mix, min, max] = await lakehouse.row(
    `SELECT count(*), sum(hash(${names})::HUGEINT)::VARCHAR, bit_xor(hash(${names}))::VARCHAR${span} FROM ${quoteName(table)}`,
  )
  const schema = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  return {
    rows: Number(rows),
    fingerprint: `${String(rows)}:${String(sum)}:${String(mix)}:${schema}`,
    dateRange: main && min && max ? { column: main.name, min: String(min), max: String(max) } : null,
  }
}
