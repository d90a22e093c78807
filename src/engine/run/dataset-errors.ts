import type { ErrorData } from '@/domain/automation'
import { GoldsmithError, toErrorData } from '@/domain/errors'

interface Place {
  name: string
  file: string
}

/** An error of SQL or of the engine, placed in the dataset's file; errors that are placed already stay as they are. */
export function datasetError(error: unknown, { name, file }: Place): GoldsmithError {
  const data = toErrorData(error)
  if (data.code === 'canceled' || data.file !== undefined) return new GoldsmithError(data)
  if (/Out of Memory/i.test(data.message)) return new GoldsmithError({ ...outOfMemory(name), file })
  const code = data.code === 'internal.unexpected' ? 'dataset.sql' : data.code
  return new GoldsmithError({
    ...data,
    code,
    message: `${name}: ${firstLine(data.message)}`,
    remedy:
      data.remedy ??
      'Look at the rows that the query reads; a CAST that fails and a division by zero raise an error, as in Spark.',
    file,
  })
}

export function failedExpectation(
  { name, file }: Place,
  expectation: { name: string; failed: number },
  total: number,
  row: string | null,
): GoldsmithError {
  return new GoldsmithError({
    code: 'expectation.failed',
    message: `${name}: ${expectation.failed} of ${total} rows violate ${expectation.name}, which fails the update.${row === null ? '' : ` The first: ${shortened(row)}`}`,
    remedy: 'Correct the rows in Silver and run again.',
    file,
  })
}

export function nullViolation({ name, file }: Place, column: string, rows: number, row: string): GoldsmithError {
  return new GoldsmithError({
    code: 'dataset.null',
    message: `${name}: column ${column} is declared NOT NULL, but is NULL in ${rows} rows. The first: ${shortened(row)}`,
    remedy: 'Correct the rows in Silver, or drop NOT NULL from the column.',
    file,
  })
}

export function violatedCheck(
  { name, file }: Place,
  check: { name: string; text: string },
  rows: number,
  row: string,
): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.check_violated',
    message: `${name}: the constraint ${check.name}, CHECK (${check.text}), does not hold for ${rows} rows. The first: ${shortened(row)}`,
    remedy: 'Correct the rows in Silver or in the query, or the constraint, and run again. Nothing was stored.',
    file,
  })
}

export function duplicateKeysError(
  { name, file }: Place,
  key: readonly string[],
  duplicates: readonly { key: string; rows: number }[],
): GoldsmithError {
  const listed = duplicates.map(({ key: value, rows }) => `${value} (${rows} rows)`).join('; ')
  return new GoldsmithError({
    code: 'dataset.duplicate_key',
    message: `${name}: the key (${key.join(', ')}) is not unique: ${shortened(listed)}`,
    remedy: 'Reduce the inputs to one row a key, or correct the key.',
    file,
  })
}

export function wrongColumns(
  { name, file }: Place,
  missing: readonly { name: string }[],
  extra: readonly { name: string }[],
): GoldsmithError {
  const names = (columns: readonly { name: string }[]) => columns.map((column) => column.name).join(', ')
  const parts = [
    missing.length > 0 ? `the query does not return ${names(missing)}` : '',
    extra.length > 0 ? `the query returns ${names(extra)}, which is not declared` : '',
  ].filter((part) => part !== '')
  return new GoldsmithError({
    code: 'dataset.columns',
    message: `${name}: ${parts.join('; ')}.`,
    remedy: 'Make the column list and the query agree: columns are matched by name.',
    file,
  })
}

function outOfMemory(name: string): ErrorData {
  return {
    code: 'engine.out_of_memory',
    message: `${name}: the engine's memory is not enough for this step.`,
    remedy:
      'Close results and Silver tables that are not needed, load fewer rows, or run the pipeline folder on Spark.',
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}

function shortened(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}
