import type { Dataset } from '@/domain/pipeline/project'
import type { TranslatedDataset } from '@/engine/project-translate'

/** Raised when the engine builds other rows or files from the same definition than it did before. */
const BUILD_FORMAT = 2

function ofQuery(translated: TranslatedDataset | undefined): object {
  const { query, columns, expectations } = translated ?? {}
  return { query: query?.duckdbSql, columns, expectations }
}

/** As written, and so without the business date: a streaming table is not computed anew each day. */
function ofFlows({ expectations }: Dataset, translated: TranslatedDataset | undefined): object {
  const flows = translated?.flows.map((flow) =>
    flow.kind === 'append' ? [flow.name, flow.text] : { ...flow, ...NO_SQL },
  )
  const rules = expectations.map(({ name, action, expression }) => [name, action, expression.text])
  return { flows, columns: translated?.columns, expectations: rules }
}

/** A flow's texts say the same. */
const NO_SQL = { sequenceSql: undefined, deleteSql: undefined }

/**
 * A digest of everything that makes a dataset's rows and its table but the inputs: SQL as it is run (so with the business
 * date and configuration values that it uses), columns, expectations, keys, layout, properties, comments.
 */
export async function definitionDigest(dataset: Dataset, translated: TranslatedDataset | undefined): Promise<string> {
  const { primaryKey, partitionedBy, clusterBy, comment, properties } = dataset
  const definition = JSON.stringify({
    format: BUILD_FORMAT,
    ...(dataset.kind === 'streaming_table' ? ofFlows(dataset, translated) : ofQuery(translated)),
    primaryKey,
    partitionedBy,
    clusterBy,
    comment,
    properties: Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)),
  })
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(definition)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
