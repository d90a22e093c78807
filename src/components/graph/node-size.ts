/** px, as are the heights. */
export const nodeWidth = 166
/** Characters of a name that fit on one line of a node, and the most lines that a name takes. */
const nameLine = { characters: 17, most: 3 }
/** px; must agree with graph.module.css. */
const lineHeight = { name: 16, fact: 18 }
const verticalPadding = 18

/** The words of a name, each with the underscore that ends it: a name breaks between them. */
export function nameWords(name: string): string[] {
  return name.match(/[^_]+_*|_+/g) ?? []
}

/** Height of a node, px: names are wrapped, and some have a line on the rows that quality rules keep out. */
export function nodeHeight(name: string, hasHeldBack: boolean): number {
  let lines = 1
  let length = 0
  for (const word of nameWords(name)) {
    if (length > 0 && length + word.length > nameLine.characters) {
      lines++
      length = 0
    }
    length += word.length
  }
  return verticalPadding + Math.min(lines, nameLine.most) * lineHeight.name + (hasHeldBack ? 2 : 1) * lineHeight.fact
}
