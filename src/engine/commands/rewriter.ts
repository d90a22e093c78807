import type { AddFile } from '@/domain/delta/actions'
import { rowsOf } from '@/domain/delta/scan/plan-scan'
import { quoteName } from '@/domain/sql/quote'
import { readRows } from '@/engine/gold/read-rows'
import { PartWriter } from '@/engine/run/part-writer'
import { TableStore } from '@/engine/run/store-table'
import type { CommandContext, CommandTable } from './command-table'
import { cutAlongCurve } from './cut-along-curve'

/** Where rows are on their way from files to files. */
const SCHEMA = 'engine'

/** What became of the rows of files. */
export interface Rewritten {
  /** Files with the rows that stay. */
  added: AddFile[]
  /** Rows that were there, and those of them that stay. */
  rows: number
  kept: number
}

/** Reads data files of one table and stores their rows in others. Nothing of it is part of the table until it is committed. */
export class Rewriter {
  readonly #context: CommandContext
  readonly #table: CommandTable
  readonly #writer: PartWriter
  readonly #written: AddFile[] = []

  constructor(context: CommandContext, table: CommandTable) {
    this.#context = context
    this.#table = table
    this.#writer = new PartWriter(context.codec, context.deltaTables)
  }

  /** Says that a version names all files that were written. */
  readonly keep = (): void => this.#writer.keep(this.#written)

  /** Removes the files that are not to be kept. */
  close(): Promise<void> {
    return this.#writer.close()
  }

  /** The rows of one partition's files as `parts` files that each hold a stretch of the curve through the columns. */
  arrange(files: readonly AddFile[], clusterBy: readonly string[], parts: number): Promise<Rewritten> {
    return this.#reading(files, async (rows, count) => {
      const { lakehouse } = this.#context
      const added: AddFile[] = []
      const columns = this.#table.columns.filter(({ name }) => clusterBy.includes(name))
      for await (const part of cutAlongCurve(lakehouse, rows, columns, parts)) {
        added.push(...(await this.#store(part, clusterBy)))
      }
      return { added, rows: count, kept: count }
    })
  }

  /** The file's rows without those for which the condition, in DuckDB SQL, is TRUE. A file that loses none is left alone. */
  without(file: AddFile, condition: string, alias: string, clusterBy: readonly string[]): Promise<Rewritten> {
    return this.#reading([file], async (rows, count) => {
      const { lakehouse, signal } = this.#context
      const kept = `${rows}__kept`
      try {
        await lakehouse.database.runCancellable(
          `CREATE TABLE ${quoteName(kept)} AS SELECT * FROM ${quoteName(rows)} AS ${quoteName(alias)} WHERE (${condition}) IS NOT TRUE`,
          signal,
        )
        const left = await lakehouse.count(kept)
        const added = left === 0 || left === count ? [] : await this.#store(kept, clusterBy)
        return { added, rows: count, kept: left }
      } finally {
        await lakehouse.drop(kept)
      }
    })
  }

  async #reading(
    files: readonly AddFile[],
    work: (rows: string, count: number) => Promise<Rewritten>,
  ): Promise<Rewritten> {
    const { lakehouse, codec, deltaTables, gold } = this.#context
    const { name, columns, snapshot } = this.#table
    const target = `${SCHEMA}.rewrite_${crypto.randomUUID().replaceAll('-', '')}`
    const count = rowsOf(files)
    await gold.makeRoom()
    const source = { name, columns, rows: count, snapshot: { files: [...files], metaData: snapshot.metaData } }
    await readRows({ lakehouse, codec, tables: deltaTables }, source, target)
    try {
      return await work(target, count)
    } finally {
      await lakehouse.drop(target)
    }
  }

  async #store(table: string, clusterColumns: readonly string[]): Promise<AddFile[]> {
    const { lakehouse, signal } = this.#context
    const { name, path, columns, snapshot } = this.#table
    const { partitionColumns, configuration, description } = snapshot.metaData
    const keyValueMetadata = { ...configuration, 'goldsmith.table': name, 'goldsmith.comment': description ?? '' }
    const cluster = { clusterColumns: [...clusterColumns], clusterFromGroups: 2 }
    const request = { path, table, columns, partitionColumns, ...cluster, keyValueMetadata }
    const store = new TableStore({ lakehouse, writer: this.#writer, signal }, request)
    await store.add(await lakehouse.count(table), true)
    const files = await store.files()
    this.#written.push(...files)
    return files
  }
}
