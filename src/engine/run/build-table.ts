import { GoldsmithError, throwIfCanceled } from '@/domain/errors'
import { quoteIdentifier, quoteName } from '@/domain/sql/quote'
import type { Lakehouse } from '@/engine/lakehouse'
import type { RowsSoFar } from './commit-dataset'
import { datasetError, duplicateKeysError, failedExpectation, nullViolation, wrongColumns } from './dataset-errors'
import {
  actionMask,
  type DeclaredColumn,
  datasetSelect,
  type JudgedExpectation,
  VIOLATIONS,
  violatedNames,
  violates,
} from './dataset-select'
import { addJudgements, type Judgement, judge } from './judge'
import { duplicateKeys } from './superseded'

/** What a dataset declares, ready for DuckDB. */
export interface TableBlueprint {
  /** `schema.table` */
  name: string
  /** File of its statement, for errors. */
  file: string
  columns: (DeclaredColumn & { notNull: boolean })[] | null
  expectations: JudgedExpectation[]
  primaryKey: string[] | null
}

/** The dataset's query, whole or in pieces whose results together are the whole. */
export interface QueryPieces {
  /** DuckDB SQL a piece; never empty. */
  pieces: string[]
}

export interface BuiltTable {
  /** Where the rows are until the table is published: a table of its own. */
  table: string
  columns: { name: string; type: string }[]
  rows: number
  /** The dropped rows, when a rule may drop some. */
  quarantine: { table: string; columns: { name: string; type: string }[]; rows: number } | null
  expectations: { name: string; action: 'warn' | 'drop' | 'fail'; passed: number; failed: number }[]
}

export interface BuildContext {
  lakehouse: Lakehouse
  updateId: string
  signal: AbortSignal
  /** Called after every piece with the rows so far. */
  progress: (rows: number) => void
  /** Called after every piece but the last: its rows stay as they are from now on. */
  pieceBuilt: (soFar: RowsSoFar) => Promise<void>
}

/**
 * Builds a dataset beside the table that is there: rows, expectations, quarantine, keys. On any failure nothing of it
 * remains. Throws `expectation.failed`, `dataset.columns`, `dataset.null`, `dataset.duplicate_key`, and what SQL raises.
 */
export async function buildTable(
  context: BuildContext,
  blueprint: TableBlueprint,
  query: QueryPieces,
): Promise<BuiltTable> {
  const { lakehouse } = context
  const table = `${blueprint.name}__building`
  const held = actionMask(blueprint.expectations, 'drop') === 0n ? null : `${blueprint.name}__quarantine__building`
  try {
    const columns = await matchColumns(lakehouse, blueprint, query)
    await createEmpty(lakehouse, blueprint, query, columns, table, held)
    const judged = await insertPieces(context, { table, held }, blueprint, columns, query)
    const rows = await lakehouse.count(table)
    const quarantine = held === null ? null : await describeTable(lakehouse, held)
    if (judged !== null && rows + (quarantine?.rows ?? 0) !== judged.total) {
      throw new GoldsmithError({
        code: 'dataset.row_count',
        message: `${blueprint.name}: ${judged.total} rows were built, but ${rows} kept and ${quarantine?.rows ?? 0} quarantined.`,
        remedy: 'Run again. If it happens again, reload the page: the engine is not to be trusted.',
      })
    }
    await checkNulls(lakehouse, table, blueprint)
    await checkKey(lakehouse, table, blueprint)
    return { ...(await describeTable(lakehouse, table)), quarantine, expectations: judged?.expectations ?? [] }
  } catch (error) {
    await lakehouse.drop(table)
    if (held !== null) await lakehouse.drop(held)
    throw datasetError(error, blueprint)
  }
}

/** The declared columns, or those of the query when none are declared. */
async function matchColumns(
  lakehouse: Lakehouse,
  blueprint: TableBlueprint,
  query: QueryPieces,
): Promise<DeclaredColumn[]> {
  const given = await lakehouse.describe(query.pieces[0] ?? '')
  const declared = blueprint.columns
  if (declared === null) return given.map(({ name, type }) => ({ name, type: widened(type), generatedSql: null }))
  const fromQuery = declared.filter(({ generatedSql }) => generatedSql === null)
  const names = (columns: readonly { name: string }[]) => new Set(columns.map(({ name }) => name.toLowerCase()))
  const [have, want, all] = [names(given), names(fromQuery), names(declared)]
  const missing = fromQuery.filter(({ name }) => !have.has(name.toLowerCase()))
  const extra = given.filter(({ name }) => !want.has(name.toLowerCase()) && !all.has(name.toLowerCase()))
  if (missing.length > 0 || extra.length > 0) throw wrongColumns(blueprint, missing, extra)
  return declared
}

/** DuckDB sums integers to HUGEINT, Spark to BIGINT; a sum that does not fit raises. */
function widened(type: string): string {
  return type === 'HUGEINT' ? 'BIGINT' : type
}

async function createEmpty(
  lakehouse: Lakehouse,
  { expectations }: TableBlueprint,
  query: QueryPieces,
  columns: readonly DeclaredColumn[],
  table: string,
  held: string | null,
): Promise<void> {
  const [first = ''] = query.pieces
  const rows = `SELECT ${columnNames(columns)} FROM (${datasetSelect(first, columns, expectations)}) AS built`
  await lakehouse.drop(table)
  await lakehouse.database.run(`CREATE TABLE ${quoteName(table)} AS ${rows} WITH NO DATA`)
  if (held === null) return
  await lakehouse.drop(held)
  await lakehouse.database.run(
    `CREATE TABLE ${quoteName(held)} AS
     SELECT *, [''] AS "_failed_expectations", '' AS "_update_id" FROM ${quoteName(table)} WITH NO DATA`,
  )
}

/** Returns what the expectations found over all pieces; null when there are none. */
async function insertPieces(
  context: BuildContext,
  targets: { table: string; held: string | null },
  blueprint: TableBlueprint,
  columns: readonly DeclaredColumn[],
  query: QueryPieces,
): Promise<Judgement | null> {
  const { lakehouse, signal, progress, pieceBuilt } = context
  let judged: Judgement | null = null
  for (const [index, piece] of query.pieces.entries()) {
    throwIfCanceled(signal)
    const rows = datasetSelect(piece, columns, blueprint.expectations)
    if (blueprint.expectations.length === 0) {
      await lakehouse.database.runCancellable(`INSERT INTO ${quoteName(targets.table)} ${rows}`, signal)
    } else {
      // Uncompressed on its way: each piece is looked at three times, and rows of a compressed table cost much to delete.
      const found = await lakehouse.stagedQuery(rows, signal, (staged) =>
        distribute(context, targets, blueprint, columns, staged),
      )
      judged = judged === null ? found : addJudgements(judged, found)
    }
    const built = await lakehouse.count(targets.table)
    progress(built)
    if (index === query.pieces.length - 1) break
    const held = targets.held === null ? null : { table: targets.held, rows: await lakehouse.count(targets.held) }
    await pieceBuilt({ table: targets.table, rows: built, held })
  }
  return judged
}

/** Judges staged rows, and moves them to the table or, when a DROP rule rejects them, to the quarantine. */
async function distribute(
  { lakehouse, updateId, signal }: BuildContext,
  { table, held }: { table: string; held: string | null },
  blueprint: TableBlueprint,
  columns: readonly DeclaredColumn[],
  staged: string,
): Promise<Judgement> {
  const { expectations } = blueprint
  const judged = await judge(lakehouse, staged, expectations)
  await failWhereAsked(lakehouse, staged, blueprint, judged)
  const names = columnNames(columns)
  const dropped = violates(actionMask(expectations, 'drop'))
  const kept = held === null ? '' : ` WHERE NOT ${dropped}`
  await lakehouse.database.runCancellable(
    `INSERT INTO ${quoteName(table)} SELECT ${names} FROM ${staged}${kept}`,
    signal,
  )
  if (held !== null) {
    await lakehouse.database.run(
      `INSERT INTO ${quoteName(held)}
       SELECT ${names}, ${violatedNames(expectations, 'drop')}, '${updateId}' FROM ${staged} WHERE ${dropped}`,
    )
  }
  return judged
}

async function describeTable(lakehouse: Lakehouse, table: string) {
  return {
    table,
    rows: await lakehouse.count(table),
    columns: await lakehouse.describe(`SELECT * FROM ${quoteName(table)}`),
  }
}

function columnNames(columns: readonly DeclaredColumn[]): string {
  return columns.map(({ name }) => quoteIdentifier(name)).join(', ')
}

async function failWhereAsked(
  lakehouse: Lakehouse,
  staged: string,
  blueprint: TableBlueprint,
  judged: Judgement,
): Promise<void> {
  const index = judged.expectations.findIndex(({ action, failed }) => action === 'fail' && failed > 0)
  const expectation = judged.expectations[index]
  if (expectation === undefined) return
  const row = await firstRow(lakehouse, staged, violates(1n << BigInt(index)))
  throw failedExpectation(blueprint, expectation, judged.total, row)
}

async function checkNulls(lakehouse: Lakehouse, table: string, blueprint: TableBlueprint): Promise<void> {
  const required = (blueprint.columns ?? []).filter(({ notNull }) => notNull)
  if (required.length === 0) return
  const counts = required.map(({ name }) => `count(*) FILTER (WHERE ${quoteIdentifier(name)} IS NULL)`)
  const nulls = await lakehouse.row(`SELECT ${counts.join(', ')} FROM ${quoteName(table)}`)
  const index = nulls.findIndex((count) => Number(count) > 0)
  const column = required[index]
  if (column === undefined) return
  const row = await firstRow(lakehouse, quoteName(table), `${quoteIdentifier(column.name)} IS NULL`)
  throw nullViolation(blueprint, column.name, Number(nulls[index]), row)
}

const LISTED_DUPLICATES = 10

async function checkKey(lakehouse: Lakehouse, table: string, blueprint: TableBlueprint): Promise<void> {
  if (blueprint.primaryKey === null || blueprint.primaryKey.length === 0) return
  const duplicates = await duplicateKeys(lakehouse, table, blueprint.primaryKey, LISTED_DUPLICATES)
  if (duplicates.length > 0) throw duplicateKeysError(blueprint, blueprint.primaryKey, duplicates)
}

async function firstRow(lakehouse: Lakehouse, rows: string, where: string): Promise<string> {
  const [row] = await lakehouse.row(
    `SELECT CAST(row AS VARCHAR) FROM (SELECT COLUMNS(c -> c <> '${VIOLATIONS}') FROM ${rows} WHERE ${where} LIMIT 1) AS row`,
  )
  return String(row)
}
