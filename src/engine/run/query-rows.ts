import type { Dataset } from '@/domain/pipeline/project'
import type { Build } from '@/domain/update/plan'
import type { TranslatedDataset } from '@/engine/project-translate'
import type { BuildContext } from './build-table'
import type { DatasetRows, RefreshedDataset } from './dataset-rows'
import type { Obstacle } from './incremental/affected'
import { type IncrementalRun, mergesOf } from './incremental/incremental-run'
import { queryPieces } from './query-pieces'
import type { SupersededRows } from './superseded'
import type { UpdateContext } from './update-context'

/** The rows of a materialized view. */
export class QueryRows implements DatasetRows {
  readonly reads: readonly string[] = []

  constructor(
    private readonly context: Pick<UpdateContext, 'lakehouse' | 'gold'>,
    private readonly superseded: SupersededRows,
    private readonly incremental: IncrementalRun,
    private readonly dataset: Dataset,
    private readonly translated: TranslatedDataset,
    private readonly build: Build,
  ) {}

  async refresh(context: BuildContext): Promise<RefreshedDataset | Obstacle> {
    const refreshed = await this.incremental.refresh(this.dataset, this.translated, this.build, context)
    return 'obstacle' in refreshed ? refreshed : { refreshed, over: mergesOf(refreshed, this.context.gold.tables) }
  }

  async pieces(): Promise<string[]> {
    const { query } = this.translated
    if (query === null) throw new RangeError(`${this.dataset.name} has no query`)
    return queryPieces(this.context.lakehouse, this.superseded, query)
  }

  noted(): Record<string, never> {
    return {}
  }

  async commitFirst(): Promise<void> {}
}
