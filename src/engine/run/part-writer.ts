import type { AddFile } from '@/domain/delta/actions'
import type { DeltaTables, Part } from '@/engine/delta/delta-table'
import type { EncodeOptions, ParquetCodec } from '@/engine/ports'

/**
 * Encodes and stores data files on the codec's threads while the rows of the next ones are read. All tables of a commit share
 * one writer: the last files of one are encoded while the next table is read, and together they hold no more memory than one.
 */
export class PartWriter {
  readonly #codec: ParquetCodec
  readonly #tables: DeltaTables
  readonly #writes: Promise<AddFile>[] = []

  constructor(codec: ParquetCodec, tables: DeltaTables) {
    this.#codec = codec
    this.#tables = tables
  }

  /**
   * Takes over an Arrow stream. Resolves when there is room for the next one; `stored` settles when the file is on disk, read
   * back and counted. Rejects when an earlier file could not be stored.
   */
  async add(
    path: string,
    part: Part,
    stream: Uint8Array,
    options: EncodeOptions,
  ): Promise<{ stored: Promise<AddFile> }> {
    const stored = this.#codec.encode(stream, options).then((bytes) => this.#tables.writePart(path, part, bytes))
    // Reported to whoever awaits it; it must not count as unhandled until then.
    stored.catch(() => undefined)
    this.#writes.push(stored)
    // Bounds what is in memory: one file an encoder and one on its way.
    await this.#writes[this.#writes.length - 1 - this.#codec.parallelism]
    return { stored }
  }

  /** Resolves when nothing is being written any more, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }
}
