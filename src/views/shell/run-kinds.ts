import type { RunOptions } from '@/domain/automation'
import type { Route } from '@/store/route'

/** A way to run the pipeline that the user can choose. */
export interface RunKind {
  id: string
  label: string
  description: string
  options: Pick<RunOptions, 'select' | 'fullRefresh' | 'dryRun'>
}

/** The ways there are; those for one dataset while the pipeline shows it. */
export function runKinds(route: Route): RunKind[] {
  const dataset = route.view === 'pipeline' ? route.dataset : null
  return [
    { id: 'dry', label: 'Dry run', description: 'Shows the plan; builds nothing', options: { dryRun: true } },
    {
      id: 'full',
      label: 'Full refresh',
      description: 'Builds every dataset anew, whatever changed',
      options: { fullRefresh: 'all' },
    },
    ...(dataset === null ? [] : kindsOf(dataset)),
  ]
}

function kindsOf(dataset: string): RunKind[] {
  return [
    {
      id: 'upstream',
      label: `Run ${dataset}`,
      description: 'And what it is made from',
      options: { select: [`+${dataset}`] },
    },
    {
      id: 'downstream',
      label: `Run from ${dataset} on`,
      description: 'And all that is made from it',
      options: { select: [`${dataset}+`] },
    },
    {
      id: 'full-one',
      label: `Full refresh of ${dataset}`,
      description: 'This dataset alone, anew',
      options: { fullRefresh: [dataset] },
    },
  ]
}
