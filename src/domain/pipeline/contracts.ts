/** What a table promises its readers: the columns that its property `public_contract` lists. */

/** The columns of a contract as written, or null when the table has none: then every column may be used. */
export function contractColumns(properties: Readonly<Record<string, string>>): string[] | null {
  const list = properties.public_contract
  if (list === undefined) return null
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

export interface PromisedColumn {
  name: string
  /** DuckDB type. */
  type: string
  nullable: boolean
}

/** A table's columns and those of them that it promises; null promises all. */
export interface TablePromise {
  columns: readonly PromisedColumn[]
  contract: readonly string[] | null
}

export interface ContractChange {
  kind: 'removed' | 'renamed' | 'retyped' | 'made_nullable' | 'added'
  column: string
  /** True when readers that keep to the contract may fail or be wrong after it. */
  breaking: boolean
  /** What it was and what it is; null for neither. */
  before: string | null
  after: string | null
}

/**
 * How a new definition's contract differs from the one of a committed version. A column that is gone, while one new column has
 * its type, is taken for renamed: names are all that identifies columns here.
 */
export function contractChanges(committed: TablePromise, defined: TablePromise): ContractChange[] {
  const before = promised(committed)
  const after = promised(defined)
  const gone = [...before.values()].filter(({ name }) => !after.has(name.toLowerCase()))
  const fresh = [...after.values()].filter(({ name }) => !before.has(name.toLowerCase()))
  const renamed = new Map(gone.map((column) => [column, onlyOfType(column.type, gone, fresh)]))
  const changes = gone.map((column): ContractChange => {
    const name = renamed.get(column)?.name ?? null
    const kind = name === null ? 'removed' : 'renamed'
    return { kind, column: column.name, breaking: true, before: column.name, after: name }
  })
  for (const column of before.values()) {
    const now = after.get(column.name.toLowerCase())
    if (now) changes.push(...alterations(column, now))
  }
  const taken = new Set(renamed.values())
  for (const column of fresh) {
    if (taken.has(column)) continue
    changes.push({ kind: 'added', column: column.name, breaking: false, before: null, after: column.name })
  }
  return changes
}

function promised({ columns, contract }: TablePromise): Map<string, PromisedColumn> {
  const names = contract === null ? null : new Set(contract.map((name) => name.toLowerCase()))
  const kept = columns.filter(({ name }) => names === null || names.has(name.toLowerCase()))
  return new Map(kept.map((column) => [column.name.toLowerCase(), column]))
}

function onlyOfType(
  type: string,
  gone: readonly PromisedColumn[],
  fresh: readonly PromisedColumn[],
): PromisedColumn | null {
  const candidates = fresh.filter((column) => column.type === type)
  const isOnlyOne = candidates.length === 1 && gone.filter((column) => column.type === type).length === 1
  return isOnlyOne ? (candidates[0] ?? null) : null
}

function alterations(before: PromisedColumn, after: PromisedColumn): ContractChange[] {
  const changes: ContractChange[] = []
  const of = { column: before.name, breaking: true }
  if (before.type !== after.type) changes.push({ kind: 'retyped', ...of, before: before.type, after: after.type })
  if (!before.nullable && after.nullable) {
    changes.push({ kind: 'made_nullable', ...of, before: 'NOT NULL', after: 'NULL' })
  }
  return changes
}
