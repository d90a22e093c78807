import { type SqlFunction, signatureOf, sqlFunctions } from '@/domain/sql/functions'
import { type CompletionTable, mentionedTables } from './completion'

/** What there is to say about a name in a query: a line of SQL, and text. */
export interface Explanation {
  code: string
  text: string | null
}

/**
 * Explains the name at the cursor by the tables that the statement reads: a column of theirs, a table, or a function when
 * `called`. A column that several tables have is explained once for each.
 */
export function explain(
  tables: CompletionTable[],
  statement: string,
  { word, qualifier, called }: { word: string; qualifier: string | null; called: boolean },
): Explanation[] {
  const name = word.toLowerCase()
  if (called) {
    const found = functionNamed(name)
    return found ? [{ code: signatureOf(found), text: found.summary }] : []
  }
  const mentioned = mentionedTables(tables, statement)
  const owner = qualifier === null ? undefined : mentioned.get(qualifier.toLowerCase())
  const columns = (owner ? [owner] : [...new Set(mentioned.values())]).flatMap((table) =>
    table.columns
      .filter((column) => column.name.toLowerCase() === name)
      .map((column) => ({ code: `${table.name}.${column.name} ${column.type}`, text: column.comment })),
  )
  if (columns.length > 0) return columns
  const full = qualifier === null ? name : `${qualifier.toLowerCase()}.${name}`
  const table = tables.find((candidate) => candidate.name.toLowerCase() === full) ?? mentioned.get(full)
  return table ? [{ code: table.name, text: table.comment }] : []
}

/** The call whose parentheses the cursor is in, and which argument. */
export function callAt(beforeCursor: string): { called: SqlFunction; argument: number } | null {
  // What a text, a name or a comment holds is no structure.
  const bare = beforeCursor.replace(/'(?:[^'\\]|\\.)*'|`[^`]*`|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    ' '.repeat(found.length),
  )
  let depth = 0
  let argument = 0
  for (let at = bare.length - 1; at >= 0; at--) {
    const char = bare[at]
    if (char === ';') return null
    if (char === ')') depth++
    else if (char === ',' && depth === 0) argument++
    else if (char === '(' && depth > 0) depth--
    else if (char === '(') {
      const called = functionNamed(/(\w+)\s*$/.exec(bare.slice(0, at))?.[1] ?? '')
      return called ? { called, argument } : null
    }
  }
  return null
}

function functionNamed(name: string): SqlFunction | undefined {
  return sqlFunctions.find((candidate) => candidate.name === name.toLowerCase())
}
