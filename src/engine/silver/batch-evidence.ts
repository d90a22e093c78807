import type { BatchEvidence } from '@/domain/silver/load-mode'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'

/** Counts which rows of a batch are news to the table, by its key and the column that tells newer rows from older ones. */
export async function batchEvidence(
  lakehouse: Lakehouse,
  table: string,
  batch: string,
  key: readonly string[],
  sequence: string,
): Promise<BatchEvidence> {
  const keys = key.map(quoteIdentifier)
  const at = quoteIdentifier(sequence)
  const sameKey = (left: string, right: string) =>
    keys.map((column) => `${left}.${column} = ${right}.${column}`).join(' AND ')
  const latest = `SELECT ${keys.map((column) => `t.${column}`).join(', ')}, max(t.${at}) AS latest
    FROM ${quoteName(table)} AS t SEMI JOIN ${quoteName(batch)} AS b ON ${sameKey('t', 'b')} GROUP BY ALL`
  const isKnown = `known.${keys[0]} IS NOT NULL`
  const [rows, tableRows, newer, added] = await lakehouse.row(
    `SELECT count(*), any_value(whole.n),
       count(*) FILTER (${isKnown} AND (b.${at} > known.latest OR (b.${at} IS NOT NULL AND known.latest IS NULL))),
       count(*) FILTER (NOT (${isKnown}) AND b.${at} >= whole.latest)
     FROM (SELECT count(*) AS n, max(${at}) AS latest FROM ${quoteName(table)}) AS whole
       CROSS JOIN ${quoteName(batch)} AS b LEFT JOIN (${latest}) AS known ON ${sameKey('known', 'b')}`,
  )
  return { table, rows: Number(rows), tableRows: Number(tableRows), newer: Number(newer), added: Number(added) }
}
