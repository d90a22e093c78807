/** Lineage as events of OpenLineage (openlineage.io/spec/2-0-2), which catalogs such as Marquez and DataHub read. */
import { type ColumnUse, isDirect } from './column-use'
import type { ColumnLineage, DatasetLineage } from './graph'

const SPEC = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs'
const FACETS = 'https://openlineage.io/spec/facets'

export interface DescribedDataset {
  lineage: DatasetLineage
  columns: { name: string; type: string | null; comment: string | null }[]
}

export interface FinishedRun {
  /** UUID. */
  id: string
  status: 'completed' | 'failed' | 'canceled'
  startedAt: Date
  endedAt: Date
  /** Names of the datasets that it brought up to date. */
  outputs: string[]
}

export interface OpenLineageOptions {
  project: string
  /** A URI that names the producing software and its version. */
  producer: string
  now: Date
  datasets: readonly DescribedDataset[]
  run: FinishedRun | null
}

/** A DatasetEvent for each dataset as the project defines it, and the events of the run. Plain data, ready for JSON. */
export function openLineageEvents(options: OpenLineageOptions): Record<string, unknown>[] {
  const defined = options.datasets.map((dataset) => ({
    eventTime: options.now.toISOString(),
    producer: options.producer,
    schemaURL: `${SPEC}/DatasetEvent`,
    dataset: described(dataset, options),
  }))
  return [...defined, ...runEvents(options)]
}

const ENDS = { completed: 'COMPLETE', failed: 'FAIL', canceled: 'ABORT' }

function runEvents(options: OpenLineageOptions): Record<string, unknown>[] {
  const { run, producer, project } = options
  if (run === null) return []
  const outputs = options.datasets.filter(({ lineage }) => run.outputs.includes(lineage.name))
  const made = new Set(outputs.map(({ lineage }) => lineage.name))
  const read = new Set(outputs.flatMap(({ lineage }) => usesOf(lineage).map(({ table }) => table)))
  const namespace = namespaceOf(project)
  const common = {
    producer,
    schemaURL: `${SPEC}/RunEvent`,
    run: { runId: run.id },
    job: { namespace, name: project },
    inputs: [...read].filter((name) => !made.has(name)).map((name) => ({ namespace, name })),
  }
  return [
    { eventTime: run.startedAt.toISOString(), eventType: 'START', ...common, outputs: [] },
    {
      eventTime: run.endedAt.toISOString(),
      eventType: ENDS[run.status],
      ...common,
      outputs: outputs.map((dataset) => described(dataset, options)),
    },
  ]
}

function namespaceOf(project: string): string {
  return `goldsmith://${encodeURIComponent(project)}`
}

function usesOf({ columns, rowInputs }: DatasetLineage): ColumnUse[] {
  return [...columns.flatMap(({ inputs }) => inputs), ...rowInputs]
}

function described({ lineage, columns }: DescribedDataset, { project, producer }: OpenLineageOptions) {
  const namespace = namespaceOf(project)
  const facet = (name: string, version: string) => ({
    _producer: producer,
    _schemaURL: `${FACETS}/${version}/${name}.json#/$defs/${name}`,
  })
  return {
    namespace,
    name: lineage.name,
    facets: {
      schema: {
        ...facet('SchemaDatasetFacet', '1-1-1'),
        fields: columns.map(({ name, type, comment }) => ({
          name,
          ...(type === null ? {} : { type }),
          ...(comment === null ? {} : { description: comment }),
        })),
      },
      columnLineage: {
        ...facet('ColumnLineageDatasetFacet', '1-2-0'),
        fields: Object.fromEntries(
          lineage.columns.map((column) => [
            column.name,
            { inputFields: inputFields(column.inputs, namespace, column) },
          ]),
        ),
        dataset: inputFields(lineage.rowInputs, namespace, null),
      },
    },
  }
}

/** One entry a column used, with all the ways in which it is. Columns that are not known by name have no place in it. */
function inputFields(uses: readonly ColumnUse[], namespace: string, column: ColumnLineage | null) {
  const named = uses.filter((use) => use.column !== '*')
  const fields = new Map(named.map((use) => [JSON.stringify([use.table, use.column]), use]))
  return [...fields.values()].map(({ table, column: field }) => ({
    namespace,
    name: table,
    field,
    transformations: named
      .filter((use) => use.table === table && use.column === field)
      .map(({ usage }) => ({
        type: isDirect(usage) ? 'DIRECT' : 'INDIRECT',
        subtype: usage,
        description: column?.expression ?? '',
        masking: false,
      })),
  }))
}
