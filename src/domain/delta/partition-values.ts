import { GoldsmithError } from '@/domain/errors'

const integer = /^[+-]?\d+$/
const decimalNumber = /^[+-]?\d+(\.\d+)?$/
const isoDate = /^\d{4}-\d{2}-\d{2}$/
const timestampText = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)?)?$/

/** The types that a table may be partitioned by: those whose text stands for one value only. */
const partitionTypes =
  /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|DECIMAL\(\d+,\s*\d+\)|DATE|TIMESTAMP( WITH TIME ZONE)?|VARCHAR)$/

/**
 * A partition column's value as `partitionValues` holds it. `value` is plain, in the shapes of `Goldsmith.query`; `type` is
 * DuckDB's. NULL is null, and so is the empty string, which the protocol does not tell from NULL. Timestamps are ISO 8601
 * in UTC. Throws `delta.invalid_partition_value`.
 */
export function formatPartitionValue(value: unknown, type: string): string | null {
  if (value === null || value === undefined || value === '') return null
  if (!partitionTypes.test(type)) throw notPartitionable(type)
  const text = plainText(value)
  if (text === null || !isOfType(text, type)) throw invalid(String(value), type)
  if (!type.startsWith('TIMESTAMP')) return text
  const [, date, time, fraction] = timestampText.exec(text) ?? []
  return `${date}T${time ?? '00:00:00'}${fraction === undefined ? '' : `.${fraction.padEnd(6, '0')}`}Z`
}

/**
 * The plain value, in the shapes of `Goldsmith.query`, of a serialised partition value.
 * Throws `delta.invalid_partition_value`.
 */
export function parsePartitionValue(text: string | null, type: string): string | number | bigint | boolean | null {
  if (text === null || text === '') return null
  if (!partitionTypes.test(type)) throw notPartitionable(type)
  if (!isOfType(text, type)) throw invalid(text, type)
  if (type === 'BOOLEAN') return text.toLowerCase() === 'true'
  if (type === 'BIGINT') return BigInt(text.replace('+', ''))
  if (type === 'TINYINT' || type === 'SMALLINT' || type === 'INTEGER') return Number(text)
  if (!type.startsWith('TIMESTAMP')) return text
  const [, date, time, fraction] = timestampText.exec(text) ?? []
  return `${date}T${time ?? '00:00:00'}.${(fraction ?? '').padEnd(6, '0')}Z`
}

function plainText(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return null
  }
}

function isOfType(text: string, type: string): boolean {
  switch (type) {
    case 'VARCHAR':
      return true
    case 'BOOLEAN':
      return /^(true|false)$/i.test(text)
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return integer.test(text)
    case 'DATE':
      return isoDate.test(text)
    default:
      return type.startsWith('DECIMAL') ? decimalNumber.test(text) : timestampText.test(text)
  }
}

function invalid(value: string, type: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.invalid_partition_value',
    message: `“${value}” is not a partition value of type ${type}.`,
    remedy: 'The table’s log or its query gives a value of another type: rebuild the table.',
  })
}

function notPartitionable(type: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.invalid_partition_value',
    message: `A table cannot be partitioned by a column of type ${type}.`,
    remedy: 'Partition by an integer, date, text or boolean column, for instance by a generated DATE column.',
  })
}
