import type { DatasetReport, RunOptions, UpdateReport } from '@/domain/automation'
import { problemsOf } from './run-options'
import { Update } from './update'
import type { UpdateContext } from './update-context'

/** Runs one update. Never throws for data or SQL: what goes wrong is in the report. */
export async function runUpdate(
  context: UpdateContext,
  options: Omit<RunOptions, 'signal'>,
  signal: AbortSignal,
): Promise<UpdateReport> {
  const startedAt = context.clock.now()
  const asOf = options.asOf ?? new Date(startedAt).toISOString().slice(0, 10)
  const problems = problemsOf(context.project, options, asOf)
  const update = new Update(context, options, asOf, signal)
  const report = (status: UpdateReport['status'], datasets: DatasetReport[]): UpdateReport => ({
    updateId: update.id,
    status,
    asOf,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: context.clock.now() - startedAt,
    datasets,
    problems,
  })
  if (problems.length > 0) return report('failed', [])
  // Another tab may have committed since this one looked.
  await context.swap.run(() => context.gold.refreshAll())
  const datasets = await update.run()
  const statuses = new Set(datasets.map(({ status }) => status))
  return report(statuses.has('canceled') ? 'canceled' : statuses.has('failed') ? 'failed' : 'completed', datasets)
}
