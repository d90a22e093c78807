/** Colours that are told apart. */
export const paletteSize = 6

/** Stands for groups without a name, which are grey. */
export const noSlot = -1

/**
 * A place in the palette for each name. It follows from the name, so the same segment has the same colour in every chart and
 * under every filter; where two names want the same place the later one (in code unit order) moves on.
 */
export function paletteSlots(names: (string | null)[]): Map<string | null, number> {
  const slots = new Map<string | null, number>()
  const taken = new Set<number>()
  for (const name of names.filter((name) => name !== null).toSorted()) {
    if (taken.size === paletteSize) taken.clear()
    let slot = wantedSlot(name)
    while (taken.has(slot)) slot = (slot + 1) % paletteSize
    taken.add(slot)
    slots.set(name, slot)
  }
  slots.set(null, noSlot)
  return slots
}

/** Places along a line that are at least `gap` apart, each as near as possible to where it wants to be; of equals the later one comes first. */
export function spread(wanted: number[], gap: number): number[] {
  const order = wanted
    .map((position, index) => ({ position, index }))
    .toSorted((a, b) => a.position - b.position || b.index - a.index)
  const groups: { start: number; members: number[] }[] = []
  for (const { position, index } of order) {
    groups.push({ start: position, members: [index] })
    // Groups that would touch become one, centred on what its members want.
    for (let last = groups.length - 1; last > 0; last--) {
      const group = groups[last]
      const before = groups[last - 1]
      if (!group || !before || before.start + before.members.length * gap <= group.start) break
      const members = [...before.members, ...group.members]
      const mean = members.reduce((sum, member) => sum + (wanted[member] ?? 0), 0) / members.length
      groups.splice(last - 1, 2, { start: mean - ((members.length - 1) * gap) / 2, members })
    }
  }
  const places = [...wanted]
  for (const { start, members } of groups) {
    members.forEach((member, i) => {
      places[member] = start + i * gap
    })
  }
  return places
}

function wantedSlot(name: string): number {
  let hash = 7
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return hash % paletteSize
}
