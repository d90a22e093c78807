import type { Dataset } from '@/domain/pipeline/project'

/** Datasets whose rows are there and that are being stored, at most; each holds a few files on their way to the disk. */
const MOST_STORING = 2

/**
 * Performs datasets, given in topological order, each after its inputs. One is built at a time, since a statement uses all of the
 * engine's threads; while the rows of one are encoded and committed, the next that does not need it is built, as long as
 * `mayOverlap` says that there is memory for both. `perform` calls `built` once the rows are there, and must not reject.
 */
export async function schedule(
  datasets: readonly Dataset[],
  perform: (dataset: Dataset, built: () => void) => Promise<void>,
  mayOverlap: () => Promise<boolean>,
): Promise<void> {
  const waiting = [...datasets]
  /** By name, those that are not done yet; null for one that has not begun. */
  const unfinished = new Map<string, Promise<void> | null>(datasets.map(({ name }) => [name, null]))
  const storing = () => [...unfinished.values()].filter((work) => work !== null)
  while (waiting.length > 0) {
    const index = waiting.findIndex(({ inputs }) => !inputs.some((name) => unfinished.has(name)))
    const [dataset] = index < 0 ? [] : waiting.slice(index, index + 1)
    const busy = storing()
    if (busy.length > 0 && (dataset === undefined || busy.length >= MOST_STORING || !(await mayOverlap()))) {
      await Promise.race(busy)
      continue
    }
    // Nothing is under way and nothing can begin: what is left waits for itself, which no analysed project does.
    if (dataset === undefined)
      throw new Error(`no order in which to build ${waiting.map(({ name }) => name).join(', ')}`)
    waiting.splice(index, 1)
    await new Promise<void>((built) => {
      const work = perform(dataset, built).finally(() => {
        unfinished.delete(dataset.name)
        built()
      })
      unfinished.set(dataset.name, work)
    })
  }
  await Promise.all(storing())
}
