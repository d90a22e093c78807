/** The flows that fill a streaming table, as DuckDB SQL for one business date and configuration. */
import type { ErrorData } from '@/domain/automation'
import type { DeclaredFlow } from '@/domain/pipeline/flow'
import type { Dataset, Project, SourcePosition, SqlText } from '@/domain/pipeline/project'
import type { AutoCdcFlow, ColumnSelection } from '@/domain/pipeline/statements'
import { streamReads } from '@/domain/pipeline/stream-reads'
import type { AnalyzedQuery, DialectContext, SqlDialect } from './ports'
import { prepareText } from './project-text'

/** Appends what its query makes of rows that its stream has not had before. */
export interface AppendFlow {
  kind: 'append'
  name: string
  /** The table or view whose rows it reads once each. */
  stream: string
  query: AnalyzedQuery
  /** As written, with configuration values: the same on every business date. */
  text: string
}

/** Applies the changes that the rows of its source are. */
export interface ChangeFlow extends Pick<AutoCdcFlow, 'ignoreNullUpdates' | 'columns' | 'scdType' | 'trackHistory'> {
  kind: 'auto_cdc'
  name: string
  source: string
  keys: string[]
  /** Over the source's columns. */
  sequenceSql: string
  deleteSql: string | null
  /** Lower-case names that the two expressions mention. */
  mentioned: string[]
  /** As written, with configuration values. */
  text: { sequence: string; delete: string | null }
}

export type TranslatedFlow = AppendFlow | ChangeFlow

/** What is wrong with a single flow otherwise is told by `checkFlows` and by the analysis of the dataset's own query. */
export interface TranslatedFlows {
  flows: TranslatedFlow[]
  problems: ErrorData[]
}

/** Translates all flows of a streaming table, its own query first; those that cannot be translated are left out. */
export function translateFlows(
  dataset: Dataset,
  project: Pick<Project, 'configuration'>,
  dialect: SqlDialect,
  context: DialectContext,
): TranslatedFlows {
  const into: TranslatedFlows = { flows: [], problems: [] }
  if (dataset.kind !== 'streaming_table') return into
  const translating = new Translating(project.configuration, dialect, context, into)
  if (dataset.query.text !== '') translating.append(dataset.name, dataset, dataset.query)
  for (const flow of dataset.flows) translating.declared(flow)
  return into
}

/** The tables that flows read, with the lower-case columns that they use of them; '*' for all. */
export function flowReads(flows: readonly TranslatedFlow[]): { name: string; columns: string[] }[] {
  return flows.flatMap((flow) => {
    if (flow.kind === 'append') return flow.query.tables.map(({ name }) => ({ name, columns: flow.query.columnNames }))
    const lists = [flow.keys, flow.mentioned, flow.columns?.except === false ? namesOf(flow.columns) : ['*']]
    return [{ name: flow.source, columns: lists.flat().map((name) => name.toLowerCase()) }]
  })
}

export function namesOf({ columns }: ColumnSelection): string[] {
  return columns.map(({ name }) => name)
}

class Translating {
  constructor(
    private readonly configuration: Readonly<Record<string, string>>,
    private readonly dialect: SqlDialect,
    private readonly context: DialectContext,
    private readonly into: TranslatedFlows,
  ) {}

  declared({ statement, file, name, source }: DeclaredFlow): void {
    const place = { file: file.path, fileText: file.text }
    if (statement.kind === 'insert') this.append(name, { ...place, position: statement.name.position }, statement.query)
    else if (source !== null) this.changes(name, source, statement, place)
  }

  append(
    name: string,
    { file, fileText, position }: Pick<Dataset, 'file' | 'fileText' | 'position'>,
    slice: SqlText,
  ): void {
    const { sql, problems, placeAt } = prepareText({ file, fileText, slice }, this.configuration)
    const { text, names } = streamReads(sql)
    const query = problems.length > 0 ? null : this.dialect.analyzeQuery(text, this.context)
    if (query === null || 'error' in query) return
    const isStream = (offset: number) => names.some(({ start, end }) => offset >= start && offset < end)
    const streams = query.tables.filter(({ offset }) => isStream(offset))
    const [stream] = streams
    const wrong = streamProblem(query, streams)
    if (stream === undefined || wrong !== null) {
      const at = stream === undefined ? position : placeAt(stream.offset)
      const { what, remedy } = wrong ?? NO_STREAM
      this.into.problems.push(problem('pipeline.stream', `the flow ${name} ${what}`, remedy, file, at))
      return
    }
    this.into.flows.push({ kind: 'append', name, stream: stream.name, query, text: sql })
  }

  private changes(
    name: string,
    source: string,
    statement: AutoCdcFlow,
    place: { file: string; fileText: string },
  ): void {
    const translate = (slice: SqlText) => {
      const { sql, problems } = prepareText({ ...place, slice }, this.configuration)
      const expression = problems.length > 0 ? null : this.dialect.analyzeExpression(sql, this.context)
      return expression === null || 'error' in expression ? null : { ...expression, text: sql }
    }
    const sequence = translate(statement.sequenceBy)
    const deletes = statement.deleteWhen && translate(statement.deleteWhen)
    if (sequence === null || (statement.deleteWhen !== null && deletes === null)) return
    const { ignoreNullUpdates, columns, scdType, trackHistory } = statement
    this.into.flows.push({
      kind: 'auto_cdc',
      name,
      source,
      keys: statement.keys.map((key) => key.name),
      ...{ ignoreNullUpdates, columns, scdType, trackHistory },
      sequenceSql: sequence.duckdbSql,
      deleteSql: deletes?.duckdbSql ?? null,
      mentioned: [...sequence.columnNames, ...(deletes?.columnNames ?? [])],
      text: { sequence: sequence.text, delete: deletes?.text ?? null },
    })
  }
}

const NO_STREAM = {
  what: 'reads no stream',
  remedy: 'Write FROM STREAM(table) for the table whose new rows it appends, or make it a materialized view.',
}

/** What keeps a query from being run over some rows of its stream and giving what they add to its result. */
function streamProblem(
  { flow }: AnalyzedQuery,
  streams: readonly { name: string }[],
): { what: string; remedy: string } | null {
  const [stream] = streams
  if (stream === undefined) return NO_STREAM
  if (streams.length > 1) {
    const remedy = 'Read one of them as a stream; give each stream a flow of its own.'
    return { what: `reads ${streams.length} streams`, remedy }
  }
  const { shape, inputs } = flow
  const isOnce = inputs.filter(({ table }) => table === stream.name).length === 1
  if (shape.kind === 'rows' && shape.driver.table === stream.name && shape.driver.latest === null && isOnce) return null
  const why = shape.kind === 'whole' ? shape.reason : shape.kind === 'groups' ? 'GROUP BY' : 'its join or QUALIFY'
  return {
    what: `does not map the rows of its stream one by one, because of ${why}`,
    remedy: 'Filter and join the stream here, and aggregate in a materialized view that reads the streaming table.',
  }
}

function problem(
  code: string,
  message: string,
  remedy: string,
  file: string,
  at: Pick<SourcePosition, 'line' | 'column'>,
): ErrorData {
  return { code, message: `${file}: ${message}`, remedy, file, line: at.line, column: at.column }
}
