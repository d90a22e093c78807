import { GoldsmithError } from '@/domain/errors'
import { isJsonObject } from './field-reader'
import { type DeltaField, type DeltaType, deltaType, duckdbType } from './types'

/** A column of a table, with the type that DuckDB gives it. */
export interface DeltaColumn {
  name: string
  /** As DuckDB prints it: BIGINT, DECIMAL(15,2), VARCHAR[], … */
  type: string
  nullable: boolean
  comment: string | null
  /** SQL that makes a generated column's value; null for others. */
  generationExpression: string | null
}

/**
 * The `schemaString` of columns. Throws `delta.unsupported_type` for a type that Delta cannot hold (HUGEINT, unsigned
 * integers, TIME, …) and `delta.duplicate_column` for names that differ only in case, which Delta does not tell apart.
 */
export function formatSchema(columns: readonly DeltaColumn[]): string {
  const seen = new Map<string, string>()
  const fields = columns.map((column): DeltaField => {
    const twin = seen.get(column.name.toLowerCase())
    if (twin !== undefined) throw duplicateColumn(column.name, twin)
    seen.set(column.name.toLowerCase(), column.name)
    const type = deltaType(column.type)
    if (type === null) throw unsupportedType(column.name, column.type, 'Cast it in the query to a type that Delta has.')
    const metadata = {
      ...(column.comment === null ? {} : { comment: column.comment }),
      ...(column.generationExpression === null ? {} : { 'delta.generationExpression': column.generationExpression }),
    }
    return { name: column.name, type, nullable: column.nullable, metadata }
  })
  return JSON.stringify({ type: 'struct', fields })
}

/** The columns of a `schemaString`. Throws `delta.invalid_schema` and `delta.unsupported_type`. */
export function parseSchema(schemaString: string): DeltaColumn[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(schemaString)
  } catch {
    throw invalidSchema('is not JSON')
  }
  const schema = readType(parsed)
  if (typeof schema === 'string' || schema.type !== 'struct') throw invalidSchema('is not a struct')
  return schema.fields.map((field) => {
    const type = duckdbType(field.type)
    if (type === null) {
      const written = typeof field.type === 'string' ? field.type : JSON.stringify(field.type)
      throw unsupportedType(field.name, written, 'Write the table without this column, and load that.')
    }
    const expression = field.metadata['delta.generationExpression']
    return {
      name: field.name,
      type,
      nullable: field.nullable,
      comment: typeof field.metadata.comment === 'string' ? field.metadata.comment : null,
      generationExpression: typeof expression === 'string' ? expression : null,
    }
  })
}

function readType(json: unknown): DeltaType {
  if (typeof json === 'string') return json
  if (!isJsonObject(json)) throw invalidSchema('has a type that is neither a name nor an object')
  switch (json.type) {
    case 'struct': {
      if (!Array.isArray(json.fields)) throw invalidSchema('has a struct without fields')
      return { type: 'struct', fields: json.fields.map(readField) }
    }
    case 'array':
      return { type: 'array', elementType: readType(json.elementType), containsNull: json.containsNull !== false }
    case 'map':
      return {
        type: 'map',
        keyType: readType(json.keyType),
        valueType: readType(json.valueType),
        valueContainsNull: json.valueContainsNull !== false,
      }
    default:
      throw invalidSchema(`has the unknown type ${JSON.stringify(json.type)}`)
  }
}

function readField(json: unknown): DeltaField {
  if (!isJsonObject(json) || typeof json.name !== 'string') throw invalidSchema('has a field without a name')
  return {
    name: json.name,
    type: readType(json.type),
    nullable: json.nullable !== false,
    metadata: isJsonObject(json.metadata) ? json.metadata : {},
  }
}

function invalidSchema(what: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.invalid_schema',
    message: `The schemaString of a Delta table ${what}.`,
    remedy: 'The table’s log is damaged: restore it from where the table came from, or rebuild the table.',
  })
}

function unsupportedType(column: string, type: string, remedy: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.unsupported_type',
    message: `Column “${column}” has the type ${type}, which a Delta table here cannot hold.`,
    remedy,
  })
}

function duplicateColumn(name: string, twin: string): GoldsmithError {
  return new GoldsmithError({
    code: 'delta.duplicate_column',
    message: `The columns “${twin}” and “${name}” have the same name but for its case, which Delta does not tell apart.`,
    remedy: 'Rename one of them in the query.',
  })
}
