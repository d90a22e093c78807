/** From parsed statements to datasets, sources and schemas: names in full, keys, properties, and what contradicts itself. */
import type { ErrorData } from '@/domain/automation'
import type { DeclaredFlow } from '@/domain/pipeline/flow'
import { nearestName } from '@/domain/pipeline/nearest'
import type {
  ColumnDefinition,
  Dataset,
  Expectation,
  PipelineFile,
  SchemaDefinition,
  SourcePosition,
  SourceTable,
} from '@/domain/pipeline/project'
import type {
  DatasetStatement,
  FlowStatement,
  Property,
  QualifiedName,
  Statement,
  TableStatement,
} from '@/domain/pipeline/statements'
import type { PipelineSettings } from './project-settings'
import { prepareText } from './project-text'

export interface Declarations {
  datasets: Dataset[]
  sources: SourceTable[]
  schemas: SchemaDefinition[]
  flows: DeclaredFlow[]
  problems: ErrorData[]
}

/** Adds what one statement declares. */
export function declare(
  statement: Statement,
  file: PipelineFile,
  settings: PipelineSettings,
  into: Declarations,
): void {
  const declaring = new Declaring(file, settings, into)
  switch (statement.type) {
    case 'dataset':
      declaring.dataset(statement)
      break
    case 'table':
      declaring.source(statement)
      break
    case 'schema':
      into.schemas.push({
        name: statement.name.parts.at(-1)?.toLowerCase() ?? '',
        comment: statement.comment,
        properties: declaring.properties(statement.properties),
      })
      break
    case 'flow':
      declaring.flow(statement)
      break
  }
}

class Declaring {
  constructor(
    private readonly file: PipelineFile,
    private readonly settings: PipelineSettings,
    private readonly into: Declarations,
  ) {}

  dataset(statement: DatasetStatement): void {
    const name = this.fullName(statement.name)
    const properties = this.properties(statement.properties)
    const { position } = statement.name
    const nullableKey = properties['pipeline.key']
    if (nullableKey !== undefined && statement.primaryKey) {
      this.problem(
        'pipeline.invalid_key',
        `${name} has both a PRIMARY KEY and the property pipeline.key`,
        'Keep one of them.',
        statement.primaryKey.position,
      )
    }
    const primaryKey = statement.primaryKey?.columns ?? (nullableKey === undefined ? null : splitNames(nullableKey))
    const columns = statement.columns.length > 0 ? statement.columns : null
    this.checkColumns(name, columns, statement)
    const named: [string, string[]][] = [
      ['The key', primaryKey ?? []],
      ['PARTITIONED BY', statement.partitionedBy],
      ['CLUSTER BY', statement.clusterBy],
    ]
    for (const [what, names] of named) this.checkNames(name, what, names, columns, position)
    this.into.datasets.push({
      name,
      kind: statement.kind,
      temporary: statement.temporary,
      private: statement.private,
      file: this.file.path,
      fileText: this.file.text,
      position,
      columns,
      expectations: statement.expectations,
      primaryKey,
      partitionedBy: statement.partitionedBy,
      clusterBy: statement.clusterBy,
      comment: statement.comment,
      properties,
      query: statement.query ?? { text: '', position },
      flows: [],
      inputs: [],
    })
  }

  flow(statement: FlowStatement): void {
    const target = this.fullName(statement.target)
    const name = statement.name === statement.target ? target : this.fullName(statement.name)
    const source = statement.kind === 'auto_cdc' ? this.fullName(statement.source.name) : null
    this.into.flows.push({ statement, file: this.file, name, target, source })
    if (!statement.once) return
    this.problem(
      'pipeline.unsupported',
      `${statement.spelling} with ONCE is not supported`,
      'Leave ONCE out: a flow reads each row of its source once, the rows that are there now with the first update.',
      statement.name.position,
    )
  }

  source(statement: TableStatement): void {
    const name = this.fullName(statement.name)
    const properties = this.properties(statement.properties)
    const optional = new Set(
      splitNames(properties['source.optional_columns'] ?? '').map((column) => column.toLowerCase()),
    )
    const { position } = statement.name
    if (statement.columns.length === 0) {
      this.problem(
        'pipeline.no_columns',
        `${name} declares no columns`,
        'List the columns that the pipeline knows.',
        position,
      )
    }
    this.checkColumns(name, statement.columns, statement)
    const key = statement.primaryKey?.columns ?? []
    this.checkNames(name, 'PRIMARY KEY', key, statement.columns, position)
    for (const property of ['source.optional_columns', 'source.sequence_by']) {
      this.checkNames(name, property, splitNames(properties[property] ?? ''), statement.columns, position)
    }
    if (this.into.sources.some((source) => source.name === name)) {
      this.problem('pipeline.duplicate_dataset', `${name} is declared twice`, 'Remove one declaration.', position)
    }
    this.into.sources.push({
      name,
      file: this.file.path,
      position,
      columns: statement.columns.map((column) => ({ ...column, optional: optional.has(column.name.toLowerCase()) })),
      primaryKey: key,
      comment: statement.comment,
      optional: properties['source.optional'] === 'true',
      properties,
    })
  }

  /** Property values with their `${name}` replaced. */
  properties(list: readonly Property[]): Record<string, string> {
    const properties: Record<string, string> = {}
    for (const { key, value, position } of list) {
      // The value is decoded text, so only the place of its start is known.
      const slice = { text: value, position: { ...position, offset: 0 } }
      const prepared = prepareText({ file: this.file.path, fileText: value, slice }, this.settings.configuration)
      const at = { line: position.line, column: position.column }
      this.into.problems.push(...prepared.problems.map((problem) => ({ ...problem, ...at })))
      properties[key] = prepared.sql
    }
    return properties
  }

  problem(code: string, message: string, remedy: string, position: SourcePosition): void {
    const { line, column } = position
    this.into.problems.push({
      code,
      message: `${this.file.path}: ${message}`,
      remedy,
      file: this.file.path,
      line,
      column,
    })
  }

  /** Lower-case `schema.table`. Names become folders, so what Databricks forbids in them is refused here too. */
  private fullName({ parts, position }: QualifiedName): string {
    for (const part of parts) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      if (part.length > 200 || /[\u0000-\u001f\u007f ./\\]/.test(part)) {
        this.problem(
          'pipeline.invalid_name',
          `'${part.slice(0, 60)}' cannot be part of a table's name`,
          'Use at most 200 characters, without spaces, dots, slashes and control characters.',
          position,
        )
      }
    }
    const [first, second, third] = parts.map((part) => part.toLowerCase())
    if (third !== undefined && first !== this.settings.catalog?.toLowerCase()) {
      this.problem('sql.unknown_catalog', `The catalog ${first} is not the pipeline's`, 'Write schema.table.', position)
    }
    if (third !== undefined) return `${second}.${third}`
    return second === undefined ? `${this.settings.schema}.${first}` : `${first}.${second}`
  }

  private checkColumns(
    dataset: string,
    columns: readonly ColumnDefinition[] | null,
    statement: { expectations: Expectation[] },
  ): void {
    const seen = new Set<string>()
    for (const column of columns ?? []) {
      if (seen.has(column.name.toLowerCase())) {
        this.problem(
          'pipeline.duplicate_column',
          `${dataset} has two columns ${column.name}`,
          'Rename one.',
          column.position,
        )
      }
      seen.add(column.name.toLowerCase())
    }
    const names = new Set<string>()
    for (const { name, expression } of statement.expectations) {
      if (names.has(name.toLowerCase())) {
        this.problem(
          'pipeline.duplicate_expectation',
          `${dataset} has two expectations ${name}`,
          'Rename one.',
          expression.position,
        )
      }
      names.add(name.toLowerCase())
    }
  }

  private checkNames(
    dataset: string,
    what: string,
    names: readonly string[],
    columns: readonly ColumnDefinition[] | null,
    position: SourcePosition,
  ): void {
    if (columns === null) return
    const known = columns.map((column) => column.name.toLowerCase())
    for (const name of names) {
      if (known.includes(name.toLowerCase())) continue
      const nearest = nearestName(name, known)
      this.problem(
        'pipeline.unknown_column',
        `${what} of ${dataset} names ${name}, which is no declared column`,
        nearest === null ? 'Name a declared column.' : `Did you mean ${nearest}?`,
        position,
      )
    }
  }
}

/** `a, b` as names. */
export function splitNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
