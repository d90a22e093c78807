import { type ColumnUse, distinctUses, throughBoth, type Usage, usedAs } from '@/domain/lineage/column-use'
import { AGGREGATES } from './aggregates'
import { columnParts } from './expressions'
import { allInputs, type Reader, resolve, type Scope } from './lineage-scope'
import { type Body, bodyOf, findOffset, isEmpty, listOf, type Node, nameOf } from './nodes'

const QUERIES = new Set(['select', 'union', 'intersect', 'except', 'subquery'])
/** Functions of which one argument chooses among the others. */
const CHOOSING: Record<string, string> = { if_func: 'condition', nvl2: 'this' }
/** Kinds of nodes that are aggregates and not called like one. */
const AGGREGATE_KINDS = new Set(['aggregate_function', 'logical_and', 'logical_or'])

/** The uses in any part of the syntax tree: every column in it is found, whatever the functions around it. */
export function expressionUses(value: unknown, scope: Scope, reader: Reader): ColumnUse[] {
  const walk = new Walk(scope, reader)
  walk.into(value, 'IDENTITY')
  return distinctUses(walk.uses)
}

class Walk {
  readonly uses: ColumnUse[] = []

  constructor(
    private readonly scope: Scope,
    private readonly reader: Reader,
  ) {}

  /** `usage` is how what stands around the value uses it. */
  into(value: unknown, usage: Usage): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const item of value) this.into(item, usage)
      return
    }
    for (const [kind, body] of Object.entries(value)) {
      if (typeof body === 'object' && body !== null && kind !== 'span') this.node({ kind, body: bodyOf(body) }, usage)
    }
  }

  /** A field of a node looks like a node; only kinds that no field is called are treated specially. */
  private node(node: Node, usage: Usage): void {
    const { kind, body } = node
    const chosenBy = Object.hasOwn(CHOOSING, kind) ? CHOOSING[kind] : undefined
    if (kind === 'column' || kind === 'dot') this.column(node, usage)
    else if (kind === 'paren') this.into(body.this, usage)
    else if (kind === 'window_function') this.window(body, usage)
    else if (kind === 'case') this.choice(body, usage)
    else if (kind === 'exists') this.query(body.this, throughBoth(usage, 'CONDITIONAL'))
    else if (QUERIES.has(kind)) this.query({ [kind]: body }, throughBoth(usage, 'TRANSFORMATION'))
    else if (chosenBy !== undefined) {
      const { [chosenBy]: condition, ...values } = body
      this.into(values, throughBoth(usage, 'TRANSFORMATION'))
      this.into(condition, throughBoth(usage, 'CONDITIONAL'))
    } else this.call(node, usage)
  }

  private column(node: Node, usage: Usage): void {
    const { scope, reader } = this
    const column = resolve(columnParts(node), scope, reader.offset(findOffset(node.body)))
    this.uses.push(...usedAs(usage, column?.inputs ?? []))
  }

  private call({ kind, body }: Node, usage: Usage): void {
    const name = kind === 'function' && !isEmpty(body.name) ? nameOf(body.name).toLowerCase() : kind
    const isAggregate = Object.hasOwn(AGGREGATES, name) || AGGREGATE_KINDS.has(kind)
    const { filter, ...operands } = body
    this.into(operands, throughBoth(usage, isAggregate ? 'AGGREGATION' : 'TRANSFORMATION'))
    this.into(filter, throughBoth(usage, 'FILTER'))
  }

  private window(body: Body, usage: Usage): void {
    const over = bodyOf(body.over)
    const spec = isEmpty(over.window_name) ? over : this.scope.windows.get(nameOf(over.window_name).toLowerCase())
    const { partition_by: partition, order_by: order } = bodyOf(spec)
    this.into(body.this, throughBoth(usage, 'TRANSFORMATION'))
    this.into([partition, order], throughBoth(usage, 'WINDOW'))
  }

  private choice(body: Body, usage: Usage): void {
    const whens = listOf(body.whens).map(listOf)
    this.into([...whens.map(([, result]) => result), body.else_], throughBoth(usage, 'TRANSFORMATION'))
    this.into([body.operand, ...whens.map(([condition]) => condition)], throughBoth(usage, 'CONDITIONAL'))
  }

  private query(query: unknown, usage: Usage): void {
    const { columns, rowInputs } = this.reader.query(query, this.scope)
    this.uses.push(...usedAs(usage, [...allInputs(columns), ...rowInputs]))
  }
}
