import type { DatasetReport, RunOptions, UpdateReport } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'
import {
  datasetEnded,
  datasetPlan,
  datasetPlanned,
  datasetStarted,
  type LogEvent,
  updateCreated,
  updateEnded,
  updateStarted,
} from '@/domain/event-log/event-log'
import { eventLogColumns, eventRowsSql } from '@/domain/event-log/event-rows'
import type { Project } from '@/domain/pipeline/project'
import type { Clock } from '@/engine/ports'
import type { EngineEvent } from '@/rpc/contract'
import { appendRows, type SystemTableContext } from './system-table'

const EVENT_LOG = 'pipeline.event_log'

/** Collects what happens in one update, and writes it to the event log when it has ended. */
export class UpdateJournal {
  readonly #clock: Clock
  readonly #inputs: ReadonlyMap<string, readonly string[]>
  readonly #flowNames: ReadonlyMap<string, string>
  readonly #startedAt: number
  /** Plan and reason of each dataset, as they were last written down. */
  readonly #plans = new Map<string, string>()
  readonly #started = new Set<string>()
  readonly #events: LogEvent[] = []

  constructor(project: Project, clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#inputs = new Map(project.datasets.map(({ name, inputs }) => [name, inputs]))
    const filled = project.datasets.filter(({ flows }) => flows.length > 0)
    this.#flowNames = new Map(filled.map(({ name, flows }) => [name, flows.map((flow) => flow.name).join(', ')]))
  }

  note(event: EngineEvent): void {
    const now = this.#clock.now()
    if (event.type === 'update.started') this.#events.push(updateStarted(now, event.updateId))
    if (event.type !== 'update.dataset') return
    const { name, status } = event.dataset
    const plan = JSON.stringify([event.dataset.plan, event.dataset.reason])
    const known = this.#plans.get(name)
    this.#plans.set(name, plan)
    if (known === undefined) this.#events.push(...datasetPlanned(now, event.dataset, this.#inputs.get(name) ?? []))
    else if (known !== plan) this.#events.push(datasetPlan(now, event.dataset))
    if (status === 'building' && !this.#started.has(name)) {
      this.#started.add(name)
      this.#events.push(datasetStarted(now, name))
    }
    if (status !== 'queued' && status !== 'building' && status !== 'storing') {
      const ended: DatasetReport = { ...event.dataset, status }
      this.#events.push(datasetEnded(now, ended))
    }
  }

  /** Writes the events. A log that does not fit into the store is no reason to call the update, which is committed, failed. */
  async write(
    context: SystemTableContext,
    pipeline: string,
    options: Omit<RunOptions, 'signal'>,
    report: UpdateReport,
  ): Promise<void> {
    const { updateId, asOf } = report
    const events = [
      updateCreated(this.#startedAt, updateId, asOf, options),
      ...this.#events,
      updateEnded(this.#clock.now(), report),
    ]
    const origin = { pipeline, updateId, updateStartedAt: this.#startedAt, flowNames: this.#flowNames }
    const definition = {
      name: EVENT_LOG,
      description: 'What every update of the pipeline planned and did, in the shape of Lakeflow’s event log.',
      columns: [...eventLogColumns],
      partitionColumns: [],
      properties: { grain: 'one row an event' },
    }
    try {
      await appendRows(
        context,
        definition,
        eventRowsSql(events, origin, () => crypto.randomUUID()),
      )
    } catch (error) {
      if (!toErrorData(error).code.startsWith('storage.')) throw error
    }
  }
}
