import type { Dataset } from '@/domain/pipeline/project'
import type { TranslatedDataset } from '@/engine/project-translate'

/** Raised when the engine builds other rows or files from the same definition than it did before. */
const BUILD_FORMAT = 2

/**
 * A digest of everything that makes a dataset's rows and its table but the inputs: SQL as it is run (so with the business
 * date and configuration values that it uses), columns, expectations, keys, layout, properties, comments.
 */
export async function definitionDigest(dataset: Dataset, translated: TranslatedDataset | undefined): Promise<string> {
  const { primaryKey, partitionedBy, clusterBy, comment, properties } = dataset
  const definition = JSON.stringify({
    format: BUILD_FORMAT,
    query: translated?.query?.duckdbSql,
    columns: translated?.columns,
    expectations: translated?.expectations,
    primaryKey,
    partitionedBy,
    clusterBy,
    comment,
    properties: Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)),
  })
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(definition)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
