import type { ErrorData, LoadReport } from '@/domain/automation'
import { GoldsmithError } from '@/domain/errors'
import type { ContractColumn } from '@/domain/silver/column-plan'
import type { SilverContract, TableFiles } from './group-files'
import { type LoadContext, loadTable } from './load-table'
import { prepareSource } from './prepare-source'
import { mergeBatch } from './silver-merge'
import type { SilverTable } from './silver-table'

export interface RebuildContext extends LoadContext {
  contract: SilverContract
  columns: readonly ContractColumn[]
  /** The DuckDB table that gets the rows; the caller drops it. */
  target: string
  /** A name for a table that nothing else has. */
  newTable: () => string
  signal: AbortSignal
}

/**
 * Loads files of one table again, the first ones whole, the others merged into them, beside the table that is there. Throws what
 * makes one of them unusable.
 */
export async function rebuild(context: RebuildContext, batches: readonly TableFiles[]): Promise<SilverTable> {
  const { lakehouse, codec, contract, columns, target, newTable, signal } = context
  const { name } = contract
  let built: SilverTable | null = null
  for (const dropped of batches) {
    const rejected: LoadReport['rejected'] = []
    const prepared = await prepareSource(codec, name, columns, dropped, rejected)
    if (prepared === null || 'failure' in prepared) {
      const [problem] = prepared?.failure.problems ?? rejected.map(({ error }) => error)
      throw new GoldsmithError(problem ?? unreadable(name))
    }
    const before: SilverTable | null = built
    const publish: LoadContext['publish'] = async (loaded, rows) => {
      if (before === null) {
        await lakehouse.replace(rows, target)
        return loaded
      }
      const request = { target, changes: newTable(), reason: 'You chose so.', signal }
      const merged = await mergeBatch(lakehouse, { contract, before, loaded, rows }, request, (work) => work())
      for (const done of [merged.changes.table, rows]) await lakehouse.drop(done)
      return merged.after
    }
    built = await loadTable({ ...context, publish }, name, columns, prepared.source)
  }
  if (built === null) throw new GoldsmithError(unreadable(name))
  return built
}

function unreadable(table: string): ErrorData {
  return {
    code: 'source.unreadable',
    message: `The files of ${table} cannot be read again.`,
    remedy: 'Drop them again.',
  }
}
