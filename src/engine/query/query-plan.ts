import type { Lakehouse } from '@/engine/lakehouse'
import type { PlanNode } from '@/rpc/contract'

const ESTIMATE = 'Estimated Cardinality'

/** The plan of a DuckDB query, from its EXPLAIN. */
export async function queryPlan(lakehouse: Lakehouse, sql: string): Promise<PlanNode[]> {
  const rows = await lakehouse.rows(`EXPLAIN (FORMAT json) ${sql}`)
  return readPlan(String(rows.find(([key]) => key === 'physical_plan')?.[1] ?? '[]'))
}

/** A plan as DuckDB writes it with FORMAT json. */
export function readPlan(json: string): PlanNode[] {
  const parsed: unknown = JSON.parse(json)
  return Array.isArray(parsed) ? parsed.map(readNode).flatMap(withoutPacking) : []
}

function readNode(node: unknown): PlanNode {
  const { name, children, extra_info: extra } = isRecord(node) ? node : {}
  const details = isRecord(extra) ? Object.entries(extra) : []
  const estimate = Number(details.find(([key]) => key === ESTIMATE)?.[1] ?? Number.NaN)
  return {
    name: String(name ?? '')
      .trim()
      .replaceAll('_', ' '),
    details: details.flatMap(([key, value]): PlanNode['details'] => {
      const texts = (Array.isArray(value) ? value : [value]).map(String).filter((text) => text !== '')
      return key === ESTIMATE || texts.length === 0 ? [] : [[key, texts]]
    }),
    estimatedRows: Number.isFinite(estimate) ? estimate : null,
    children: Array.isArray(children) ? children.map(readNode) : [],
  }
}

/** Steps in which DuckDB only packs values for the next one tell a reader nothing. */
function withoutPacking(node: PlanNode): PlanNode[] {
  const children = node.children.flatMap(withoutPacking)
  const isPacking = node.details.some(([, texts]) => texts.some((text) => /^__internal_(de)?compress/.test(text)))
  return isPacking && children.length > 0 ? children : [{ ...node, children }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
