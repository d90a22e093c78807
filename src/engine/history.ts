import type { TableVersion } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import { nearestName } from '@/domain/pipeline/nearest'
import type { Project } from '@/domain/pipeline/project'
import type { Catalog } from './catalog'
import type { DeltaTables } from './delta/delta-table'
import { GoldStore } from './gold/gold-store'
import { quarantineName } from './run/commit-dataset'

export interface HistoryContext {
  project: Project
  catalog: Pick<Catalog, 'names'>
  deltaTables: Pick<DeltaTables, 'history'>
}

/**
 * The versions of a Gold table, newest first: none for a dataset that was not built yet, or a quarantine that nothing has
 * gone into. Throws `catalog.no_versions` for what never has any, `catalog.unknown_table` for a name that nothing has.
 */
export async function tableHistory(
  { project, catalog, deltaTables }: HistoryContext,
  table: string,
): Promise<TableVersion[]> {
  const name = table.toLowerCase()
  const isView = project.datasets.some((dataset) => dataset.name === name && dataset.kind === 'view')
  if (isView) throw noVersions(`${name} is a view: it is computed when it is read.`)
  const isSilver = project.sources.some((source) => source.name === name)
  if (isSilver) throw noVersions(`${name} is a Silver table: it holds the files that were loaded last.`)
  const stored = project.datasets
    .filter(({ kind }) => kind !== 'view')
    .flatMap(({ name: dataset }) => [dataset, quarantineName(dataset)])
  const known = new Set([...stored, ...catalog.names()])
  if (!known.has(name)) throw unknownTable(table, known)
  return deltaTables.history(GoldStore.path(name))
}

function noVersions(why: string): GoldsmithError {
  return new GoldsmithError({
    code: 'catalog.no_versions',
    message: `${why} It has no versions.`,
    remedy: 'Ask for the history of a Gold table.',
  })
}

function unknownTable(table: string, known: Iterable<string>): GoldsmithError {
  const nearest = nearestName(table, known)
  return new GoldsmithError({
    code: 'catalog.unknown_table',
    message: `There is no table ${table.slice(0, 120)}.`,
    remedy: nearest === null ? 'tables() lists the tables that there are.' : `Did you mean ${nearest}?`,
  })
}
