import { type Data, DataType, RecordBatchReader } from 'apache-arrow'
import { GoldsmithError } from '@/domain/errors'
import type { ParquetRowGroup } from '@/engine/ports'
import { integerBounds, numberBounds, textBounds } from './statistics-bounds'

/** Where the rows come from, for the message. */
export interface RowGroupPlace {
  name: string
  /** 0-based. */
  index: number
}

/**
 * Compares decoded rows with what the footer says of them: NULL counts, and that no value lies outside minimum and
 * maximum. Most Parquet files carry no checksums, so a flipped byte can decode to other values; this finds those that leave the
 * footer's bounds. Statistics that the writer left out, and types whose bounds cannot be given exactly, are passed over.
 * Throws `parquet.statistics_mismatch`.
 */
export function checkStatistics(stream: Uint8Array, group: ParquetRowGroup, place: RowGroupPlace): void {
  const nulls = new Map<string, number>()
  for (const batch of RecordBatchReader.from(stream)) {
    for (const [index, field] of batch.schema.fields.entries()) {
      const statistics = group.statistics[field.name]
      const data = batch.data.children[index]
      if (statistics === undefined || data === undefined) continue
      nulls.set(field.name, (nulls.get(field.name) ?? 0) + data.nullCount)
      if (isOutside(data, statistics.min, statistics.max)) {
        throw mismatch(
          place,
          `a value of column ${field.name} lies outside the minimum and maximum that the footer gives`,
        )
      }
    }
  }
  for (const [column, count] of nulls) {
    const promised = group.statistics[column]?.nullCount ?? null
    if (promised !== null && promised !== count) {
      throw mismatch(place, `column ${column} has ${count} NULLs where the footer says ${promised}`)
    }
  }
}

function isOutside(data: Data, min: unknown, max: unknown): boolean {
  const { type } = data
  if (DataType.isUtf8(type)) return textBounds(data, min, max)
  if (DataType.isFloat(type) && type.precision > 0) return numberBounds(data, min, max)
  return integerBounds(data, min, max)
}

function mismatch({ name, index }: RowGroupPlace, detail: string): GoldsmithError {
  return new GoldsmithError({
    code: 'parquet.statistics_mismatch',
    message: `${name}: row group ${index + 1}: ${detail}. The pages or the footer are damaged.`,
    remedy: 'Copy the file again from where it was written, or write it again.',
    file: name,
  })
}
