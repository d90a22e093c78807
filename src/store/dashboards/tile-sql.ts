import { quoteSparkIdentifier, quoteSparkLiteral } from '@/domain/sql/quote'
import {
  type ChartTile,
  comparedDimensions,
  type DimensionName,
  type Figure,
  groupDimensions,
  type Measure,
  type Source,
  type Tile,
} from './definition'
import { conditionSql, expressionSql } from './expression'
import { type DashboardFilter, nullKey } from './filter'
import { columnOf } from './tile-model'

/** A pipeline's query with its business date filled in, as one statement. */
export function queryAsOf(sql: string, asOf: string): string {
  return sql.replaceAll(/:as_of\b/g, `DATE ${quoteSparkLiteral(asOf)}`).replace(/;\s*$/, '')
}

/** The rows of a tile as a query in Databricks SQL; `query` is the source's, with its business date. */
export function tileSql(tile: Tile, source: Source, query: string, filter: DashboardFilter): string {
  if (!('mark' in tile)) {
    const columns = tile.columns.map(quoteSparkIdentifier).join(', ')
    return `${from(source, query, `SELECT ${columns}`)}${where(conditions(source, filter, []))}`
  }
  const by = groupDimensions(tile.mark).map((dimension) => quoteSparkIdentifier(columnOf(source, dimension)))
  const measures = tile.measures.map(measureSql)
  const order = tile.mark.kind === 'bars' ? `${by.length + 1} DESC` : by.map((_, place) => place + 1).join(', ')
  const kept = [...conditions(source, filter, comparedDimensions(tile.mark)), ...left(tile, source)]
  return `${from(source, query, `SELECT ${[...by, ...measures].join(', ')}`)}${where(kept)}
GROUP BY ${by.join(', ')}
ORDER BY ${order}`
}

/** A figure as a query in Databricks SQL. */
export function figureSql(
  figure: Figure,
  source: Source,
  query: string,
  filter: DashboardFilter,
  latest: string | null,
): string {
  const last =
    figure.latest && latest !== null
      ? [`${quoteSparkIdentifier(columnOf(source, figure.latest))} = DATE ${quoteSparkLiteral(latest)}`]
      : []
  const kept = [...conditions(source, filter, []), ...last]
  return `${from(source, query, `SELECT ${measureSql(figure.measure)}`)}${where(kept)}`
}

function from({ distinct, where: chosen }: Source, query: string, select: string): string {
  const steps = [`WITH dashboard AS (\n${query}\n)`]
  if (distinct || chosen) {
    const columns = distinct ? `DISTINCT ${distinct.map(quoteSparkIdentifier).join(', ')}` : '*'
    const condition = chosen ? ` WHERE ${conditionSql(chosen)}` : ''
    steps.push(`rows_of_it AS (SELECT ${columns} FROM dashboard${condition})`)
  }
  return `${steps.join(',\n')}\n${select}\nFROM ${steps.length > 1 ? 'rows_of_it' : 'dashboard'}`
}

function measureSql({ name, expression }: Measure): string {
  return `${expressionSql(expression)} AS ${quoteSparkIdentifier(name)}`
}

function where(kept: string[]): string {
  return kept.length === 0 ? '' : `\nWHERE ${kept.join('\n  AND ')}`
}

function left({ without }: ChartTile, source: Source): string[] {
  if (!without) return []
  return [`${quoteSparkIdentifier(columnOf(source, without.dimension))} <> ${quoteSparkLiteral(without.key)}`]
}

function conditions(source: Source, filter: DashboardFilter, except: readonly DimensionName[]): string[] {
  const exempt: readonly string[] = except
  const chosen = Object.entries(filter.values).flatMap(([name, values]) => {
    const column = Object.entries(source.columns).find(([dimension]) => dimension === name)?.[1]
    return column === undefined || exempt.includes(name) ? [] : [oneOf(quoteSparkIdentifier(column), values)]
  })
  const date = source.date ? quoteSparkIdentifier(columnOf(source, source.date)) : null
  return [
    ...chosen,
    ...(date !== null && filter.from !== null ? [`${date} >= DATE ${quoteSparkLiteral(filter.from)}`] : []),
    ...(date !== null && filter.to !== null ? [`${date} <= DATE ${quoteSparkLiteral(filter.to)}`] : []),
  ]
}

function oneOf(column: string, values: string[]): string {
  const texts = values.filter((value) => value !== nullKey).map(quoteSparkLiteral)
  const alternatives = [
    ...(texts.length > 0 ? [`CAST(${column} AS STRING) IN (${texts.join(', ')})`] : []),
    ...(values.includes(nullKey) ? [`${column} IS NULL`] : []),
  ]
  return alternatives.length > 1 ? `(${alternatives.join(' OR ')})` : alternatives.join('')
}
