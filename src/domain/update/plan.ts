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
  /** All that it reads, itself or through views: the views, and the source tables and stored datasets at their ends. */
  behind: string[]
  /** How changed rows of an input can be followed to its rows. */
  strategy: RefreshStrategy
}

/** Row by row, group by group, or not at all. */
export type RefreshStrategy =
  | { kind: 'rows' | 'groups'; by: readonly string[] }
  /** Of a streaming table: the keys that new changes are of, or only new rows. What it has read is in a state of its own. */
  | { kind: 'changes'; by: readonly string[] }
  | { kind: 'appends' }
  /** The reason goes after “in full, because of”. */
  | { kind: 'whole'; reason: string }

/** What built the version that is there now. */
export interface BuiltFrom {
  version: number
  definition: string
  inputs: Record<string, string>
  /** State of all that it read, itself or through views; absent in versions of an older Goldsmith. */
  read?: Record<string, ReadState>
  /** What last changed its rows beside its inputs: a statement that deleted some, or the update of a streaming table. */
  edited?: string
  /** True when the table's quarantine is that of another update: a crash came between the two commits. */
  isTorn?: boolean
  /** True when a streaming table's rows are not those of its state: a crash came between the two commits, or it was restored. */
  isBehind?: boolean
}

/** The state of a table or view when it was read. */
export interface ReadState {
  /** Of a table's rows; of a view's definition. */
  fingerprint: string
  /** A dataset's Delta version; null for a source or a view. */
  version: number | null
}

export interface PlanFacts {
  updateId: string
  /** Fingerprints of the Silver tables that are loaded; a declared source that is missing here is absent. */
  sources: ReadonlyMap<string, string>
  declaredSources: ReadonlySet<string>
  /** The last committed version of each dataset; null when the commit does not say what it was built from. */
  built: ReadonlyMap<string, BuiltFrom | null>
  /** Datasets that the update covers; others stay as they are. */
  selected: ReadonlySet<string>
  /** Datasets that are to be rebuilt whatever their state. */
  fullRefresh: ReadonlySet<string>
  /** Whether it is known how the rows of a source changed since it had a fingerprint. */
  knowsChanges(source: string, since: string): boolean
}

export type Decision =
  | { action: 'skip'; reason: string; fingerprint: string }
  | ({ action: 'full' | 'incremental' } & Build)
  | { action: 'view'; reason: string; fingerprint: string }
  | { action: 'wait'; reason: string }

/** What a dataset is built from, and why. */
export interface Build {
  reason: string
  fingerprint: string
  /** Fingerprints of its inputs, by name. */
  inputs: Record<string, string>
  /** What `ReadState` has as fingerprints, of all that is behind it. */
  behind: Record<string, string>
}

/**
 * Decides for every dataset, given in topological order. A dataset's fingerprint is that of its definition and its inputs,
 * so a change anywhere upstream reaches everything downstream and nothing else.
 */
export function planUpdate(datasets: readonly PlannedDataset[], facts: PlanFacts): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  const views = new Map(datasets.flatMap(({ name, kind, definition }) => (kind === 'view' ? [[name, definition]] : [])))
  for (const dataset of datasets) decisions.set(dataset.name, decide(dataset, facts, decisions, views))
  return decisions
}

function decide(
  dataset: PlannedDataset,
  facts: PlanFacts,
  decisions: ReadonlyMap<string, Decision>,
  views: ReadonlyMap<string, string>,
): Decision {
  if (dataset.kind !== 'view' && !facts.selected.has(dataset.name)) return leave(dataset, facts)
  const inputs: Record<string, string> = {}
  for (const input of dataset.inputs) {
    const upstream = decisions.get(input)
    if (upstream?.action === 'wait') return { action: 'wait', reason: upstream.reason }
    const fingerprint = upstream?.fingerprint ?? facts.sources.get(input) ?? absent(input, dataset, facts)
    if (fingerprint === null) return { action: 'wait', reason: `waiting for ${input}` }
    inputs[input] = fingerprint
  }
  const isStreaming = dataset.kind === 'streaming_table'
  // The rows of a streaming table depend on what it has read before, so each update may make others.
  const fingerprint = fingerprintOf(dataset.definition, isStreaming ? editedInputs(inputs, facts.updateId) : inputs)
  if (dataset.kind === 'view') return { action: 'view', reason: 'a view holds no rows of its own', fingerprint }
  const built = facts.built.get(dataset.name)
  const reason = whyFull(dataset, inputs, built, facts.fullRefresh.has(dataset.name))
  if (reason !== null) {
    const behind = Object.fromEntries(
      dataset.behind.map((name) => [name, views.get(name) ?? storedFingerprint(name, facts, decisions)]),
    )
    const build = { fingerprint, inputs, behind }
    const changed = built && isOnlyChanged(dataset, built, facts) ? reason : null
    if (changed === null) return { action: 'full', reason, ...build }
    const obstacle = whyNotIncremental(dataset, built, behind, views, facts)
    return obstacle === null
      ? { action: 'incremental', reason: `${changed}; ${followed(dataset.strategy)}`, ...build }
      : { action: 'full', reason: `${changed}; in full, because of ${obstacle}`, ...build }
  }
  return {
    action: 'skip',
    reason: `up to date: neither its definition nor its inputs changed since version ${built?.version ?? 0}`,
    fingerprint: built ? builtFingerprint(built) : fingerprint,
  }
}

/** A dataset outside the update: what reads it gets the version that is there, however old. */
function leave({ name }: PlannedDataset, facts: PlanFacts): Decision {
  const built = facts.built.get(name)
  if (built === undefined) return { action: 'wait', reason: `waiting for ${name}, which is not part of this update` }
  const fingerprint = built === null ? `${name}, written elsewhere` : builtFingerprint(built)
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
  if (built.isBehind === true) return 'its rows are not those that its flows have read'
  const names = [...new Set([...Object.keys(inputs), ...Object.keys(built.inputs)])].sort()
  const changed = names.filter((name) => inputs[name] !== built.inputs[name])
  return changed.length === 0 ? null : `${changed.join(', ')} changed`
}

/** True when nothing but the rows of inputs stands between the version that is there and the one that is wanted. */
function isOnlyChanged(dataset: PlannedDataset, built: BuiltFrom, facts: PlanFacts): boolean {
  return !facts.fullRefresh.has(dataset.name) && built.isTorn !== true && built.definition === dataset.definition
}

function storedFingerprint(name: string, facts: PlanFacts, decisions: ReadonlyMap<string, Decision>): string {
  const upstream = decisions.get(name)
  const planned = upstream === undefined || upstream.action === 'wait' ? undefined : upstream.fingerprint
  return planned ?? facts.sources.get(name) ?? 'absent'
}

/** What keeps changed rows from being followed, as far as it can be known before anything runs; null when nothing does. */
function whyNotIncremental(
  { strategy }: PlannedDataset,
  built: BuiltFrom | null | undefined,
  behind: Record<string, string>,
  views: ReadonlyMap<string, string>,
  facts: PlanFacts,
): string | null {
  if (strategy.kind === 'whole') return strategy.reason
  if (strategy.kind === 'changes' || strategy.kind === 'appends') return null
  const read = built?.read
  if (read === undefined) return 'a version that does not say what it read'
  for (const [name, fingerprint] of Object.entries(behind)) {
    const before = read[name]?.fingerprint
    if (before === fingerprint) continue
    if (views.has(name)) return `the definition of ${name}, which changed`
    if (before === undefined || (facts.sources.has(name) && !facts.knowsChanges(name, before))) {
      return `${name}, of which the earlier rows are not known any more`
    }
  }
  return null
}

function followed(strategy: RefreshStrategy): string {
  if (strategy.kind === 'whole') return ''
  if (strategy.kind === 'appends') return 'only rows are read that were not read before'
  if (strategy.kind === 'changes')
    return `only the rows are computed whose ${strategy.by.join(', ')} new changes are of`
  const what = strategy.kind === 'rows' ? 'rows' : 'groups'
  return `only the ${what} are computed whose ${strategy.by.join(', ')} it concerns`
}

/** The fingerprint that a dataset's version has for what reads it. */
export function builtFingerprint({
  definition,
  inputs,
  edited,
}: Pick<BuiltFrom, 'definition' | 'inputs' | 'edited'>): string {
  return fingerprintOf(definition, edited === undefined ? inputs : editedInputs(inputs, edited))
}

/** Rows that changed beside the inputs are a change for what reads them; no input has an empty name. */
function editedInputs(inputs: Record<string, string>, edited: string): Record<string, string> {
  return { ...inputs, '': edited }
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
