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
  /** Files on disk that no version names, with the folder of their table. */
  readonly #unnamed = new Map<AddFile, string>()

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
    const stored = this.#codec.encode(stream, options).then(async (bytes) => {
      const file = await this.#tables.writePart(path, part, bytes)
      this.#unnamed.set(file, path)
      return file
    })
    // Reported to whoever awaits it; it must not count as unhandled until then.
    stored.catch(() => undefined)
    this.#writes.push(stored)
    // Bounds what is in memory: one file an encoder and one on its way.
    await this.#writes[this.#writes.length - 1 - this.#codec.parallelism]
    return { stored }
  }

  /** Says that a version names the files now. */
  keep(files: readonly AddFile[]): void {
    for (const file of files) this.#unnamed.delete(file)
  }

  /** Waits until nothing is being written any more, and removes the files that are not to be kept. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writes)
    // A file that cannot be removed is harmless, and what went wrong before says more than that it stayed.
    await Promise.allSettled([...this.#unnamed].map(([file, path]) => this.#tables.removePart(path, file)))
  }
}
