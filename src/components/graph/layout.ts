import ELK, { type ElkEdgeSection, type ELK as ElkLayout, type ElkNode } from 'elkjs/lib/elk-api'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { nodeWidth } from './node-size'

/** Where the data flows to: down where the place is narrow. */
export type Direction = 'RIGHT' | 'DOWN'

export interface Position {
  x: number
  y: number
}

export interface GraphLayout {
  positions: Map<string, Position>
  /** SVG path of each edge, by `edgeId`, around the nodes in between. */
  routes: Map<string, string>
}

/** Started with this module, so that the first graph does not wait for its worker. */
const elk: ElkLayout = new ELK({ workerFactory: () => new Worker(workerUrl) })

export function edgeId({ source, target }: { source: string; target: string }): string {
  return `${source}→${target}`
}

/** Layers in the direction of the data, computed in a worker so that the page stays responsive. */
export async function layoutGraph(
  nodes: { id: string; layer: 'first' | 'any'; height: number }[],
  edges: { source: string; target: string }[],
  direction: Direction,
): Promise<GraphLayout> {
  const root: ElkNode = await elk.layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.edgeRouting': 'SPLINES',
      'elk.spacing.nodeNode': '16',
      'elk.layered.spacing.nodeNodeBetweenLayers': '30',
      'elk.layered.spacing.edgeNodeBetweenLayers': '14',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.separateConnectedComponents': 'false',
    },
    children: nodes.map(({ id, layer, height }) => ({
      id,
      width: nodeWidth,
      height,
      ...(layer === 'first' ? { layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' } } : {}),
    })),
    edges: edges.map((edge) => ({ id: edgeId(edge), sources: [edge.source], targets: [edge.target] })),
  })
  return {
    positions: new Map((root.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    routes: new Map((root.edges ?? []).map(({ id, sections }) => [id, (sections ?? []).map(splinePath).join(' ')])),
  }
}

/** ELK gives a spline's control points as bend points: two between any two points of the curve. */
function splinePath({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection): string {
  const points = [...bendPoints, endPoint]
  const text = ({ x, y }: Position) => `${x},${y}`
  if (points.length % 3 !== 0) return `M${text(startPoint)} L${points.map(text).join(' L')}`
  const curves: string[] = []
  for (let i = 0; i < points.length; i += 3)
    curves.push(
      `C${points
        .slice(i, i + 3)
        .map(text)
        .join(' ')}`,
    )
  return `M${text(startPoint)} ${curves.join(' ')}`
}
