import type { AddFile } from '@/domain/delta/actions'
import type { DeltaTables, Part } from '@/engine/delta/delta-table'
import type { EncodeOptions, ParquetCodec } from '@/engine/ports'

/** Files on their way that together have no more bytes than this do not count as large: many partitions are small. */
const FEW_BYTES = 32 * 1024 * 1024
/** Small files on their way at most. */
const MOST_SMALL = 24

/**
 * Encodes and stores data files on the codec's threads while the rows of the next ones are read. All tables of a commit share
 * one writer: the last files of one are encoded while the next table is read, and together they hold no more memory than one.
 */
export class PartWriter {
  readonly #codec: ParquetCodec
  readonly #tables: DeltaTables
  readonly #writes: Promise<AddFile>[] = []
  /** Files that are not stored yet, with the bytes that they are made of. */
  readonly #onTheirWay = new Map<Promise<AddFile>, number>()
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
    const { length } = stream
    const stored = this.#codec.encode(stream, options).then(async (bytes) => {
      const file = await this.#tables.writePart(path, part, bytes)
      this.#unnamed.set(file, path)
      return file
    })
    this.#writes.push(stored)
    this.#onTheirWay.set(stored, length)
    // Reported to whoever awaits it; it must not count as unhandled until then.
    stored.catch(() => undefined).finally(() => this.#onTheirWay.delete(stored))
    while (this.#isFull()) await Promise.race(this.#onTheirWay.keys())
    return { stored }
  }

  /** Bounds what is in memory: of large files one an encoder and one on its way, of small ones so many that the disk has work. */
  #isFull(): boolean {
    const files = this.#onTheirWay.size
    if (files <= this.#codec.parallelism) return false
    const bytes = [...this.#onTheirWay.values()].reduce((sum, one) => sum + one, 0)
    return bytes > FEW_BYTES || files > MOST_SMALL
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
