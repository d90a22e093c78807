import { type DataType, type Field, Timestamp, Type } from 'apache-arrow'

/** True when a column of this Arrow type is, in DuckDB, of exactly this SQL type. */
export function isStoredAs(type: DataType, sqlType: string): boolean {
  const precise = type as unknown as {
    bitWidth?: number
    isSigned?: boolean
    precision?: number
    scale?: number
    unit?: number
    timezone?: string | null
  }
  switch (type.typeId) {
    case Type.Int:
      return (
        sqlType ===
        (precise.isSigned === false ? 'U' : '') +
          ({ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[precise.bitWidth ?? 0] ?? '')
      )
    case Type.Utf8:
    case Type.LargeUtf8:
      return sqlType === 'VARCHAR'
    case Type.Bool:
      return sqlType === 'BOOLEAN'
    case Type.Decimal:
      return sqlType === `DECIMAL(${precise.precision},${precise.scale})`
    case Type.Date:
      return sqlType === 'DATE' && precise.unit === 0
    case Type.Timestamp:
      return sqlType === 'TIMESTAMP' && precise.unit === 2 && !precise.timezone
    case Type.Float:
      return sqlType === 'DOUBLE' && (type as unknown as { precision: number }).precision === 2
    default:
      return false
  }
}

/**
 * A UTC timestamp without its zone, or null for any other field. DuckDB's TIMESTAMP is the engine's: all times are
 * UTC, and functions on TIMESTAMP WITH TIME ZONE need an extension that is not there.
 */
export function withoutZone(field: Field): DataType | null {
  const { unit, timezone } = field.type as unknown as { unit: number; timezone?: string | null }
  return field.type.typeId === Type.Timestamp && timezone ? new Timestamp(unit) : null
}
