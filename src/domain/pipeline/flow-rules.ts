import type { AutoCdcFlow, ColumnName, ColumnSelection, FlowStatement } from './statements'
import { SyntaxProblem } from './token-reader'

/** The columns that the versions of a row get in a target of SCD type 2: from when to when each holds. */
export const HISTORY_COLUMNS: readonly string[] = ['__START_AT', '__END_AT']

/** What a flow that follows the grammar says that cannot be: all of it, in the order of the text. */
export function flowProblems(flow: FlowStatement): SyntaxProblem[] {
  if (flow.kind === 'insert') return []
  const lists: [string, readonly ColumnName[]][] = [
    ['KEYS', flow.keys],
    ['COLUMNS', flow.columns?.columns ?? []],
    ['TRACK HISTORY ON', flow.trackHistory?.columns ?? []],
  ]
  return [
    ...lists.flatMap(([clause, names]) => repeated(clause, names)),
    ...missingKeys(flow),
    ...historyProblems(flow),
  ].sort((a, b) => a.offset - b.offset)
}

function repeated(clause: string, names: readonly ColumnName[]): SyntaxProblem[] {
  const seen = new Set<string>()
  return names.flatMap(({ name, position }) => {
    const known = seen.has(name.toLowerCase())
    seen.add(name.toLowerCase())
    return known
      ? [
          new SyntaxProblem(
            'pipeline.duplicate_column',
            `${clause} names ${name} twice`,
            'Name it once.',
            position.offset,
          ),
        ]
      : []
  })
}

/** A row of the target is found by its key, so that the key has to be in it. */
function missingKeys({ keys, columns }: AutoCdcFlow): SyntaxProblem[] {
  if (columns === null) return []
  const missing = new Set(keys.map(({ name }) => name.toLowerCase()).filter((name) => !selects(columns, name)))
  return [...missing].map(
    (name) =>
      new SyntaxProblem(
        'pipeline.invalid_flow',
        `COLUMNS leaves out ${name}, which is part of KEYS`,
        'Let the columns of KEYS reach the target.',
        columns.position.offset,
      ),
  )
}

function historyProblems({ scdType, trackHistory, columns }: AutoCdcFlow): SyntaxProblem[] {
  if (trackHistory === null) return []
  if (scdType === 2) {
    return trackHistory.columns
      .filter(({ name }) => !trackHistory.except && columns !== null && !selects(columns, name))
      .map(
        ({ name, position }) =>
          new SyntaxProblem(
            'pipeline.invalid_flow',
            `TRACK HISTORY ON names ${name}, which COLUMNS leaves out`,
            'Name columns that reach the target.',
            position.offset,
          ),
      )
  }
  return [
    new SyntaxProblem(
      'pipeline.invalid_flow',
      'TRACK HISTORY ON needs STORED AS SCD TYPE 2; type 1 has no history',
      'Add STORED AS SCD TYPE 2, or remove TRACK HISTORY ON.',
      trackHistory.position.offset,
    ),
  ]
}

/** Whether the column is among the selected ones. */
function selects({ except, columns }: ColumnSelection, name: string): boolean {
  return except !== columns.some((column) => column.name.toLowerCase() === name.toLowerCase())
}
