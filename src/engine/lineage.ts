/** From a project to its column lineage. The dialect must be loaded; datasets that it cannot read are left out. */
import { type ColumnUse, distinctUses, usedAs } from '@/domain/lineage/column-use'
import type { ColumnLineage, DatasetLineage } from '@/domain/lineage/graph'
import type { Dataset, Project, SqlText } from '@/domain/pipeline/project'
import type { QueryLineage, SqlDialect } from '@/engine/ports'
import { writtenLineage } from './flow-lineage'
import { prepareText } from './project-text'
import { dialectContext } from './project-translate'

/** The lineage of each dataset, in the project's (topological) order. */
export function projectLineage(project: Project, dialect: SqlDialect): DatasetLineage[] {
  const columns = new Map(project.sources.map((source) => [source.name, source.columns.map(({ name }) => name)]))
  const found: DatasetLineage[] = []
  for (const dataset of project.datasets) {
    if (dataset.columns)
      columns.set(
        dataset.name,
        dataset.columns.map(({ name }) => name),
      )
    const lineage = datasetLineage(dataset, { project, dialect, columnsOf: (table) => columns.get(table) ?? null })
    if (lineage === null) continue
    if (!dataset.columns)
      columns.set(
        dataset.name,
        lineage.columns.map(({ name }) => name),
      )
    found.push(lineage)
  }
  return found
}

interface Reading {
  project: Project
  dialect: SqlDialect
  columnsOf(table: string): readonly string[] | null
}

function datasetLineage(dataset: Dataset, reading: Reading): DatasetLineage | null {
  const { project, columnsOf } = reading
  const query = writtenLineage(dataset, project, columnsOf, (sql) => {
    const lineage = reading.dialect.columnLineage(sql, dialectContext(project, ANY_DAY), columnsOf)
    return 'error' in lineage ? null : lineage
  })
  if (query === null) return null
  const given = givenColumns(dataset, query)
  const generated = (dataset.columns ?? []).flatMap(({ name, generatedAs }) =>
    generatedAs
      ? [{ name, expression: generatedAs.text, inputs: expressionInputs(generatedAs, dataset, given, reading) }]
      : [],
  )
  const made = new Map([...given, ...generated].map((column) => [column.name, column]))
  const columns = dataset.columns?.flatMap(({ name }) => made.get(name) ?? []) ?? given
  const dropping = dataset.expectations
    .filter(({ action }) => action === 'drop')
    .flatMap(({ expression }) => usedAs('FILTER', expressionInputs(expression, dataset, columns, reading)))
  return { name: dataset.name, columns, rowInputs: distinctUses([...query.rowInputs, ...dropping]) }
}

/** Lineage is the same on every business date. */
const ANY_DAY = { asOf: '2000-01-01' }

/** Declared columns are the query's by name, whatever their order. */
function givenColumns(dataset: Dataset, query: QueryLineage): ColumnLineage[] {
  if (!dataset.columns) return query.columns
  const byName = new Map(query.columns.map((column) => [column.name.toLowerCase(), column]))
  return dataset.columns
    .filter(({ generatedAs }) => generatedAs === null)
    .map(({ name }) => ({ expression: name, inputs: [], ...byName.get(name.toLowerCase()), name }))
}

/** What an expression over a dataset's own columns uses of the datasets that these are made of. */
function expressionInputs(
  slice: SqlText,
  dataset: Dataset,
  columns: readonly ColumnLineage[],
  { project, dialect }: Reading,
): ColumnUse[] {
  const { sql } = prepareText({ file: dataset.file, fileText: dataset.fileText, slice }, project.configuration)
  const [, table = dataset.name] = dataset.name.split('.')
  const text = `SELECT (${sql}\n) FROM \`${table.replaceAll('`', '``')}\``
  const lineage = dialect.columnLineage(text, dialectContext(project, ANY_DAY), () => columns.map(({ name }) => name))
  if ('error' in lineage) return []
  const uses = lineage.columns.flatMap(({ inputs }) => inputs)
  return distinctUses(
    uses.flatMap(({ column, usage }) =>
      usedAs(usage, columns.find(({ name }) => name.toLowerCase() === column)?.inputs ?? []),
    ),
  )
}
