/** Reads a pipeline folder: settings, statements, queries; and says at run time what to run. Never throws for what users wrote. */
import type { ErrorData } from '@/domain/automation'
import { ruleProblems, valueProblems } from '@/domain/pipeline/configuration'
import { cycleProblems, duplicateProblems, topologicalOrder, unknownTable } from '@/domain/pipeline/graph'
import { nearestName } from '@/domain/pipeline/nearest'
import { parseFile } from '@/domain/pipeline/parse'
import type { Dashboard, Dataset, PipelineFile, Project } from '@/domain/pipeline/project'
import { qualityRules } from '@/domain/quality/quality-rules'
import type { AnalyzedQuery, SqlDialect } from '@/engine/ports'
import { projectLineage } from './lineage'
import { contractProblems } from './project-contracts'
import { type Declarations, declare, splitNames } from './project-declare'
import { addHistoryColumns, checkFlows } from './project-flows'
import { globTest, type PipelineSettings, readSettings } from './project-settings'
import { flowReads, type TranslatedFlow } from './project-streams'
import { prepareText } from './project-text'
import { dialectContext, translateDashboard, translateDataset } from './project-translate'

/** Folders whose SQL files are read whatever the libraries say: declarations that Spark gets by other ways. */
const DECLARING = ['schemas/', 'sources/']
const DASHBOARDS = 'dashboards/'
/** Any date does where nothing runs. */
const ANALYSIS = { asOf: '2000-01-01' }

/**
 * Reads all files. `configuration` replaces values of spark-pipeline.yml. The dialect must be loaded.
 * Everything that is wrong is in `problems`; a dataset with a problem is in `datasets` all the same.
 */
export function readProject(
  files: readonly PipelineFile[],
  dialect: SqlDialect,
  parseYaml: (text: string) => unknown,
  configuration: Readonly<Record<string, string>> = {},
): Project {
  const settings = readSettings(files, parseYaml)
  overrideConfiguration(settings, configuration)
  const declared: Declarations = { datasets: [], sources: [], schemas: [], flows: [], problems: [...settings.problems] }
  const included = settings.include.map(globTest)
  const dashboards: Dashboard[] = []
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (file.path.startsWith(DASHBOARDS) && file.path.endsWith('.sql')) dashboards.push(readDashboard(file))
    else if (DECLARING.some((folder) => file.path.startsWith(folder)) || included.some((test) => test(file.path))) {
      readFile(file, settings, declared)
    }
  }
  const project: Project = {
    name: settings.name,
    catalog: settings.catalog,
    defaultSchema: settings.schema,
    configuration: settings.configuration,
    schemas: declared.schemas,
    datasets: declared.datasets,
    sources: declared.sources,
    dashboards,
    usedColumns: {},
    lineage: [],
    problems: declared.problems,
  }
  project.problems.push(
    ...ruleProblems(project.datasets, project.configuration),
    ...valueProblems(project.datasets, project.configuration, settings.placeOf),
    ...project.datasets.flatMap((dataset) => qualityRules(dataset).problems),
  )
  project.problems.push(...checkFlows(declared.flows, project, dialect, dialectContext(project, ANALYSIS)))
  addHistoryColumns(declared.flows, project.datasets)
  for (const dataset of project.datasets) {
    if (dataset.kind === 'streaming_table')
      dataset.flows = declared.flows.filter(({ target }) => target === dataset.name)
  }
  analyse(project, dialect)
  return project
}

/** By source table, the lower-case names of the columns to read from its files. */
export function usedSourceColumns(project: Project): Map<string, Set<string>> {
  return new Map(Object.entries(project.usedColumns).map(([table, columns]) => [table, new Set(columns)]))
}

function overrideConfiguration(settings: PipelineSettings, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(settings.configuration, name)) {
      const nearest = nearestName(name, Object.keys(settings.configuration))
      settings.problems.push({
        code: 'pipeline.unknown_configuration',
        message: `The configuration has no value named '${name.slice(0, 80)}'`,
        remedy: nearest === null ? 'Add it to configuration in spark-pipeline.yml.' : `Did you mean ${nearest}?`,
      })
    }
    settings.configuration[name] = value
  }
}

function readDashboard(file: PipelineFile): Dashboard {
  return { name: file.path.slice(DASHBOARDS.length, -'.sql'.length), file: file.path, sql: file.text }
}

function readFile(file: PipelineFile, settings: PipelineSettings, declared: Declarations): void {
  if (file.path.endsWith('.py')) {
    declared.problems.push({
      code: 'pipeline.unsupported',
      message: `${file.path}: Python files cannot run here`,
      remedy: 'Write the datasets in SQL.',
      file: file.path,
    })
  }
  if (!file.path.endsWith('.sql')) return
  const { statements, problems } = parseFile(file.path, file.text)
  declared.problems.push(...problems)
  for (const statement of statements) declare(statement, file, settings, declared)
}

/** What is read by a query of the project: by source, the column names it mentions. */
type Reads = Map<string, Set<string>>

function analyse(project: Project, dialect: SqlDialect): void {
  const { problems } = project
  const reads: Reads = new Map()
  problems.push(...duplicateProblems(project.datasets, project.sources))
  const known = new Set([...project.datasets, ...project.sources].map(({ name }) => name))
  for (const dataset of project.datasets) {
    const translated = translateDataset(dataset, project, dialect, ANALYSIS)
    problems.push(...translated.problems)
    const { query, flows } = translated
    if (query) problems.push(...unknownTables(query, known, slicePlace(dataset, project)))
    if (query) noteReads(reads, query)
    noteFlows(reads, flows)
    const tables = [...(query?.tables ?? []), ...flowReads(flows)]
    dataset.inputs = [...new Set(tables.map(({ name }) => name))].sort()
    problems.push(...unknownColumns(dataset, translated.expectations))
  }
  for (const source of project.sources) {
    for (const column of source.columns) {
      const type = dialect.dataType(column.type)
      if (typeof type === 'string') continue
      const { line, column: at } = column.position
      problems.push({
        ...type.error,
        message: `${source.file}: ${type.error.message}`,
        file: source.file,
        line,
        column: at,
      })
    }
  }
  analyseDashboards(project, dialect, known, reads)
  problems.push(...cycleProblems(project.datasets))
  project.datasets = topologicalOrder(project.datasets)
  project.usedColumns = usedColumns(project, reads)
  project.lineage = projectLineage(project, dialect)
  problems.push(...contractProblems(project, project.lineage))
}

function analyseDashboards(project: Project, dialect: SqlDialect, known: ReadonlySet<string>, reads: Reads): void {
  const readable = new Set(known)
  for (const { name } of project.datasets) readable.add(`${name}__quarantine`)
  for (const dashboard of project.dashboards) {
    const translated = translateDashboard(dashboard, project, dialect, ANALYSIS)
    project.problems.push(...translated.problems)
    if (!translated.query) continue
    const slice = { text: dashboard.sql, position: { line: 1, column: 1, offset: 0 } }
    const { placeAt } = prepareText({ file: dashboard.file, fileText: dashboard.sql, slice }, project.configuration)
    project.problems.push(...unknownTables(translated.query, readable, { file: dashboard.file, placeAt }))
    noteReads(reads, translated.query)
  }
}

interface Place {
  file: string
  placeAt(offset: number): { line: number; column: number }
}

function slicePlace(dataset: Dataset, project: Project): Place {
  const prepared = prepareText(
    { file: dataset.file, fileText: dataset.fileText, slice: dataset.query },
    project.configuration,
  )
  return { file: dataset.file, placeAt: prepared.placeAt }
}

/** The engine's own tables, schema `pipeline`, are always there. */
function unknownTables(query: AnalyzedQuery, known: ReadonlySet<string>, { file, placeAt }: Place): ErrorData[] {
  const dated = query.tables
    .filter(({ moment, comparison }) => moment !== undefined || comparison !== undefined)
    .map(({ name, offset }) => ({
      code: 'pipeline.unsupported',
      message: `${file}: ${name} is read as of another time, which an update cannot do`,
      remedy: 'Read the table as it is; look at its versions in the SQL view.',
      file,
      ...placeAt(offset),
    }))
  const unknown = query.tables
    .filter(({ name }) => !known.has(name) && !name.startsWith('pipeline.'))
    .map(({ name, offset }) => {
      const problem = unknownTable(name, known, { file, ...placeAt(offset) })
      return { ...problem, message: `${file}: ${problem.message}` }
    })
  return [...dated, ...unknown]
}

function unknownColumns(
  dataset: Dataset,
  expressions: readonly { name: string; columnNames: string[] }[],
): ErrorData[] {
  if (dataset.columns === null) return []
  const known = dataset.columns.map((column) => column.name.toLowerCase())
  const [, table = ''] = dataset.name.split('.')
  const problems: ErrorData[] = []
  for (const expectation of dataset.expectations) {
    const mentioned = expressions.find(({ name }) => name === expectation.name)?.columnNames ?? []
    for (const column of mentioned) {
      if (known.includes(column) || column === table) continue
      const nearest = nearestName(column, known)
      const { line, column: at } = expectation.expression.position
      problems.push({
        code: 'sql.unknown_column',
        message: `${dataset.file}: the expectation ${expectation.name} names ${column}, which is no column of ${dataset.name}`,
        remedy: nearest === null ? 'Use a declared column.' : `Did you mean ${nearest}?`,
        file: dataset.file,
        line,
        column: at,
      })
    }
  }
  return problems
}

function noteReads(reads: Reads, query: AnalyzedQuery): void {
  for (const { name } of query.tables) {
    const columns = reads.get(name) ?? new Set()
    for (const column of query.columnNames) columns.add(column)
    reads.set(name, columns)
  }
}

function noteFlows(reads: Reads, flows: readonly TranslatedFlow[]): void {
  for (const { name, columns } of flowReads(flows)) reads.set(name, new Set([...(reads.get(name) ?? []), ...columns]))
}

/** Mentioned columns of each source, or all after a star; keys and sequence columns always, since rows are compared by them. */
function usedColumns(project: Project, reads: Reads): Record<string, string[]> {
  const used: Record<string, string[]> = {}
  for (const source of project.sources) {
    const mentioned = reads.get(source.name) ?? new Set()
    const always = [...source.primaryKey, ...splitNames(source.properties['source.sequence_by'] ?? '')]
    for (const column of always) mentioned.add(column.toLowerCase())
    const names = source.columns.map((column) => column.name.toLowerCase())
    used[source.name] = names.filter((name) => mentioned.has('*') || mentioned.has(name)).sort()
  }
  return used
}
