import { boundsSql, boundsWidth, type ClusterColumn, columnBounds, zOrderSql } from '@/domain/delta/z-order'
import { quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'

/**
 * Tables of about equally many rows that together are `rows`, each a stretch of the Z-order curve through the columns. A table
 * is there until the next one is asked for. Rows are not sorted here: one stretch at a time is copied, which bounds memory.
 */
export async function* cutAlongCurve(
  lakehouse: Lakehouse,
  rows: string,
  columns: readonly ClusterColumn[],
  parts: number,
): AsyncGenerator<string> {
  const curve = parts > 1 ? await curveThrough(lakehouse, rows, columns) : null
  if (curve === null) return yield rows
  const places = `${rows}__places`
  const part = `${rows}__part`
  try {
    await lakehouse.database.run(
      `CREATE TABLE ${quoteName(places)} AS SELECT rowid AS row_id, ${curve} AS place FROM ${quoteName(rows)}`,
    )
    for (const condition of await stretches(lakehouse, places, parts)) {
      await lakehouse.drop(part)
      await lakehouse.database.run(
        `CREATE TABLE ${quoteName(part)} AS SELECT * FROM ${quoteName(rows)}
         WHERE rowid IN (SELECT row_id FROM ${quoteName(places)} WHERE ${condition})`,
      )
      yield part
    }
  } finally {
    await lakehouse.drop(part)
    await lakehouse.drop(places)
  }
}

async function curveThrough(
  lakehouse: Lakehouse,
  rows: string,
  columns: readonly ClusterColumn[],
): Promise<string | null> {
  const bounds = columns.flatMap(boundsSql)
  if (bounds.length === 0) return null
  const values = await lakehouse.row(`SELECT ${bounds.join(', ')} FROM ${quoteName(rows)}`)
  return zOrderSql(
    columns.map((column) => ({ column, bounds: columnBounds(column, values.splice(0, boundsWidth(column))) })),
  )
}

/** Conditions on a row's place, one a stretch. Rows of one place stay together, so there may be fewer than `parts`. */
async function stretches(lakehouse: Lakehouse, places: string, parts: number): Promise<string[]> {
  const shares = Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts)
  const found = await lakehouse.rows(
    `SELECT DISTINCT unnest(quantile_disc(place, [${shares.join(', ')}])) AS cut FROM ${quoteName(places)} ORDER BY cut`,
  )
  const [last] = await lakehouse.row(`SELECT max(place) FROM ${quoteName(places)}`)
  const cuts = found.map(([cut]) => Number(cut)).filter((cut) => cut < Number(last))
  const ends = [...cuts, Number(last)]
  return ends.map((end, index) => `place <= ${end}${index === 0 ? '' : ` AND place > ${ends[index - 1]}`}`)
}
