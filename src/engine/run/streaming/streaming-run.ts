import type { Dataset } from '@/domain/pipeline/project'
import type { Build } from '@/domain/update/plan'
import type { TranslatedDataset } from '@/engine/project-translate'
import { blueprintOf, type DatasetRows } from '@/engine/run/dataset-rows'
import type { SupersededRows } from '@/engine/run/superseded'
import type { UpdateContext } from '@/engine/run/update-context'
import { AppendRows } from './append-rows'
import { ChangeRows } from './change-rows'
import { StreamState } from './stream-state'
import type { StreamingBuild } from './streaming-build'

export interface StreamingOptions {
  context: UpdateContext
  updateId: string
  superseded: SupersededRows
  fullRefresh: ReadonlySet<string>
  newTable: () => string
  signal: AbortSignal
}

/** The streaming tables of one update. */
export class StreamingRun {
  readonly #options: StreamingOptions

  constructor(options: StreamingOptions) {
    this.#options = options
  }

  /** How the rows of a streaming table are computed. */
  rows(dataset: Dataset, translated: TranslatedDataset, build: Build): DatasetRows {
    const { context, updateId, superseded, fullRefresh, newTable, signal } = this.#options
    const { lakehouse, gold } = context
    const streaming: StreamingBuild = {
      ...{ context, lakehouse, gold, updateId, superseded, newTable, signal },
      blueprint: blueprintOf(dataset, translated),
      state: new StreamState(context, dataset, signal),
      inputs: build.inputs,
      isFullRefresh: fullRefresh.has(dataset.name),
    }
    const changes = translated.flows.find((flow) => flow.kind === 'auto_cdc')
    if (changes !== undefined) return new ChangeRows(streaming, changes)
    return new AppendRows(
      streaming,
      translated.flows.filter((flow) => flow.kind === 'append'),
    )
  }
}
