import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { Fragment } from 'react'
import { domainColor, splitName } from '@/components/domain-color'
import { type DatasetKind, KindIcon, kindLabel } from '@/components/kind-icon'
import { type DotTone, StatusDot } from '@/components/status-dot'
import classes from './graph.module.css'
import { nameWords } from './node-size'

export interface DatasetNodeData extends Record<string, unknown> {
  name: string
  kind: DatasetKind
  tone: DotTone
  /** The state in a word or two. */
  status: string
  /** "397,880 rows", "2.4 s" and the like. */
  facts: string[]
  /** On the rows that quality rules keep out; null when no rule does. */
  heldBack: { text: string; some: boolean } | null
  running: boolean
}

/** The name as a node shows it: the colour tells the schema, and only Silver tables carry it in words. */
export function shownName(name: string): string {
  const [schema, table] = splitName(name)
  return schema === 'silver' ? name : table
}

export type DatasetNodeType = Node<DatasetNodeData, 'dataset'>

export function DatasetNode({ data, selected }: NodeProps<DatasetNodeType>) {
  const [schema] = splitName(data.name)
  return (
    <div
      className={`${classes.node} ${selected ? classes.selected : ''} ${data.running ? classes.running : ''}`}
      style={{ borderLeftColor: domainColor(schema) }}
      title={`${data.name} · ${kindLabel(data.kind)} · ${data.status}`}
    >
      <Handle type="target" position={Position.Left} className={classes.handle ?? ''} isConnectable={false} />
      <div className={classes.nodeName}>
        <StatusDot tone={data.tone} label={data.status} />
        <span className={classes.nodeText}>
          {nameWords(shownName(data.name)).map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of one name never change places
            <Fragment key={index}>
              {word}
              <wbr />
            </Fragment>
          ))}
        </span>
      </div>
      <div className={`${classes.nodeFacts} truncate`}>
        <span className={classes.nodeKind}>
          <KindIcon kind={data.kind} size={12} />
        </span>
        {data.facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </div>
      {data.heldBack && (
        <div className={`${classes.nodeFacts} ${classes.nodeHeld} ${data.heldBack.some ? classes.heldBack : ''}`}>
          {data.heldBack.text}
        </div>
      )}
      <Handle type="source" position={Position.Right} className={classes.handle ?? ''} isConnectable={false} />
    </div>
  )
}
