import { quoteIdentifier } from '@/domain/sql/quote'
import { bodyOf, isEmpty, listOf, nameOf, spell, Unsupported } from './nodes'

const SIMPLE: Record<string, string> = {
  tiny_int: 'TINYINT',
  small_int: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  big_int: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  text: 'VARCHAR',
  var_char: 'VARCHAR',
  char: 'VARCHAR',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
}

export const INTEGER_TYPES = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'])

/**
 * DuckDB's name for a Databricks type. TIMESTAMP is UTC here, with or without a zone; STRING has no length in either.
 * DECIMAL without arguments is DECIMAL(10,0), as in Spark. Throws Unsupported.
 */
export function duckdbType(value: unknown): string {
  const type = bodyOf(value)
  const kind = String(type.data_type)
  if (kind === 'decimal') return `DECIMAL(${type.precision ?? 10},${type.scale ?? 0})`
  if (kind === 'custom' && /^TIMESTAMP_?NTZ$/i.test(nameOf(type.name))) return 'TIMESTAMP'
  if (kind === 'array' || kind === 'list') return `${duckdbType(type.element_type)}[]`
  if (kind === 'map') return `MAP(${duckdbType(type.key_type)}, ${duckdbType(type.value_type)})`
  if (kind === 'struct') {
    const members = listOf(type.fields).map((field) => {
      const { name, data_type: member } = bodyOf(field)
      return `${quoteIdentifier(nameOf(name))} ${duckdbType(member)}`
    })
    return `STRUCT(${members.join(', ')})`
  }
  const simple = SIMPLE[kind]
  if (simple === undefined || !isEmpty(type.length) || type.timezone === true) {
    const name = kind === 'custom' ? nameOf(type.name) : spell(kind)
    throw new Unsupported(
      'sql.unknown_type',
      `The type ${name} is not known here`,
      'Use a type of Databricks SQL.',
      name,
    )
  }
  return simple
}
