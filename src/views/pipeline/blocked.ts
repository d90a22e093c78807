import type { DatasetReport } from '@/domain/automation'

/** What of a report tells whether an input's failure kept a dataset from being built. */
export type Ended = Pick<DatasetReport, 'name'> & { status: string }

/**
 * The failed dataset because of which `name` was not built, however many datasets lie between; null when there is none.
 * A report calls such a dataset "skipped", as it does one that is up to date: only what it reads tells them apart.
 */
export function failedUpstream(
  name: string,
  reports: ReadonlyMap<string, Ended>,
  inputs: ReadonlyMap<string, readonly string[]>,
): string | null {
  if (reports.get(name)?.status !== 'skipped') return null
  for (const input of inputs.get(name) ?? []) {
    if (reports.get(input)?.status === 'failed') return input
    const failed = failedUpstream(input, reports, inputs)
    if (failed !== null) return failed
  }
  return null
}

/** What each dataset reads, by its name. */
export function inputsByName(datasets: readonly { name: string; inputs: string[] }[]): Map<string, string[]> {
  return new Map(datasets.map(({ name, inputs }) => [name, inputs]))
}

export function byName<T extends { name: string }>(items: Iterable<T>): Map<string, T> {
  return new Map(Array.from(items, (item) => [item.name, item]))
}
