import type { Dataset } from '@/domain/pipeline/project'
import type { QueryScope } from '@/engine/catalog'
import type { TranslatedDataset } from '@/engine/project-translate'
import { failedExpectation } from './dataset-errors'
import { type Judgement, judge } from './judge'
import { reducedQuery } from './query-pieces'
import type { SupersededRows } from './superseded'
import type { UpdateContext } from './update-context'
import { judgedViewSelect, viewSelect } from './view-select'

/**
 * Defines a view for an update, until the catalog releases it, and counts what its expectations find; null when it has none.
 * Throws `expectation.failed`.
 */
export async function buildView(
  { catalog, lakehouse }: Pick<UpdateContext, 'catalog' | 'lakehouse'>,
  superseded: SupersededRows,
  scope: QueryScope,
  dataset: Dataset,
  { query, expectations: rules }: TranslatedDataset,
): Promise<Judgement | null> {
  if (query === null) throw new RangeError(`${dataset.name} has no query`)
  return catalog.using(dataset.inputs, scope, async () => {
    // For this update alone, without a window over a whole source; queries after it get the view as it is written.
    const rows = await reducedQuery(superseded, query)
    const judged = await judgedViewSelect(lakehouse, rows, rules)
    const found = judged === null ? null : await judge(lakehouse, `(${judged}) AS judged`, rules)
    const broken = found?.expectations.find(({ action, failed }) => action === 'fail' && failed > 0)
    if (found && broken) throw failedExpectation(dataset, broken, found.total, null)
    await catalog.holdView(dataset.name, await viewSelect(lakehouse, rows, rules))
    return found
  })
}
