/** The graph of datasets: an edge from each input to the dataset that reads it. Names are lower-case `schema.table`. */
import type { ErrorData } from '@/domain/automation'
import { nearestName } from './nearest'
import type { SourcePosition } from './project'

/** What the graph needs to know of a dataset. */
export interface GraphNode {
  name: string
  file: string
  position: SourcePosition
  /** Datasets and sources. */
  inputs: string[]
}

/** The nodes, each after its inputs; among those that are free, in the given order. Nodes on a cycle come last, in the given order. */
export function topologicalOrder<T extends GraphNode>(nodes: readonly T[]): T[] {
  const known = new Set(nodes.map((node) => node.name))
  const placed = new Set<string>()
  const order: T[] = []
  let rest = [...nodes]
  while (rest.length > 0) {
    const ready = rest.filter((node) => node.inputs.every((input) => !known.has(input) || placed.has(input)))
    if (ready.length === 0) return [...order, ...rest]
    for (const node of ready) placed.add(node.name)
    order.push(...ready)
    rest = rest.filter((node) => !placed.has(node.name))
  }
  return order
}

/** Every elementary knot once: for each set of datasets that reach each other, one cycle as names, the first repeated at the end. */
export function findCycles(nodes: readonly GraphNode[]): string[][] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const done = new Set<string>()
  const cycles: string[][] = []
  const visit = (name: string, path: string[]): boolean => {
    const node = byName.get(name)
    if (!node || done.has(name)) return false
    const start = path.indexOf(name)
    if (start >= 0) {
      cycles.push([...path.slice(start), name])
      return true
    }
    for (const input of node.inputs) {
      if (visit(input, [...path, name])) {
        done.add(name)
        return true
      }
    }
    done.add(name)
    return false
  }
  for (const node of nodes) visit(node.name, [])
  // Walked from a dataset to its inputs; shown in the direction of the data.
  return cycles.map((cycle) => cycle.reverse())
}

/** One error for each cycle, at the first dataset of it. */
export function cycleProblems(nodes: readonly GraphNode[]): ErrorData[] {
  return findCycles(nodes).map((cycle) => {
    const node = nodes.find((candidate) => candidate.name === cycle[0])
    return {
      code: 'pipeline.cycle',
      message: `Datasets that need each other: ${cycle.join(' → ')}`,
      remedy: 'Take one of these inputs out of its query.',
      ...place(node),
    }
  })
}

/** An error for each dataset whose name another one, or a source, has already. */
export function duplicateProblems(
  nodes: readonly GraphNode[],
  sources: readonly { name: string; file: string }[],
): ErrorData[] {
  const first = new Map(sources.map((source) => [source.name, source.file]))
  const problems: ErrorData[] = []
  for (const node of nodes) {
    const file = first.get(node.name)
    if (file === undefined) first.set(node.name, node.file)
    else {
      problems.push({
        code: 'pipeline.duplicate_dataset',
        message: `${node.name} is already defined in ${file}`,
        remedy: 'Rename one of the two.',
        ...place(node),
      })
    }
  }
  return problems
}

/** The error for a table that is neither dataset nor source; the nearest known name is suggested. */
export function unknownTable(
  name: string,
  known: Iterable<string>,
  at: Pick<ErrorData, 'file' | 'line' | 'column'>,
): ErrorData {
  const nearest = nearestName(name, known)
  return {
    code: 'sql.unknown_table',
    message: `Unknown table ${name}`,
    remedy: nearest === null ? 'Define it in the pipeline, or declare it in sources/.' : `Did you mean ${nearest}?`,
    ...at,
  }
}

/** The names and all they need, directly or not. */
export function upstream(nodes: readonly GraphNode[], names: Iterable<string>): Set<string> {
  const inputs = new Map(nodes.map((node) => [node.name, node.inputs]))
  return closure(names, (name) => inputs.get(name) ?? [])
}

/** The names and all that needs them, directly or not. */
export function downstream(nodes: readonly GraphNode[], names: Iterable<string>): Set<string> {
  const readers = new Map<string, string[]>()
  for (const node of nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node.name])
  return closure(names, (name) => readers.get(name) ?? [])
}

function closure(names: Iterable<string>, next: (name: string) => string[]): Set<string> {
  const found = new Set(names)
  for (const name of found) for (const other of next(name)) found.add(other)
  return found
}

/**
 * The datasets that a selection means: `name`, `+name` with all upstream, `name+` with all downstream, `+name+` with both.
 * A name without schema means the default one. Unknown names are problems.
 */
export function selectDatasets(
  nodes: readonly GraphNode[],
  selection: readonly string[],
  defaultSchema: string,
): { names: Set<string>; problems: ErrorData[] } {
  const known = new Set(nodes.map((node) => node.name))
  const names = new Set<string>()
  const problems: ErrorData[] = []
  for (const term of selection) {
    const [, before, bare = '', after] = /^(\+?)(.*?)(\+?)$/s.exec(term.trim()) ?? []
    const name = (bare.includes('.') ? bare : `${defaultSchema}.${bare}`).toLowerCase()
    if (!known.has(name)) {
      const nearest = nearestName(name, known)
      problems.push({
        code: 'pipeline.unknown_dataset',
        message: `Unknown dataset ${bare}`,
        remedy: nearest === null ? 'Select a dataset of the pipeline.' : `Did you mean ${nearest}?`,
      })
      continue
    }
    names.add(name)
    if (before === '+') for (const other of upstream(nodes, [name])) if (known.has(other)) names.add(other)
    if (after === '+') for (const other of downstream(nodes, [name])) names.add(other)
  }
  return { names, problems }
}

function place(node: GraphNode | undefined): Pick<ErrorData, 'file' | 'line' | 'column'> {
  return node ? { file: node.file, line: node.position.line, column: node.position.column } : {}
}
