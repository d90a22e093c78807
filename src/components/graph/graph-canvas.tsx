import { Loader } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import {
  Background,
  BackgroundVariant,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import '@xyflow/react/dist/style.css'
import { DatasetNode, type DatasetNodeData, type DatasetNodeType, shownName } from './dataset-node'
import classes from './graph.module.css'
import { type Direction, edgeId, type GraphLayout, layoutGraph, type Position } from './layout'
import { nodeHeight, nodeWidth } from './node-size'

export interface GraphCanvasProps {
  label: string
  nodes: DatasetNodeData[]
  /** By dataset name, data flowing from source to target. */
  edges: { source: string; target: string }[]
  selected: string | null
  onSelect: (name: string | null) => void
}

function heightOf(node: DatasetNodeData): number {
  return nodeHeight(shownName(node.name), node.heldBack !== null)
}

/** A larger graph is moved instead of made smaller still. */
const fitOptions = {
  // The controls stand below.
  padding: { top: '14px', right: '16px', bottom: '46px', left: '16px' },
  minZoom: 0.4,
  maxZoom: 1.25,
} as const
const nodeTypes = { dataset: DatasetNode }
const edgeTypes = { routed: RoutedEdge }
const pendingLayout = { positions: null, routes: null }

function RoutedEdge({ id, data }: EdgeProps) {
  return <BaseEdge id={id} path={typeof data?.path === 'string' ? data.path : ''} />
}

/** Datasets from left to right as their data flows. Loaded lazily. */
export default function GraphCanvas(props: GraphCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ label, nodes, edges, selected, onSelect }: GraphCanvasProps) {
  const narrow = useMediaQuery('(max-width: 860px)', false, { getInitialValueInEffect: false })
  const layout = useLayout(nodes, edges, narrow ? 'DOWN' : 'RIGHT')
  const { positions, routes } = layout.status === 'done' ? layout : pendingLayout
  const moved = useRef(false)
  useFit(positions, moved, selected)

  const running = useMemo(() => new Set(nodes.filter((node) => node.running).map((node) => node.name)), [nodes])
  const flowNodes = useMemo(
    () =>
      nodes.flatMap((data): DatasetNodeType[] => {
        const position = positions?.get(data.name)
        if (!position) return []
        return [
          {
            id: data.name,
            type: 'dataset',
            data,
            position,
            width: nodeWidth,
            height: heightOf(data),
            selected: data.name === selected,
            ariaLabel: `${data.name}, ${data.status}, ${data.facts.join(', ')}`,
          },
        ]
      }),
    [nodes, positions, selected],
  )
  const flowEdges = useMemo(
    () =>
      edges.map(({ source, target }): Edge => {
        const lit = selected !== null && (source === selected || target === selected)
        return {
          id: edgeId({ source, target }),
          type: 'routed',
          data: { path: routes?.get(edgeId({ source, target })) ?? '' },
          source,
          target,
          focusable: false,
          className: running.has(target) ? 'flowing' : lit ? 'lit' : '',
        }
      }),
    [edges, routes, running, selected],
  )

  if (layout.status === 'failed') return <p role="alert">The graph could not be laid out: {String(layout.reason)}</p>
  if (layout.status === 'pending')
    return <Loader size="sm" className={classes.pending ?? ''} aria-label="Laying out the graph" />
  return (
    <section className={classes.canvas} aria-label={label}>
      <ReactFlow
        nodes={flowNodes}
        edges={flowEdges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodeClick={(_, node) => onSelect(node.id)}
        onPaneClick={() => onSelect(null)}
        onNodesChange={(changes) => {
          // Enter on a focused node arrives here as a selection.
          for (const change of changes) if (change.type === 'select' && change.selected) onSelect(change.id)
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable
        fitView
        fitViewOptions={fitOptions}
        onMove={(event) => {
          // Moves of the program's own have no event; a click that moves nothing only starts and ends.
          if (event) moved.current = true
        }}
        minZoom={0.25}
        maxZoom={1.8}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
        <Controls showInteractive={false} position="bottom-right" orientation="horizontal" />
      </ReactFlow>
    </section>
  )
}

type Layout = { status: 'pending' } | ({ status: 'done' } & GraphLayout) | { status: 'failed'; reason: unknown }

/** Positions follow the graph's shape only: live figures must not move anything. */
function useLayout(nodes: DatasetNodeData[], edges: GraphCanvasProps['edges'], direction: Direction): Layout {
  const [layout, setLayout] = useState<Layout>({ status: 'pending' })
  const shape = JSON.stringify([nodes.map((node) => [node.name, node.kind, heightOf(node)]), edges])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for nodes and edges
  useEffect(() => {
    let current = true
    const settle = (next: Layout) => {
      if (current) setLayout(next)
    }
    const items = nodes.map((node) => ({
      id: node.name,
      // Side by side, all sources would make a narrow graph too wide: there each stands next to what reads it.
      layer: node.kind === 'source' && direction === 'RIGHT' ? ('first' as const) : ('any' as const),
      height: heightOf(node),
    }))
    layoutGraph(items, edges, direction).then(
      (done) => settle({ status: 'done', ...done }),
      (reason: unknown) => settle({ status: 'failed', reason }),
    )
    return () => {
      current = false
    }
  }, [shape, direction])
  return layout
}

/** Smaller than this a node's text cannot be read. */
const readableZoom = 0.5

/**
 * Fits the graph into its place again when that changes size. Once the user has moved it, only the selected node is kept in
 * view. The size is React Flow's own: an observer beside it may see a new size before React Flow does, and then fits the old one.
 */
function useFit(positions: Map<string, Position> | null, moved: RefObject<boolean>, selected: string | null) {
  const { fitView, getZoom, setCenter } = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const focus = useRef(selected)
  focus.current = selected
  // biome-ignore lint/correctness/useExhaustiveDependencies: other positions are another graph, which nobody has moved yet
  useEffect(() => {
    moved.current = false
  }, [positions, moved])
  useEffect(() => {
    if (!positions || width === 0 || height === 0) return
    const showFocus = async (zoom: number) => {
      const at = focus.current === null ? undefined : positions.get(focus.current)
      if (!at) return
      await setCenter(at.x + nodeWidth / 2, at.y + nodeHeight(shownName(focus.current ?? ''), false) / 2, { zoom })
    }
    const refit = async () => {
      if (moved.current) return showFocus(getZoom())
      await fitView(fitOptions)
      if (getZoom() < readableZoom) await showFocus(readableZoom)
    }
    void refit()
  }, [positions, moved, width, height, fitView, getZoom, setCenter])
}
