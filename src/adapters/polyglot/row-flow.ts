/**
 * How the rows of a query come from the rows of the tables it reads, so that a refresh can follow rows that changed. What is said
 * here must be true of every content of the tables; where that cannot be seen from the text, the query is looked at as a whole.
 */
import type { FlowJoin, QueryFlow } from '@/engine/ports'
import { type PlainColumn, plainColumnOf, Whole, whatIsWhole } from './flow-terms'
import { groupShape } from './group-flow'
import { isPerRow } from './latest'
import { bodyOf, isEmpty, listOf, type Node, nameOf, nodeOf, spell, unwrap } from './nodes'
import { type Relation, relationOf } from './relation-flow'
import type { Translator } from './translator'

/** Clauses whose result depends on all rows together, as people know them. */
const WHOLE = {
  distinct: 'DISTINCT',
  having: 'HAVING without GROUP BY',
  qualify: 'QUALIFY',
  windows: 'WINDOW',
  order_by: 'ORDER BY',
  limit: 'LIMIT',
  offset: 'OFFSET',
  lateral_views: 'LATERAL VIEW',
}
/** Joins that keep or repeat rows of their left side, each on its own. */
const ROW_WISE_JOINS = new Set(['Left', 'Inner', 'Cross'])

/** Reads a query that was printed by a translator with slots. */
export function queryFlow(statement: unknown, sql: string, t: Translator): QueryFlow {
  return { sql, inputs: [...t.found.slots.values()], latestPerKey: t.found.latestPerKey, shape: shapeOf(statement, t) }
}

function shapeOf(statement: unknown, t: Translator): QueryFlow['shape'] {
  try {
    const node = unwrap(statement)
    if (node.kind !== 'select') throw new Whole(spell(node.kind))
    return isEmpty(node.body.group_by) ? rowShape(node, t) : groupShape(node, relationsOf(node, t), t)
  } catch (error) {
    if (error instanceof Whole) return { kind: 'whole', reason: error.message }
    throw error
  }
}

function rowShape(node: Node, t: Translator): QueryFlow['shape'] {
  const { body } = node
  for (const [clause, name] of Object.entries(WHOLE)) if (!isEmpty(body[clause])) throw new Whole(name)
  const { driver, joins } = relationsOf(node, t)
  const conditions = [bodyOf(body.where_clause).this, ...listOf(body.joins).map((join) => bodyOf(join).on)]
  for (const value of [...listOf(body.expressions), ...conditions.filter((condition) => !isEmpty(condition))]) {
    if (!isPerRow(value)) throw new Whole(whatIsWhole(value))
  }
  const outputs = new Map<string, string>()
  let hasAll = false
  const alone = listOf(body.joins).length === 0
  const aliases = new Set<string>()
  for (const item of listOf(body.expressions)) {
    const given = nodeOf(item)
    if (given.kind === 'star') {
      const table = isEmpty(given.body.table) ? null : nameOf(given.body.table).toLowerCase()
      hasAll ||= isEmpty(given.body.except) && (table === null ? alone : table === driver.alias)
      continue
    }
    const column = plainColumnOf(given.kind === 'alias' ? given.body.this : item)
    const name = given.kind === 'alias' ? nameOf(given.body.alias).toLowerCase() : (column?.name ?? '')
    // A name without its table may be the driver's only, and none that an item before it has.
    const isDrivers =
      column !== null && (column.table === null ? alone && !aliases.has(column.name) : column.table === driver.alias)
    if (given.kind === 'alias') aliases.add(name)
    const from = column === null || !isDrivers ? null : driver.column(column.name)
    if (from !== null) outputs.set(name, from)
  }
  return {
    kind: 'rows',
    driver: driver.flow,
    joins,
    outputs: Object.fromEntries(outputs),
    passesAll: hasAll && driver.passesAll,
  }
}

/** The relation that FROM begins with, and those joined to it, each with the columns by which rows of the first find theirs. */
function relationsOf(node: Node, t: Translator): { driver: Relation; joins: FlowJoin[] } {
  const { body } = node
  const [first, ...others] = listOf(bodyOf(body.from).expressions)
  if (first === undefined || others.length > 0) throw new Whole('several relations in FROM')
  const driver = relationOf(first, body, t)
  const before = [driver]
  const joins = listOf(body.joins).map((join): FlowJoin => {
    const { kind, this: joined, on, using } = bodyOf(join)
    if (!ROW_WISE_JOINS.has(String(kind))) throw new Whole(`a ${spell(String(kind))} JOIN`)
    const relation = relationOf(joined, body, t)
    if (relation.flow.placeholder === driver.flow.placeholder) throw new Whole('a join of a table with itself')
    const equalities = isEmpty(on) ? usedColumns(using, before) : conjuncts(on).flatMap(equalColumns)
    const pairs = equalities.flatMap(([a, b]) => {
      const [mine, theirs] = a.table === relation.alias ? [a, b] : [b, a]
      if (mine.table !== relation.alias || theirs.table !== driver.alias) return []
      const [column, driverColumn] = [relation.column(mine.name), driver.column(theirs.name)]
      return column === null || driverColumn === null ? [] : [{ column, driverColumn }]
    })
    before.push(relation)
    return { relation: relation.flow, on: pairs }

    function usedColumns(names: unknown, earlier: readonly Relation[]): [PlainColumn, PlainColumn][] {
      return listOf(names).flatMap((item): [PlainColumn, PlainColumn][] => {
        const name = nameOf(item).toLowerCase()
        // The column is the driver's only when no relation between can have one of that name.
        if (!earlier.slice(1).every((other) => other.column(name) === null)) return []
        return [
          [
            { table: relation.alias, name },
            { table: driver.alias, name },
          ],
        ]
      })
    }
  })
  const placeholders = joins.map(({ relation }) => relation.placeholder)
  if (placeholders.includes(driver.flow.placeholder)) throw new Whole('a join of a table with itself')
  return { driver, joins }
}

function conjuncts(condition: unknown): unknown[] {
  const node = unwrap(condition)
  return node.kind === 'and' ? [...conjuncts(node.body.left), ...conjuncts(node.body.right)] : [condition]
}

function equalColumns(condition: unknown): [PlainColumn, PlainColumn][] {
  const { kind, body } = unwrap(condition)
  if (kind !== 'eq' && kind !== 'null_safe_eq') return []
  const [left, right] = [plainColumnOf(body.left), plainColumnOf(body.right)]
  return left === null || right === null ? [] : [[left, right]]
}
