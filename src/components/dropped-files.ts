export interface DroppedFile {
  /** Path inside the dropped folder, or the bare name. */
  path: string
  file: File
}

/** Files of a drop, folders walked to their leaves. Hidden files (".DS_Store") are left out. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // The list of items is emptied as soon as the event handler yields: take the entries first.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const files = entries.length > 0 ? await walkAll(entries) : Array.from(transfer.files, asDropped)
  return files.filter(isVisible)
}

/** Files of a file or folder input. */
export function pickedFiles(list: FileList): DroppedFile[] {
  return Array.from(list, asDropped).filter(isVisible)
}

function asDropped(file: File): DroppedFile {
  return { path: file.webkitRelativePath || file.name, file }
}

function isVisible({ path }: DroppedFile): boolean {
  return !path.split('/').some((part) => part.startsWith('.'))
}

async function walkAll(entries: FileSystemEntry[]): Promise<DroppedFile[]> {
  return (await Promise.all(entries.map(walk))).flat()
}

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  if (!isFolder(entry)) return []
  const reader = entry.createReader()
  const children: FileSystemEntry[] = []
  for (;;) {
    // One call gives at most a hundred entries.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) break
    children.push(...part)
  }
  return walkAll(children)
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
