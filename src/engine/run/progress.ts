import type { DatasetReport } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { Decision } from '@/domain/update/plan'
import type { DatasetProgress } from '@/rpc/contract'

/** The state of every dataset of an update, told to whoever watches it. */
export class ProgressBoard {
  readonly #tell: (dataset: DatasetProgress) => void
  readonly #datasets = new Map<string, DatasetProgress>()

  constructor(tell: (dataset: DatasetProgress) => void) {
    this.#tell = tell
  }

  begin(dataset: Dataset, decision: Decision | undefined, storedVersion: number | null): void {
    this.#datasets.set(dataset.name, initialProgress(dataset, decision, storedVersion))
  }

  /** Tells the state of all. */
  announce(): void {
    for (const progress of this.#datasets.values()) this.#tell(progress)
  }

  set(name: string, change: Partial<DatasetProgress>): void {
    const progress = this.#datasets.get(name)
    if (progress === undefined) throw new RangeError(`${name} is not part of this update`)
    const changed = { ...progress, ...change }
    this.#datasets.set(name, changed)
    this.#tell(changed)
  }

  finished(): DatasetReport[] {
    return [...this.#datasets.values()].map(finished)
  }
}

/** A dataset's state when an update begins. */
function initialProgress(
  dataset: Dataset,
  decision: Decision | undefined,
  storedVersion: number | null,
): DatasetProgress {
  return {
    name: dataset.name,
    kind: dataset.kind,
    plan: decision?.action === 'full' || decision?.action === 'incremental' ? decision.action : 'skip',
    reason: decision?.reason ?? '',
    status: 'queued',
    // What is there when this update commits nothing.
    version: storedVersion,
    rowsWritten: 0,
    rowsUpserted: 0,
    rowsDeleted: 0,
    rowsDropped: 0,
    durationMs: 0,
    expectations: [],
  }
}

/** A dataset's state when the update has ended. */
function finished({ status, ...report }: DatasetProgress): DatasetReport {
  if (status === 'queued' || status === 'building' || status === 'storing') {
    throw new GoldsmithError({ code: 'internal.unexpected', message: `${report.name} was left ${status}` })
  }
  return { ...report, status }
}
