import { quoteIdentifier, quoteLiteral } from '@/domain/sql/quote'
import { CHANGE_TYPE } from '@/engine/changes/change-set'

interface Column {
  name: string
  /** DuckDB type. */
  type: string
}

/** Rows before and after. Rows that are in both, whole, do not count. */
export interface Sides {
  /** The columns that are compared, by name. */
  columns: readonly Column[]
  gone: Side
  came: Side
}

interface Side {
  /** Quoted name. */
  relation: string
  /** What it has: it is NULL in the others. */
  columns: readonly Column[]
}

/** What changed from one side to the other: the columns, and what became of the row. Without a key every change is two rows. */
export function changesSql(sides: Sides, key: readonly string[]): string {
  const { columns } = sides
  const named = columns.map(({ name }, index) => `c${index} AS ${quoteIdentifier(name)}`)
  const keys = keyColumns(columns, key)
  const other = (arrives: boolean) => `count(*) FILTER (arrives = ${arrives}) OVER (PARTITION BY ${keys.join(', ')})`
  const isPaired = keys.length === 0 ? 'FALSE' : `${other(true)} = 1 AND ${other(false)} = 1`
  return `SELECT ${named.join(', ')},
      CASE WHEN paired THEN CASE WHEN arrives THEN 'update_postimage' ELSE 'update_preimage' END
        WHEN arrives THEN 'insert' ELSE 'delete' END AS ${CHANGE_TYPE}
    FROM (SELECT *, ${isPaired} AS paired FROM (${differingSql(sides)}))
    ORDER BY ${[...keys, 'arrives'].join(', ')}`
}

/** How the sides differ, a row for each key: `_difference`, the key, `changed_columns`, and `old_` and `new_` of each other column. */
export function differenceSql(sides: Sides, key: readonly string[]): string {
  const { columns } = sides
  const keys = keyColumns(columns, key)
  const isKey = new Set(keys)
  const aliased = columns.map(({ name }, index) => ({ name, alias: `c${index}` }))
  const values = aliased.filter(({ alias }) => !isKey.has(alias))
  const sideOf = ({ alias }: { alias: string }) =>
    `first(${alias}) FILTER (NOT arrives) AS old_${alias}, first(${alias}) FILTER (arrives) AS new_${alias}`
  const changed = values.map(
    ({ name, alias }) => `CASE WHEN old_${alias} IS DISTINCT FROM new_${alias} THEN ${quoteLiteral(name)} END`,
  )
  const shown = [
    "CASE WHEN came = 0 THEN 'removed' WHEN gone = 0 THEN 'added' ELSE 'changed' END AS _difference",
    ...aliased.filter(({ alias }) => isKey.has(alias)).map(({ name, alias }) => `${alias} AS ${quoteIdentifier(name)}`),
    `CASE WHEN came > 0 AND gone > 0 THEN concat_ws(', ', ${['NULL', ...changed].join(', ')}) END AS changed_columns`,
    ...values.flatMap(({ name, alias }) => [
      `old_${alias} AS ${quoteIdentifier(`old_${name}`)}`,
      `new_${alias} AS ${quoteIdentifier(`new_${name}`)}`,
    ]),
  ]
  // Keys are unique where they are enforced; where they are not, the first rows of a key are compared, the second ones, …
  const numbered = `SELECT *, row_number() OVER (PARTITION BY ${[...keys, 'arrives'].join(', ')}) AS copy FROM (${differingSql(sides)})`
  const counts = 'count(*) FILTER (arrives) AS came, count(*) FILTER (NOT arrives) AS gone'
  return `SELECT ${shown.join(', ')}
    FROM (SELECT ${[...keys, 'copy', counts, ...values.map(sideOf)].join(', ')} FROM (${numbered}) GROUP BY ${[...keys, 'copy'].join(', ')})
    ORDER BY ${keys.join(', ')}`
}

/** The rows that only one side has, as c0, c1, …, and whether it is the later one: `arrives`. */
function differingSql({ columns, gone, came }: Sides): string {
  const rows = (side: Side) => {
    const has = new Map(side.columns.map((column) => [column.name.toLowerCase(), column]))
    const select = columns.map(({ name, type }, index) => {
      const column = has.get(name.toLowerCase())
      const value = column === undefined ? 'NULL' : quoteIdentifier(column.name)
      return `${column?.type === type ? value : `CAST(${value} AS ${type})`} AS c${index}`
    })
    return `SELECT ${select.join(', ')} FROM ${side.relation}`
  }
  const without = (one: string, other: string) => `((${one}) EXCEPT ALL (${other}))`
  return `SELECT *, FALSE AS arrives FROM ${without(rows(gone), rows(came))}
    UNION ALL SELECT *, TRUE FROM ${without(rows(came), rows(gone))}`
}

function keyColumns(columns: readonly Column[], key: readonly string[]): string[] {
  const wanted = new Set(key)
  return columns.flatMap(({ name }, index) => (wanted.has(name.toLowerCase()) ? [`c${index}`] : []))
}
