import { GoldsmithError } from '@/domain/errors'
import type { ReadableFiles } from '@/engine/ports'
import type { InputFile } from '@/rpc/contract'

/** The files of a folder that was dropped on the page, to be read as those of a store are. */
export class DroppedFiles implements ReadableFiles {
  readonly #files: ReadonlyMap<string, File>

  /** `root` is the folder's path among the dropped files, `folder` the name that it has here. */
  constructor(files: readonly InputFile[], root: string, folder: string) {
    const start = root === '' ? 0 : root.length + 1
    this.#files = new Map(files.map(({ path, file }) => [composed(`${folder}/${path.slice(start)}`), file]))
  }

  async list(folder: string): Promise<string[]> {
    const prefix = `${composed(folder)}/`
    const inside = [...this.#files.keys()].filter((path) => path.startsWith(prefix))
    return inside.map((path) => path.slice(prefix.length)).sort()
  }

  async open(path: string): Promise<File> {
    const file = this.#files.get(composed(path))
    if (file !== undefined) return file
    throw new GoldsmithError({
      code: 'storage.missing',
      message: `“${path}” is not among the dropped files.`,
      remedy: 'Drop the whole folder.',
      file: path,
    })
  }
}

/** File systems of macOS may give names with their accents taken apart. */
function composed(path: string): string {
  return path.normalize('NFC')
}
