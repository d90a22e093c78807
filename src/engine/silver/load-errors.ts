import type { ErrorData } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'
import { shorten } from '@/domain/silver/shorten'
import type { RowPlace } from './convert'

/** What DuckDB says when decoded rows cannot become rows of a table, as an error that names the file and the row group. */
export function appendError(error: unknown, { file, rowGroup }: RowPlace): GoldsmithError {
  const data = toErrorData(error)
  if (data.code !== 'internal.unexpected') return new GoldsmithError(data)
  if (/out of memory/i.test(data.message)) return new GoldsmithError(outOfMemory(file))
  return new GoldsmithError({
    code: 'source.append',
    message: `${file}: the rows of row group ${rowGroup + 1} cannot be taken into the table: ${shorten(data.message, 300)}`,
    remedy: 'Write the file with the column types that the table declares.',
    file,
  })
}

function outOfMemory(file: string): ErrorData {
  return {
    code: 'engine.out_of_memory',
    message: `${file}: the engine's memory is not enough for its rows.`,
    remedy: 'Close results and Silver tables that are not needed, or load fewer rows.',
    file,
  }
}
