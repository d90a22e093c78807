import { GoldsmithError } from '@/domain/errors'
import { unknownTable } from '@/domain/pipeline/graph'
import { LineMap } from '@/domain/pipeline/lines'
import type { Project } from '@/domain/pipeline/project'
import type { ComparisonOfTable } from '@/engine/gold/comparisons'
import type { MomentOfTable } from '@/engine/gold/moments'
import type { SqlDialect } from '@/engine/ports'
import { dialectContext } from '@/engine/project-translate'
import type { QueryRequest } from '@/rpc/contract'
import { readingStatement } from './read-only'

export interface QueryNames {
  /** Tables and views that can be queried now. */
  queryable: readonly string[]
  project: Project
}

export interface TranslatedQuery {
  /** In DuckDB's dialect. */
  sql: string
  /** Tables and views that it reads as they are. */
  tables: string[]
  /** Tables that it reads as they were. */
  moments: MomentOfTable[]
  comparisons: ComparisonOfTable[]
}

/** A user's query as DuckDB SQL, and the tables it reads. Throws `sql.*` error data with the place in the text. */
export function translateQuery(
  { sql, dialect = 'databricks' }: QueryRequest,
  databricks: SqlDialect,
  { queryable, project }: QueryNames,
  asOf: string,
): TranslatedQuery {
  const statement = readingStatement(sql, dialect)
  if (dialect === 'duckdb')
    return { sql: statement, tables: mentioned(statement, queryable), moments: [], comparisons: [] }
  const analyzed = databricks.analyzeQuery(statement, dialectContext(project, { asOf }))
  if ('error' in analyzed) throw new GoldsmithError(analyzed.error)
  const known = new Set([
    ...queryable,
    ...project.sources.map(({ name }) => name),
    ...project.datasets.map(({ name }) => name),
  ])
  for (const { name, offset } of analyzed.tables) {
    if (known.has(name)) continue
    const { line, column } = new LineMap(statement).at(offset)
    throw new GoldsmithError({ ...unknownTable(name, known, { line, column }), sql: statement })
  }
  // What runs is the translation: it is held to what a text in DuckDB's dialect is.
  return {
    sql: readingStatement(analyzed.duckdbSql, 'duckdb'),
    tables: analyzed.tables
      .filter(({ moment, comparison }) => moment === undefined && comparison === undefined)
      .map(({ name }) => name),
    moments: analyzed.tables.flatMap(({ name, moment }) => (moment === undefined ? [] : [{ name, moment }])),
    comparisons: analyzed.tables.flatMap(({ name, comparison }) =>
      comparison === undefined ? [] : [{ name, comparison }],
    ),
  }
}

/** Names whose last part occurs in the text as a word: a superset of what a DuckDB query reads. */
function mentioned(sql: string, names: readonly string[]): string[] {
  const words = new Set(sql.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [])
  return [...new Set(names)].filter((name) => words.has(name.split('.').at(-1) ?? name))
}
