/** What the palette lists, as far as finding is concerned. */
export interface PaletteGroup {
  group: string
  actions: { id: string; label?: string; description?: string; keywords?: string | string[] }[]
}

/** Columns are many: they are listed for who asks for one, and no more of them than can be looked through. */
export const columnGroup = 'Columns'
const columnLimit = 40

/** The actions that contain every word of the query; those whose name begins with it come first in their group. */
export function filterPalette<Group extends PaletteGroup>(query: string, groups: Group[]): Group[] {
  const wanted = query.trim().toLowerCase()
  const words = wanted.split(/\s+/)
  return groups.flatMap((group) => {
    if (wanted === '') return group.group === columnGroup ? [] : [group]
    const found = group.actions.filter((action) => {
      const text = textOf(action)
      return words.every((word) => text.includes(word))
    })
    const rank = ({ label = '' }: Group['actions'][number]) => {
      const name = label.toLowerCase()
      return name.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : 2
    }
    const ordered = found.toSorted((a, b) => rank(a) - rank(b))
    const actions = group.group === columnGroup ? ordered.slice(0, columnLimit) : ordered
    return actions.length === 0 ? [] : [{ ...group, actions }]
  })
}

function textOf({ label = '', description = '', keywords = [] }: PaletteGroup['actions'][number]): string {
  return [label, description, keywords].flat().join(' ').toLowerCase()
}
