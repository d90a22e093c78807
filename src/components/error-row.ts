/** An error's message without the row that it quotes, and that row field by field. */
export interface QuotedRow {
  message: string
  fields: { name: string; value: string }[]
  /** The row as it was quoted, maybe cut off. */
  row: string
}

/** Takes the offending row, as DuckDB writes a struct, off the end of a message; null when it quotes none. */
export function quotedRow(message: string): QuotedRow | null {
  const match = /^(.*?)\s+The first: (\{.*)$/s.exec(message)
  const [, text, row] = match ?? []
  if (text === undefined || row === undefined) return null
  const names = [...row.matchAll(/(?:^\{|, )'((?:[^'\\]|\\.|'')*)': /g)]
  const fields = names.map((found, index) => {
    const start = found.index + found[0].length
    const end = names[index + 1]?.index ?? (row.endsWith('}') ? -1 : undefined)
    return { name: found[1] ?? '', value: row.slice(start, end) }
  })
  return { message: text, fields, row }
}

/** The fields that tell which row it is and what is wrong with it: the first, and those that the texts name. */
export function tellingFields({ fields, message }: QuotedRow, about: string): QuotedRow['fields'] {
  const words = new Set(`${message} ${about}`.match(/\w+/g) ?? [])
  return fields.filter(({ name }, index) => index === 0 || words.has(name)).slice(0, 5)
}
