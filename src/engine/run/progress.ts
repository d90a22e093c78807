import type { DatasetReport } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import type { Dataset } from '@/domain/pipeline/project'
import type { Decision } from '@/domain/update/plan'
import type { DatasetProgress } from '@/rpc/contract'

/** A dataset's state when an update begins. */
export function initialProgress(
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
export function finished({ status, ...report }: DatasetProgress): DatasetReport {
  if (status === 'queued' || status === 'building' || status === 'storing') {
    throw new GoldsmithError({ code: 'internal.unexpected', message: `${report.name} was left ${status}` })
  }
  return { ...report, status }
}
