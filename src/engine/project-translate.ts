/** A dataset or dashboard of the project as DuckDB SQL, for one business date and configuration. */
import type { ErrorData } from '@/domain/automation'
import type { Dashboard, Dataset, Expectation, Project, SqlText } from '@/domain/pipeline/project'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import type { AnalyzedQuery, DialectContext, SqlDialect } from '@/engine/ports'
import { type TranslatedCheck, translateChecks } from './project-checks'
import { type TranslatedFlow, translateFlows } from './project-streams'
import { prepareText } from './project-text'

export interface TranslationContext {
  /** The run's business date, ISO. */
  asOf: string
  /** Values that replace the project's. */
  configuration?: Readonly<Record<string, string>>
}

export interface TranslatedExpectation {
  name: string
  action: Expectation['action']
  /** A boolean over the dataset's columns; a row for which it is not TRUE violates the expectation. */
  duckdbSql: string
  /** Lower-case. */
  columnNames: string[]
}

export interface TranslatedColumn {
  name: string
  /** DuckDB's type; null when the declaration has none. */
  type: string | null
  notNull: boolean
  /** The expression of a generated column, over the other columns; else null. */
  generatedSql: string | null
  comment: string | null
}

export interface TranslatedDataset {
  /** Null when the query has a problem, or the dataset has none. */
  query: AnalyzedQuery | null
  expectations: TranslatedExpectation[]
  /** Null when the dataset declares no columns. */
  columns: TranslatedColumn[] | null
  /** Of a streaming table, its own query among them. */
  flows: TranslatedFlow[]
  /** CHECK constraints: properties named `delta.constraints.…`. */
  checks: TranslatedCheck[]
  /** Everything that could not be translated, with its place in the file. */
  problems: ErrorData[]
}

/** Translates a dataset's query, expectations, generated columns and types. The dialect must be loaded. */
export function translateDataset(
  dataset: Dataset,
  project: Project,
  dialect: SqlDialect,
  context: TranslationContext,
): TranslatedDataset {
  const problems: ErrorData[] = []
  const settings = dialectContext(project, context)
  const configuration = { ...project.configuration, ...context.configuration }
  const translate = <T extends object>(
    slice: SqlText,
    run: (sql: string, context: DialectContext) => T | { error: ErrorData },
  ) => {
    const prepared = prepareText({ file: dataset.file, fileText: dataset.fileText, slice }, configuration)
    problems.push(...prepared.problems)
    if (prepared.problems.length > 0) return null
    const result = run(prepared.sql, settings)
    if (!('error' in result)) return result
    problems.push(prepared.inFile(result.error))
    return null
  }
  const readable = (sql: string) => (dataset.kind === 'materialized_view' ? sql : withoutStream(sql))
  const query =
    dataset.query.text === ''
      ? null
      : translate(dataset.query, (sql, within) => dialect.analyzeQuery(readable(sql), within))
  const expectations = dataset.expectations.flatMap(({ name, action, expression }) => {
    const translated = translate(expression, (sql, within) => dialect.analyzeExpression(sql, within))
    return translated ? [{ name, action, ...translated }] : []
  })
  const columns = dataset.columns?.map((column): TranslatedColumn => {
    const type = column.type === '' ? null : dialect.dataType(column.type)
    if (type !== null && typeof type !== 'string') {
      const { line, column: at } = column.position
      const message = `${dataset.file}: ${type.error.message}`
      problems.push({ ...type.error, message, file: dataset.file, line, column: at })
    }
    const generated =
      column.generatedAs && translate(column.generatedAs, (sql, within) => dialect.analyzeExpression(sql, within))
    return {
      name: column.name,
      type: typeof type === 'string' ? type : null,
      notNull: column.notNull,
      generatedSql: generated?.duckdbSql ?? null,
      comment: column.comment,
    }
  })
  const { checks, problems: checkProblems } = translateChecks(dataset, dialect, settings)
  problems.push(...checkProblems)
  const { flows, problems: flowProblems } = translateFlows(dataset, { configuration }, dialect, settings)
  problems.push(...flowProblems)
  return { query, expectations, columns: columns ?? null, flows, checks, problems }
}

/** Translates a dashboard's query. The dialect must be loaded. */
export function translateDashboard(
  dashboard: Dashboard,
  project: Project,
  dialect: SqlDialect,
  context: TranslationContext,
): { query: AnalyzedQuery | null; problems: ErrorData[] } {
  const slice = { text: dashboard.sql, position: { line: 1, column: 1, offset: 0 } }
  const configuration = { ...project.configuration, ...context.configuration }
  const prepared = prepareText({ file: dashboard.file, fileText: dashboard.sql, slice }, configuration)
  if (prepared.problems.length > 0) return { query: null, problems: prepared.problems }
  const result = dialect.analyzeQuery(prepared.sql, dialectContext(project, context))
  return 'error' in result
    ? { query: null, problems: [prepared.inFile(result.error)] }
    : { query: result, problems: [] }
}

/** What the dialect needs to know of the project, also for queries that users type. */
export function dialectContext(project: Project, context: TranslationContext): DialectContext {
  return {
    asOf: context.asOf,
    defaultSchema: project.defaultSchema,
    ...(project.catalog === null ? {} : { catalog: project.catalog }),
  }
}
