/** AUTO CDC a second way: changes applied one by one to rows in memory, in the order of their sequence. */

export type Value = string | number | null

export interface Change {
  values: Readonly<Record<string, Value>>
  sequence: number
  deleted: boolean
}

export interface Replay {
  keys: readonly string[]
  scdType: 1 | 2
  ignoreNullUpdates: boolean
  tracked: readonly string[]
}

/** A row of the target; of SCD type 1 without times. */
export type TargetRow = Record<string, Value>

interface Version {
  values: Record<string, Value>
  start: number
  end: number | null
}

/**
 * The target after the batches, in the order in which they came. Of several changes of one key and time the last batch is believed;
 * within a batch a delete, then the greatest values.
 */
export function replayChanges(rule: Replay, batches: readonly (readonly Change[])[]): TargetRow[] {
  const byKey = new Map<string, Map<number, Change>>()
  for (const batch of batches) {
    const believed = new Map<string, Change>()
    for (const change of batch) {
      const place = JSON.stringify([keyOf(rule, change), change.sequence])
      const other = believed.get(place)
      if (other === undefined || isGreater(change, other)) believed.set(place, change)
    }
    for (const change of believed.values()) {
      const key = keyOf(rule, change)
      byKey.set(key, (byKey.get(key) ?? new Map<number, Change>()).set(change.sequence, change))
    }
  }
  return [...byKey.values()].flatMap((changes) => {
    const inOrder = [...changes.values()].sort((a, b) => a.sequence - b.sequence)
    const versions = history(rule, inOrder)
    if (rule.scdType === 2) {
      return versions.map(({ values, start, end }) => ({ ...values, __START_AT: start, __END_AT: end }))
    }
    return versions.filter(({ end }) => end === null).map(({ values }) => values)
  })
}

function history(rule: Replay, changes: readonly Change[]): Version[] {
  const versions: Version[] = []
  for (const { values, sequence, deleted } of changes) {
    const last = versions.at(-1)
    const current = last !== undefined && last.end === null ? last : null
    if (deleted) {
      if (current !== null) current.end = sequence
      continue
    }
    const wanted: Record<string, Value> = { ...values }
    if (rule.ignoreNullUpdates && current !== null) {
      for (const [name, value] of Object.entries(values)) wanted[name] = value ?? current.values[name] ?? null
    }
    const isNew = current === null || rule.tracked.some((name) => current.values[name] !== wanted[name])
    if (!isNew) {
      current.values = wanted
      continue
    }
    if (current !== null) current.end = sequence
    versions.push({ values: wanted, start: sequence, end: null })
  }
  return versions
}

function keyOf({ keys }: Replay, { values }: Change): string {
  return JSON.stringify(keys.map((key) => values[key]))
}

/** NULL is less than any value. */
function isGreater(a: Change, b: Change): boolean {
  if (a.deleted !== b.deleted) return a.deleted
  for (const name of Object.keys(a.values)) {
    const [x, y] = [a.values[name] ?? null, b.values[name] ?? null]
    if (x === y) continue
    return y === null || (x !== null && x > y)
  }
  return false
}
