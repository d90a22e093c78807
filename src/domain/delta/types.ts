/** A column type in the JSON of `schemaString`. */
export type DeltaType =
  | string
  | { type: 'struct'; fields: DeltaField[] }
  | { type: 'array'; elementType: DeltaType; containsNull: boolean }
  | { type: 'map'; keyType: DeltaType; valueType: DeltaType; valueContainsNull: boolean }

export interface DeltaField {
  name: string
  type: DeltaType
  nullable: boolean
  metadata: Record<string, unknown>
}

/**
 * DuckDB's TIMESTAMP is stored as `timestamp` (UTC), which every reader knows; `timestamp_ntz`, which is read too, would
 * need reader version 3.
 */
const toDelta: Record<string, string> = {
  BOOLEAN: 'boolean',
  TINYINT: 'byte',
  SMALLINT: 'short',
  INTEGER: 'integer',
  BIGINT: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  VARCHAR: 'string',
  BLOB: 'binary',
}

const toDuckdb: Record<string, string> = {
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamp_ntz: 'TIMESTAMP',
  string: 'VARCHAR',
  binary: 'BLOB',
}

/** The Delta type for a type as DuckDB prints it (`DECIMAL(15,2)`, `VARCHAR[]`, `STRUCT("a" INTEGER)`), or null. */
export function deltaType(duckdbType: string): DeltaType | null {
  const text = duckdbType.trim()
  if (text.endsWith('[]')) {
    const elementType = deltaType(text.slice(0, -2))
    return elementType === null ? null : { type: 'array', elementType, containsNull: true }
  }
  const nested = /^(STRUCT|MAP)\s*\(([\s\S]*)\)$/i.exec(text)
  if (nested?.[2] !== undefined) {
    const parts = splitTopLevel(nested[2])
    return nested[1]?.toUpperCase() === 'MAP' ? mapType(parts) : structType(parts)
  }
  const upper = text.toUpperCase()
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(upper)
  if (decimal) return `decimal(${decimal[1]},${decimal[2]})`
  return Object.hasOwn(toDelta, upper) ? (toDelta[upper] ?? null) : null
}

/** The DuckDB type for a Delta type, or null for one that DuckDB tables cannot hold here (`variant`, intervals, …). */
export function duckdbType(type: DeltaType): string | null {
  if (typeof type === 'string') {
    const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(type)
    if (decimal) return `DECIMAL(${decimal[1]},${decimal[2]})`
    return Object.hasOwn(toDuckdb, type) ? (toDuckdb[type] ?? null) : null
  }
  switch (type.type) {
    case 'array': {
      const element = duckdbType(type.elementType)
      return element === null ? null : `${element}[]`
    }
    case 'map': {
      const key = duckdbType(type.keyType)
      const value = duckdbType(type.valueType)
      return key === null || value === null ? null : `MAP(${key}, ${value})`
    }
    case 'struct': {
      const fields = type.fields.map((field) => {
        const fieldType = duckdbType(field.type)
        return fieldType === null ? null : `"${field.name.replaceAll('"', '""')}" ${fieldType}`
      })
      return fields.includes(null) ? null : `STRUCT(${fields.join(', ')})`
    }
  }
}

function structType(parts: string[]): DeltaType | null {
  const fields: DeltaField[] = []
  for (const part of parts) {
    const match = /^(?:"((?:[^"]|"")*)"|([^\s"]+))\s+([\s\S]+)$/.exec(part)
    const name = match?.[1]?.replaceAll('""', '"') ?? match?.[2]
    const type = match?.[3] === undefined ? null : deltaType(match[3])
    if (name === undefined || type === null) return null
    fields.push({ name, type, nullable: true, metadata: {} })
  }
  return fields.length === 0 ? null : { type: 'struct', fields }
}

function mapType(parts: string[]): DeltaType | null {
  const [key, value, ...rest] = parts.map(deltaType)
  if (key === undefined || key === null || value === undefined || value === null || rest.length > 0) return null
  return { type: 'map', keyType: key, valueType: value, valueContainsNull: true }
}

/** Splits at commas outside parentheses and double quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts
}
