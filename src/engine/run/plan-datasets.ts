import type { RunOptions } from '@/domain/automation'
import type { Dataset } from '@/domain/pipeline/project'
import { type Decision, planUpdate } from '@/domain/update/plan'
import { optionalInputs } from '@/engine/pipeline-state'
import type { TranslatedDataset } from '@/engine/project-translate'
import { quarantineName } from './commit-dataset'
import { definitionDigest } from './definition'
import type { IncrementalRun } from './incremental/incremental-run'
import { selectionOf } from './run-options'
import { isBehindState } from './streaming/stream-state'
import type { UpdateContext } from './update-context'

/** Decides what an update does with each dataset, from the tables as they are now. */
export async function planDatasets(
  context: UpdateContext,
  options: Omit<RunOptions, 'signal'>,
  translated: ReadonlyMap<string, TranslatedDataset>,
  incremental: IncrementalRun,
  updateId: string,
): Promise<Map<string, Decision>> {
  const { project, gold, silver } = context
  const { names, fullRefresh } = selectionOf(project, options)
  const planned = await Promise.all(
    project.datasets.map(async (dataset) => ({
      name: dataset.name,
      kind: dataset.kind,
      inputs: dataset.inputs,
      optionalInputs: optionalInputs(dataset),
      definition: await definitionDigest(dataset, translated.get(dataset.name)),
      ...incremental.planned(dataset, translated.get(dataset.name)),
    })),
  )
  const dropping = new Set(project.datasets.filter(canDrop).map(({ name }) => name))
  const streaming = new Set(project.datasets.filter(({ kind }) => kind === 'streaming_table').map(({ name }) => name))
  const built = [...gold.tables.values()].map(({ name, snapshot, metadata }) => {
    const quarantine = gold.tables.get(quarantineName(name))
    const isTorn = dropping.has(name) && quarantine?.metadata?.updateId !== metadata?.updateId
    const isBehind = streaming.has(name) && isBehindState(gold, name)
    return [name, metadata && { ...metadata, version: snapshot.version, isTorn, isBehind }] as const
  })
  return planUpdate(planned, {
    updateId,
    sources: new Map([...silver.tables.values()].map(({ name, fingerprint }) => [name, fingerprint])),
    declaredSources: new Set(project.sources.map(({ name }) => name)),
    built: new Map(built),
    selected: names,
    fullRefresh,
    knowsChanges: (source, since) => silver.knowsChanges(source, since),
  })
}

function canDrop({ kind, expectations }: Dataset): boolean {
  return kind !== 'view' && expectations.some(({ action }) => action === 'drop')
}
