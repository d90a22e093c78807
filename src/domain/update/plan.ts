/** What an update does with each dataset, decided before anything runs. */

export interface PlannedDataset {
  name: string
  kind: 'materialized_view' | 'streaming_table' | 'view'
  /** Datasets and source tables that it reads. */
  inputs: string[]
  /** Absent optional sources that the dataset can do without. */
  optionalInputs: string[]
  /** Digest of everything that makes the rows but the inputs. */
  definition: string
}

/** What built the version that is there now. */
export interface BuiltFrom {
  version: number
  definition: string
  inputs: Record<string, string>
  /** True when the table's quarantine is that of another update: a crash came between the two commits. */
  isTorn?: boolean
}

export interface PlanFacts {
  /** Fingerprints of the Silver tables that are loaded; a declared source that is missing here is absent. */
  sources: ReadonlyMap<string, string>
  declaredSources: ReadonlySet<string>
  /** The last committed version of each dataset; null when the commit does not say what it was built from. */
  built: ReadonlyMap<string, BuiltFrom | null>
  /** Datasets that the update covers; others stay as they are. */
  selected: ReadonlySet<string>
  /** Datasets that are to be rebuilt whatever their state. */
  fullRefresh: ReadonlySet<string>
}

export type Decision =
  | { action: 'skip'; reason: string; fingerprint: string }
  | { action: 'full'; reason: string; fingerprint: string; inputs: Record<string, string> }
  | { action: 'view'; reason: string; fingerprint: string }
  | { action: 'wait'; reason: string }

/**
 * Decides for every dataset, given in topological order. A dataset's fingerprint is that of its definition and its inputs,
 * so a change anywhere upstream reaches everything downstream and nothing else.
 */
export function planUpdate(datasets: readonly PlannedDataset[], facts: PlanFacts): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  for (const dataset of datasets) decisions.set(dataset.name, decide(dataset, facts, decisions))
  return decisions
}

function decide(dataset: PlannedDataset, facts: PlanFacts, decisions: ReadonlyMap<string, Decision>): Decision {
  if (dataset.kind !== 'view' && !facts.selected.has(dataset.name)) return leave(dataset, facts)
  const inputs: Record<string, string> = {}
  for (const input of dataset.inputs) {
    const upstream = decisions.get(input)
    if (upstream?.action === 'wait') return { action: 'wait', reason: upstream.reason }
    const fingerprint = upstream?.fingerprint ?? facts.sources.get(input) ?? absent(input, dataset, facts)
    if (fingerprint === null) return { action: 'wait', reason: `waiting for ${input}` }
    inputs[input] = fingerprint
  }
  const fingerprint = fingerprintOf(dataset.definition, inputs)
  if (dataset.kind === 'view') return { action: 'view', reason: 'a view holds no rows of its own', fingerprint }
  const built = facts.built.get(dataset.name)
  const reason = whyFull(dataset, inputs, built, facts.fullRefresh.has(dataset.name))
  if (reason !== null) return { action: 'full', reason, fingerprint, inputs }
  return {
    action: 'skip',
    reason: `up to date: neither its definition nor its inputs changed since version ${built?.version ?? 0}`,
    fingerprint,
  }
}

/** A dataset outside the update: what reads it gets the version that is there, however old. */
function leave({ name }: PlannedDataset, facts: PlanFacts): Decision {
  const built = facts.built.get(name)
  if (built === undefined) return { action: 'wait', reason: `waiting for ${name}, which is not part of this update` }
  const fingerprint = built === null ? `${name}, written elsewhere` : fingerprintOf(built.definition, built.inputs)
  return { action: 'skip', reason: 'not part of this update', fingerprint }
}

function whyFull(
  dataset: PlannedDataset,
  inputs: Record<string, string>,
  built: BuiltFrom | null | undefined,
  refresh: boolean,
): string | null {
  if (built === undefined) return 'first build'
  if (refresh) return 'full refresh was asked for'
  if (built === null) return 'the last version was not written by a run of this pipeline'
  if (built.isTorn === true) return 'its quarantine is not that of the same update'
  if (built.definition !== dataset.definition) return 'its definition changed'
  const names = [...new Set([...Object.keys(inputs), ...Object.keys(built.inputs)])].sort()
  const changed = names.filter((name) => inputs[name] !== built.inputs[name])
  return changed.length === 0 ? null : `${changed.join(', ')} changed`
}

function absent(input: string, dataset: PlannedDataset, facts: PlanFacts): string | null {
  if (facts.declaredSources.has(input) && dataset.optionalInputs.includes(input)) return 'absent'
  return null
}

function fingerprintOf(definition: string, inputs: Record<string, string>): string {
  const parts = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))
  return shortHash(JSON.stringify([definition, ...parts]))
}

/**
 * 128 bits of FNV-1a, in hex: keeps fingerprints of long chains short. Not against an adversary: whoever can write the
 * inputs can write the tables.
 */
function shortHash(text: string): string {
  let hash = 0x6c62272e07bb014262b821756295c58dn
  for (let index = 0; index < text.length; index += 1) {
    hash ^= BigInt(text.charCodeAt(index))
    hash = BigInt.asUintN(128, hash * 0x0000000001000000000000000000013bn)
  }
  return hash.toString(16).padStart(32, '0')
}
