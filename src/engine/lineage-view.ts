import type { UpdateReport } from '@/domain/automation'
import { type DatasetLineage, LineageGraph } from '@/domain/lineage/graph'
import { openLineageEvents } from '@/domain/lineage/open-lineage'
import { contractChanges, contractColumns, type PromisedColumn } from '@/domain/pipeline/contracts'
import type { Dataset, Project } from '@/domain/pipeline/project'
import type { LineageView } from '@/rpc/contract'
import type { GoldTable } from './gold/gold-store'
import type { Clock, SqlDialect } from './ports'

export interface LineageContext {
  project: Project
  dialect: SqlDialect
  committed: ReadonlyMap<string, GoldTable>
}

/** The lineage of the project's datasets, and how their contracts differ from those of their committed versions. */
export function lineageView({ project, dialect, committed }: LineageContext): LineageView {
  const graph = new LineageGraph(project.lineage)
  const datasets = new Map(project.datasets.map((dataset) => [dataset.name, dataset]))
  return {
    datasets: project.lineage.map((lineage) => ({
      name: lineage.name,
      columns: lineage.columns.map((column) => ({
        ...column,
        sources: graph.columnSources(lineage.name, column.name),
      })),
      rowInputs: lineage.rowInputs,
      rowSources: graph.rowSources(lineage.name),
      ...contractOf(datasets.get(lineage.name), committed.get(lineage.name), dialect),
    })),
  }
}

function contractOf(
  dataset: Dataset | undefined,
  committed: GoldTable | undefined,
  dialect: SqlDialect,
): Pick<LineageView['datasets'][number], 'contract' | 'contractChanges'> {
  const contract = contractColumns(dataset?.properties ?? {})
  const columns = dataset && definedColumns(dataset, dialect)
  if (!committed || !columns) return { contract, contractChanges: [] }
  const before = { columns: committed.columns, contract: contractColumns(committed.snapshot.metaData.configuration) }
  return { contract, contractChanges: contractChanges(before, { columns, contract }) }
}

/** Null where a type is not declared, or not known: then there is nothing to compare. */
function definedColumns(dataset: Dataset, dialect: SqlDialect): PromisedColumn[] | null {
  const columns = (dataset.columns ?? []).flatMap(({ name, type, notNull }) => {
    const known = type === '' ? null : dialect.dataType(type)
    return typeof known === 'string' ? [{ name, type: known, nullable: !notNull }] : []
  })
  return dataset.columns !== null && columns.length === dataset.columns.length ? columns : null
}

export interface OpenLineageContext {
  project: Project
  lastUpdate: UpdateReport | null
  version: string
  clock: Clock
}

/** The project's lineage and its last update as OpenLineage events. */
export function openLineage({ project, lastUpdate, version, clock }: OpenLineageContext): unknown[] {
  const datasets = new Map(project.datasets.map((dataset) => [dataset.name, dataset]))
  return openLineageEvents({
    project: project.name,
    producer: `urn:goldsmith:${encodeURIComponent(version)}`,
    now: new Date(clock.now()),
    datasets: project.lineage.map((lineage) => ({ lineage, columns: described(lineage, datasets.get(lineage.name)) })),
    run: lastUpdate && {
      id: lastUpdate.updateId,
      status: lastUpdate.status,
      startedAt: new Date(lastUpdate.startedAt),
      endedAt: new Date(Date.parse(lastUpdate.startedAt) + lastUpdate.durationMs),
      outputs: lastUpdate.datasets.filter(({ status }) => status === 'completed').map(({ name }) => name),
    },
  })
}

function described(lineage: DatasetLineage, dataset: Dataset | undefined) {
  const declared = new Map((dataset?.columns ?? []).map((column) => [column.name, column]))
  return lineage.columns.map(({ name }) => {
    const { type = '', comment = null } = declared.get(name) ?? {}
    return { name, type: type === '' ? null : type, comment }
  })
}
