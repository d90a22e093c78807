/** What flows contradict in the rest of the project, and what their queries and expressions have wrong. */
import type { ErrorData } from '@/domain/automation'
import type { DeclaredFlow } from '@/domain/pipeline/flow'
import { HISTORY_COLUMNS } from '@/domain/pipeline/flow-rules'
import { unknownTable } from '@/domain/pipeline/graph'
import { nearestName } from '@/domain/pipeline/nearest'
import type { ColumnDefinition, Dataset, Project, SourcePosition } from '@/domain/pipeline/project'
import type { AutoCdcFlow, ColumnName } from '@/domain/pipeline/statements'
import { withoutStream } from '@/domain/pipeline/stream-reads'
import type { DialectContext, SqlDialect } from '@/engine/ports'
import { prepareText } from './project-text'

/** All that is wrong with the flows; the project's datasets and sources must be declared. */
export function checkFlows(
  flows: readonly DeclaredFlow[],
  project: Project,
  dialect: SqlDialect,
  context: DialectContext,
): ErrorData[] {
  const names = new Set<string>()
  const fills = project.datasets.flatMap((dataset) => targetProblems(dataset, flows, project))
  const changed = new Set<string>()
  const problems = flows.flatMap((flow) => {
    const checking = new Checking(flow, project)
    const { statement, name, target } = flow
    if (names.has(name)) {
      checking.problem('pipeline.duplicate_flow', `A second flow ${name}`, 'Rename one.', statement.name.position)
    }
    names.add(name)
    checking.target()
    if (statement.kind === 'insert') checking.insert(statement.query, dialect, context)
    else {
      if (changed.has(target)) {
        checking.problem(
          'pipeline.second_cdc_flow',
          `A second AUTO CDC flow into ${target}`,
          'Keep one; bring the changes together in a view that it reads.',
          statement.target.position,
        )
      }
      changed.add(target)
      checking.changes(statement, dialect, context)
    }
    return checking.problems
  })
  return [...problems, ...fills]
}

/** What is wrong with what fills a streaming table, taken together. */
function targetProblems(dataset: Dataset, flows: readonly DeclaredFlow[], { problems }: Project): ErrorData[] {
  const { name, kind, query } = dataset
  if (kind !== 'streaming_table') return []
  const into = flows.filter(({ target }) => target === name)
  const changing = into.find(({ statement }) => statement.kind === 'auto_cdc')
  const others = into.filter(({ statement }) => statement.kind === 'insert').length + (query.text === '' ? 0 : 1)
  if (changing && others > 0) {
    const { line, column } = changing.statement.target.position
    return [
      {
        code: 'pipeline.mixed_flows',
        message: `${changing.file.path}: ${name} is filled by the AUTO CDC flow ${changing.name} and by something else`,
        remedy: 'Keep the AUTO CDC flow alone; bring the changes together in a view that it reads.',
        ...{ file: changing.file.path, line, column },
      },
    ]
  }
  // A flow that cannot be read may be the one.
  if (into.length + others > 0 || problems.some(({ code }) => UNREAD.has(code))) return []
  const { line, column } = dataset.position
  return [
    {
      code: 'pipeline.no_flow',
      message: `${dataset.file}: ${name} has neither a query nor a flow that fills it`,
      remedy: 'Add AS SELECT … FROM STREAM(…), or a CREATE FLOW into it.',
      ...{ file: dataset.file, line, column },
    },
  ]
}

/** What is said of statements that are left out. */
const UNREAD = new Set(['pipeline.syntax', 'pipeline.unsupported'])

/** Gives targets of SCD type 2 that declare columns the two that hold a version's time. */
export function addHistoryColumns(flows: readonly DeclaredFlow[], datasets: readonly Dataset[]): void {
  for (const { statement, target } of flows) {
    if (statement.kind === 'insert' || statement.scdType === 1) continue
    const { columns } = datasets.find(({ name }) => name === target) ?? {}
    if (!columns || columns.some(({ name }) => isHistory(name))) continue
    const { position } = statement.target
    for (const name of HISTORY_COLUMNS) {
      // Their type is that of SEQUENCE BY, which is not known before the source is read.
      columns.push({ name, type: '', notNull: false, generatedAs: null, comment: null, position })
    }
  }
}

const isHistory = (name: string) => HISTORY_COLUMNS.includes(name.toUpperCase())

class Checking {
  readonly problems: ErrorData[] = []

  constructor(
    private readonly flow: DeclaredFlow,
    private readonly project: Project,
  ) {}

  problem(code: string, message: string, remedy: string, { line, column }: SourcePosition): void {
    const file = this.flow.file.path
    this.problems.push({ code, message: `${file}: ${message}`, remedy, file, line, column })
  }

  target(): void {
    const { target, name, statement } = this.flow
    const { datasets, sources } = this.project
    const dataset = datasets.find((candidate) => candidate.name === target)
    if (dataset?.kind === 'streaming_table') return
    const found =
      dataset?.kind.replace('_', ' ') ?? (sources.some((source) => source.name === target) ? 'source' : null)
    const streaming = datasets.filter(({ kind }) => kind === 'streaming_table').map((candidate) => candidate.name)
    const nearest = found === null ? nearestName(target, streaming) : null
    this.problem(
      'pipeline.flow_target',
      `The flow ${name} fills ${target}, ${found ? `which is a ${found}` : 'which the pipeline does not have'}`,
      nearest === null ? 'Declare it with CREATE STREAMING TABLE.' : `Did you mean ${nearest}?`,
      statement.target.position,
    )
  }

  insert(slice: { text: string; position: SourcePosition }, dialect: SqlDialect, context: DialectContext): void {
    const prepared = this.prepare(slice)
    if (!prepared) return
    const query = dialect.analyzeQuery(withoutStream(prepared.sql), context)
    if ('error' in query) this.problems.push(prepared.inFile(query.error))
    else for (const { name, offset } of query.tables) this.known(name, prepared.placeAt(offset))
  }

  changes(statement: AutoCdcFlow, dialect: SqlDialect, context: DialectContext): void {
    const { source, target } = this.flow
    const { datasets, sources } = this.project
    if (source !== null) this.known(source, statement.source.name.position)
    for (const slice of [statement.deleteWhen, statement.sequenceBy]) {
      const prepared = slice && this.prepare(slice)
      if (!prepared) continue
      const expression = dialect.analyzeExpression(prepared.sql, context)
      if ('error' in expression) this.problems.push(prepared.inFile(expression.error))
    }
    const read = [...sources, ...datasets].find(({ name }) => name === source)?.columns ?? null
    const filled = datasets.find(({ name }) => name === target)?.columns ?? null
    this.columns('KEYS', statement.keys, source, read)
    this.columns('COLUMNS', statement.columns?.columns ?? [], source, read)
    this.columns('TRACK HISTORY ON', statement.trackHistory?.columns ?? [], source, read)
    this.columns('KEYS', statement.keys, target, filled)
    this.history(statement, filled)
  }

  private history(statement: AutoCdcFlow, columns: readonly ColumnDefinition[] | null): void {
    const declared = columns?.filter(({ name }) => isHistory(name)) ?? []
    const [first] = declared
    if (!first || (statement.scdType === 2 && declared.length === HISTORY_COLUMNS.length)) return
    this.problem(
      'pipeline.history_columns',
      statement.scdType === 1
        ? `${this.flow.target} declares ${first.name}, which only SCD TYPE 2 fills`
        : `${this.flow.target} declares ${first.name} but not both of ${HISTORY_COLUMNS.join(' and ')}`,
      statement.scdType === 1 ? 'Remove the column, or add STORED AS SCD TYPE 2.' : 'Declare both, or neither.',
      statement.target.position,
    )
  }

  private columns(
    clause: string,
    names: readonly ColumnName[],
    table: string | null,
    columns: readonly ColumnDefinition[] | null,
  ): void {
    if (columns === null) return
    const known = columns.map((column) => column.name.toLowerCase())
    for (const { name, position } of names) {
      if (known.includes(name.toLowerCase())) continue
      const nearest = nearestName(name, known)
      this.problem(
        'pipeline.unknown_column',
        `${clause} of ${this.flow.name} names ${name}, which is no declared column of ${table}`,
        nearest === null ? 'Name a declared column.' : `Did you mean ${nearest}?`,
        position,
      )
    }
  }

  private known(table: string, { line, column }: { line: number; column: number }): void {
    const known = [...this.project.datasets, ...this.project.sources].map(({ name }) => name)
    if (known.includes(table) || table.startsWith('pipeline.')) return
    const file = this.flow.file.path
    const problem = unknownTable(table, known, { file, line, column })
    this.problems.push({ ...problem, message: `${file}: ${problem.message}` })
  }

  /** Null when the configuration lacks a value, which is then a problem. */
  private prepare(slice: { text: string; position: SourcePosition }): ReturnType<typeof prepareText> | null {
    const { path, text } = this.flow.file
    const prepared = prepareText({ file: path, fileText: text, slice }, this.project.configuration)
    this.problems.push(...prepared.problems)
    return prepared.problems.length > 0 ? null : prepared
  }
}
