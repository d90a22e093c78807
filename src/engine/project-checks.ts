import type { ErrorData } from '@/domain/automation'
import { LineMap } from '@/domain/pipeline/lines'
import { nearestName } from '@/domain/pipeline/nearest'
import type { Dataset } from '@/domain/pipeline/project'
import type { DialectContext, SqlDialect } from './ports'

/** Property under which Delta keeps a CHECK constraint, without the constraint's name (PROTOCOL.md, “CHECK constraints”). */
export const CHECK_PROPERTY = 'delta.constraints.'

/** A condition that every stored row of a table has to meet. */
export interface TranslatedCheck {
  name: string
  /** As declared. */
  text: string
  /** A row for which it is not TRUE may not be stored, as in Delta. */
  duckdbSql: string
}

/** The CHECK constraints that a dataset's properties declare. */
export function translateChecks(
  dataset: Pick<Dataset, 'name' | 'file' | 'fileText' | 'position' | 'columns' | 'properties'>,
  dialect: SqlDialect,
  context: DialectContext,
): { checks: TranslatedCheck[]; problems: ErrorData[] } {
  const checks: TranslatedCheck[] = []
  const problems: ErrorData[] = []
  for (const [property, text] of Object.entries(dataset.properties)) {
    if (!property.startsWith(CHECK_PROPERTY)) continue
    const name = property.slice(CHECK_PROPERTY.length)
    const analyzed = dialect.analyzeExpression(text, context)
    const error = 'error' in analyzed ? analyzed.error : unknownColumn(dataset, analyzed.columnNames)
    if (error === null && !('error' in analyzed)) checks.push({ name, text, duckdbSql: analyzed.duckdbSql })
    if (error === null) continue
    const at = dataset.fileText.indexOf(property)
    const { line, column } = at < 0 ? dataset.position : new LineMap(dataset.fileText).at(at)
    const message = `${dataset.file}: the constraint ${name}: ${error.message}`
    problems.push({ ...error, message, file: dataset.file, line, column })
  }
  return { checks, problems }
}

function unknownColumn(
  { name, columns }: Pick<Dataset, 'name' | 'columns'>,
  mentioned: readonly string[],
): ErrorData | null {
  if (columns === null) return null
  const known = columns.map((column) => column.name.toLowerCase())
  const unknown = mentioned.find((column) => !known.includes(column) && column !== name.split('.').at(-1))
  if (unknown === undefined) return null
  const nearest = nearestName(unknown, known)
  return {
    code: 'sql.unknown_column',
    message: `it names ${unknown}, which is no column of ${name}`,
    remedy: nearest === null ? 'Use a declared column.' : `Did you mean ${nearest}?`,
  }
}
