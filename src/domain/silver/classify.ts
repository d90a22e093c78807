/** Which Silver table a dropped file belongs to, told from its path alone. */

/** Files that writers of Parquet folders leave beside the data: markers, checksums, hidden files. */
export function isSidecar(path: string): boolean {
  const name = path.split('/').at(-1) ?? ''
  return name.startsWith('_') || name.startsWith('.') || name.endsWith('.crc')
}

/**
 * The table whose bare name a path carries, or null. The file's own name decides ("orders.parquet", "silver.orders.parquet",
 * "orders-2024-01.parquet", "orders (1).parquet"); else the nearest folder with a table's name
 * ("orders/part-00000.snappy.parquet", "silver/orders/date=2024-01-01/a.parquet").
 */
export function tableOfPath(path: string, tables: readonly string[]): string | null {
  const parts = path.toLowerCase().split('/')
  const fileName = parts.pop() ?? ''
  const byBareName = new Map(tables.map((table) => [bareName(table), table]))
  for (const candidate of nameCandidates(fileName)) {
    const table = byBareName.get(candidate)
    if (table !== undefined) return table
  }
  for (const folder of parts.reverse()) {
    const table = byBareName.get(folder) ?? byBareName.get(bareName(folder))
    if (table !== undefined) return table
  }
  return null
}

/** "silver.orders" → "orders". */
export function bareName(table: string): string {
  return table.toLowerCase().split('.').at(-1) ?? table
}

/** From the most to the least literal reading of a file name. */
function nameCandidates(fileName: string): string[] {
  const stem = fileName.replace(/(\.(snappy|gz|gzip|zstd|zst|lz4|brotli|br))?\.(parquet|parq|pq)$/, '')
  const withoutSchema = stem.replace(/^silver[._-]/, '')
  // A part number, a date or a browser's copy counter after the name.
  const withoutSuffix = withoutSchema.replace(/([._-](part|v)?[._-]?\d[\d._-]*| ?\(\d+\)| - copy)$/, '')
  return [stem, withoutSchema, withoutSuffix]
}
