import type { LoadReport } from '@/domain/automation'
import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import type { PipelineFile } from '@/domain/pipeline/project'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { Mutex } from '@/engine/mutex'
import type { SilverContract } from '@/engine/silver/group-files'
import { profileSilver } from '@/engine/silver/profile'
import type { SilverStore } from '@/engine/silver/silver-store'
import type { EngineEvent } from '@/rpc/contract'

const FOLDER = 'sample/'
/** Lines that one statement makes: bounds what is uncompressed at a time. */
const BATCH_LINES = 1_000_000
const FEWEST_LINES = 1
const MOST_LINES = 50_000_000

export interface SampleContext {
  lakehouse: Lakehouse
  /** Held while a table is swapped, so that no query sees it missing. */
  swap: Mutex
  silver: SilverStore
  /** The pipeline's files: `sample/<table>.sql` makes silver.<table>. */
  files: readonly PipelineFile[]
  emit: (event: EngineEvent) => void
}

/**
 * Makes Silver tables inside the engine from the pipeline's generator: DuckDB queries with `${lines}`, `${seed}` and, where
 * a table is made in batches, `${first}` and `${last}`. The same arguments give the same rows everywhere.
 * Throws `sample.lines`, `sample.seed`, `sample.none`.
 */
export async function loadSample(
  context: SampleContext,
  { lines, seed = 1 }: { lines: number; seed?: number },
  signal: AbortSignal | undefined,
): Promise<LoadReport> {
  check(lines, seed)
  const report: LoadReport = { sources: [], rejected: [] }
  for (const file of context.files) {
    const name =
      file.path.startsWith(FOLDER) && file.path.endsWith('.sql') ? file.path.slice(FOLDER.length, -'.sql'.length) : null
    const contract = name === null ? undefined : context.silver.contract(`silver.${name}`)
    if (contract) report.sources.push(await makeTable(context, contract, file.text, lines, seed, signal))
  }
  if (report.sources.length === 0) {
    throw new GoldsmithError({
      code: 'sample.none',
      message: 'This pipeline has no generated sample.',
      remedy: 'Drop Silver files instead.',
    })
  }
  return report
}

async function makeTable(
  context: SampleContext,
  contract: SilverContract,
  query: string,
  lines: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<LoadReport['sources'][number]> {
  const { lakehouse, silver, swap, emit } = context
  const target = `${contract.name}__loading`
  const columns = contract.columns.filter(({ used }) => used).map(({ name, type }) => ({ name, type }))
  const label = `generated sample, ${lines} lines, seed ${seed}`
  await lakehouse.drop(target)
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(target)} (${columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ')})`,
  )
  try {
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
    for (const [first, last] of batches(query, lines)) {
      throwIfCanceled(signal)
      const sql = query
        .replaceAll('${lines}', String(lines))
        .replaceAll('${seed}', String(seed))
        .replaceAll('${first}', String(first))
        .replaceAll('${last}', String(last))
      const insert = `INSERT INTO ${quoteName(target)} SELECT ${names} FROM (${sql}\n) AS generated`
      await lakehouse.database.runCancellable(insert, signal ?? new AbortController().signal)
      emit({
        type: 'load.progress',
        table: contract.name,
        file: label,
        rows: last,
        totalRows: lines,
        bytes: 0,
        totalBytes: 0,
      })
    }
    const profile = await profileSilver(lakehouse, target, columns)
    const files = [{ path: label, rows: profile.rows, bytes: 0 }]
    const available = contract.columns.map(({ name }) => name.toLowerCase())
    await swap.run(async () => {
      await lakehouse.replace(target, contract.name)
      await silver.adopt({
        name: contract.name,
        files,
        bytes: 0,
        delta: null,
        lastLoad: null,
        available,
        columns,
        ...profile,
      })
    })
    return { table: contract.name, files: [label], rows: profile.rows, bytes: 0, columns, problems: [] }
  } catch (error) {
    await lakehouse.drop(target)
    throw error
  }
}

function batches(query: string, lines: number): [number, number][] {
  if (!query.includes('${first}')) return [[1, lines]]
  return Array.from({ length: Math.ceil(lines / BATCH_LINES) }, (_, index) => [
    index * BATCH_LINES + 1,
    Math.min(lines, (index + 1) * BATCH_LINES),
  ])
}

function check(lines: number, seed: number): void {
  if (!Number.isSafeInteger(lines) || lines < FEWEST_LINES || lines > MOST_LINES) {
    throw new GoldsmithError({
      code: 'sample.lines',
      message: `${String(lines)} is no number of lines that can be made.`,
      remedy: `Ask for a whole number from ${FEWEST_LINES} to ${MOST_LINES}.`,
    })
  }
  if (!Number.isSafeInteger(seed)) {
    throw new GoldsmithError({
      code: 'sample.seed',
      message: `${String(seed)} is no seed.`,
      remedy: 'Give a whole number.',
    })
  }
}
