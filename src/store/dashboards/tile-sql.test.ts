import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { decimalToString } from '@/domain/format/decimal'
import type { SqlDialect } from '@/engine/ports'
import type { QueryRows } from '@/rpc/contract'
import { createNodeDialect } from '@/testing/node-dialect'
import { openSilver, retailFolder, runModels, sampleQuery } from '@/testing/reference/run-models'
import type { ColumnTable } from './column-table'
import { definitions } from './dashboards'
import type { ChartTile, DashboardDefinition, Source, Tile } from './definition'
import { type DashboardFilter, noFilter, nullKey } from './filter'
import { figureValue, sourceTable, tileRows } from './tile-model'
import { figureSql, queryAsOf, tileSql } from './tile-sql'
import { chartTable, rowsTable } from './tile-table'

const lines = 2000
const seed = 7
const asOf = '2025-12-31'

const campaigns = `SELECT
    CAST(n AS BIGINT) AS campaign_id, DATE '2025-11-01' + CAST(d AS INTEGER) AS campaign_date,
    'Campaign ' || (n // 2) AS campaign_name, CASE n % 3 WHEN 0 THEN 'search' WHEN 1 THEN 'o''clock \\ mail' END AS channel,
    CAST(1000 + n AS BIGINT) AS impressions, CAST(100 AS BIGINT) AS clicks, CAST((n * d) % 7 AS BIGINT) AS conversions,
    CAST(n * 17.13 + d AS DECIMAL(15,2)) AS revenue_attributed, CAST(n * 11.37 AS DECIMAL(15,2)) AS cost,
    TIMESTAMP '2025-12-01' AS _updated_at
  FROM range(7) AS a(n), range(10) AS b(d)`
const events = `SELECT
    CAST(i AS BIGINT) AS event_id, TIMESTAMP '2025-12-01' + INTERVAL (i % 9) DAY AS event_timestamp,
    CAST(i * 7 % 41 AS BIGINT) AS user_id, 'view' AS event_type,
    CASE i % 4 WHEN 0 THEN 'search' WHEN 1 THEN 'wish' WHEN 2 THEN 'pay' END AS feature_flag,
    CAST(i % 83 AS VARCHAR) AS session_id, 'web' AS device_type, 'GB' AS country, TIMESTAMP '2025-12-01' AS _updated_at
  FROM range(500) AS t(i)`

let connection: DuckDBConnection
let dialect: SqlDialect
const tables = new Map<Source, ColumnTable>()

beforeAll(async () => {
  connection = await openSilver({
    orders: sampleQuery('orders', { lines, seed, first: 1, last: lines }),
    customers: sampleQuery('customers', { lines, seed }),
    products: sampleQuery('products', { lines, seed }),
    campaigns,
    user_events: events,
  })
  await runModels(connection, { asOf })
  const node = createNodeDialect()
  await node.load()
  dialect = node
  for (const { sources } of Object.values<DashboardDefinition>(definitions)) {
    for (const source of Object.values(sources)) {
      tables.set(source, sourceTable(source, await rowsOf(`SELECT * FROM dashboards.${source.query}`)))
    }
  }
}, 60_000)

async function rowsOf(sql: string): Promise<QueryRows> {
  const reader = await connection.runAndReadAll(sql)
  const types = reader.columnTypes()
  return {
    columns: reader.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
    rows: reader.getRowsJson(),
  }
}

/** What the SQL view would show for a query. */
async function answer(sql: string): Promise<QueryRows> {
  const analysis = dialect.analyzeQuery(sql, { asOf, defaultSchema: 'gold' })
  if ('error' in analysis) throw new Error(`${analysis.error.message}\n${sql}`)
  return rowsOf(analysis.duckdbSql)
}

/** Numbers without the zeros at their end, for a sum's scale is not a tile's matter. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = String(value)
  return /^-?\d+\.\d*?0*$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

function queryOf({ query }: Source): string {
  return queryAsOf(readFileSync(join(retailFolder, 'dashboards', `${query}.sql`), 'utf8'), asOf)
}

/** A value of each dimension that the dashboard is filtered by, and its rows without a value, of which there are some. */
function filterOf({ filters, sources }: DashboardDefinition): DashboardFilter {
  const values = filters.flatMap((name) => {
    const source = Object.values(sources).find(({ columns }) => columns[name] !== undefined)
    const column = source?.columns[name]
    const keys = source && column !== undefined ? (tables.get(source)?.keys(column).keys ?? []) : []
    return [[name, [...keys.filter((key) => key !== null).slice(0, 4), nullKey]] as const]
  })
  return { from: '2025-06-01', to: '2025-12-20', values: Object.fromEntries(values) }
}

function shown(tile: Tile, source: Source, filter: DashboardFilter): unknown[][] {
  const table = tables.get(source)
  if (!table) throw new Error(`no rows of ${source.query}`)
  return isChart(tile)
    ? chartTable(tile, { ...source, names: {} }, table, tileRows(tile, source, table, filter)).rows
    : rowsTable(tile, source, table, filter).rows
}

function isChart(tile: Tile): tile is ChartTile {
  return 'mark' in tile
}

describe.each(Object.entries<DashboardDefinition>(definitions))('the query of a tile of %s', (_, definition) => {
  test.each(['without a filter', 'under a filter of every kind'])(
    'gives the rows that the tile shows, %s',
    async (how) => {
      const filter = how === 'without a filter' ? noFilter : filterOf(definition)
      for (const tile of definition.tiles) {
        const source = definition.sources[tile.source]
        if (!source) throw new Error(`${tile.title} has no source`)
        const { rows } = await answer(tileSql(tile, source, queryOf(source), filter))
        const own = shown(tile, source, filter)
        expect(own.length, tile.title).toBeGreaterThan(0)
        const sorted = (list: unknown[][]) => list.map((row) => row.map(plain).join(' | ')).sort()
        expect(sorted(own), tile.title).toEqual(sorted(rows))
      }
      for (const figure of definition.figures) {
        const source = definition.sources[figure.source]
        const table = source && tables.get(source)
        if (!source || !table) throw new Error(`${figure.title} has no source`)
        const { value, latest } = figureValue(figure, source, table, filter)
        const { rows } = await answer(figureSql(figure, source, queryOf(source), filter, latest))
        const own = value === null ? null : decimalToString(value)
        expect(plain(own), figure.title).toBe(plain(rows[0]?.[0]))
      }
    },
  )
})
