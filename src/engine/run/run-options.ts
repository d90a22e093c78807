import type { ErrorData, RunOptions } from '@/domain/automation'
import { valueProblems } from '@/domain/pipeline/configuration'
import { selectDatasets, upstream } from '@/domain/pipeline/graph'
import type { Project } from '@/domain/pipeline/project'

/** What a run's options mean for a project. */
export interface Selection {
  /** Datasets that the update covers. */
  names: Set<string>
  /** Those among them that are to be rebuilt whatever their state. */
  fullRefresh: Set<string>
}

/** Everything that forbids to start: problems of the project and of the options, all of them. */
export function problemsOf(project: Project, options: Omit<RunOptions, 'signal'>, asOf: string): ErrorData[] {
  const terms = [options.select, options.refresh, fullRefreshTerms(options)]
  const selected = terms.map((list) => selectDatasets(project.datasets, list ?? [], project.defaultSchema))
  const unknown = Object.keys(options.configuration ?? {}).filter((name) => !Object.hasOwn(project.configuration, name))
  return [
    ...(isDate(asOf) ? [] : [badDate(asOf)]),
    ...project.problems,
    ...selected.flatMap(({ problems }) => problems),
    ...unknown.map((name) => unknownConfiguration(name, project)),
    ...valueProblems(project.datasets, options.configuration ?? {}),
  ]
}

/** The datasets that the options ask for; all when they name none. */
export function selectionOf(project: Project, options: Omit<RunOptions, 'signal'>): Selection {
  const all = new Set(project.datasets.map(({ name }) => name))
  const named = (terms: readonly string[]) => selectDatasets(project.datasets, terms, project.defaultSchema).names
  const fullTerms = fullRefreshTerms(options)
  const fullRefresh = options.fullRefresh === 'all' ? all : named(fullTerms ?? [])
  const lists = [options.select, options.refresh, fullTerms].filter((terms) => terms !== undefined)
  if (lists.length === 0) return { names: all, fullRefresh }
  const names = named(lists.flat())
  // A selected dataset cannot be built without its views, which cost nothing.
  for (const name of upstream(project.datasets, names)) {
    if (project.datasets.some((dataset) => dataset.name === name && dataset.kind === 'view')) names.add(name)
  }
  return { names, fullRefresh }
}

function fullRefreshTerms({ fullRefresh }: Omit<RunOptions, 'signal'>): string[] | undefined {
  return fullRefresh === 'all' ? undefined : fullRefresh
}

function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  )
}

function badDate(text: string): ErrorData {
  return {
    code: 'run.as_of',
    message: `${text.slice(0, 40)} is no date.`,
    remedy: 'Give the business date as YYYY-MM-DD.',
  }
}

function unknownConfiguration(name: string, project: Project): ErrorData {
  return {
    code: 'pipeline.unknown_configuration',
    message: `The pipeline has no configuration value ${name.slice(0, 80)}.`,
    remedy: `It has ${Object.keys(project.configuration).join(', ') || 'none'}.`,
  }
}
