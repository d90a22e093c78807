import { GoldsmithError } from '@/domain/errors'
import type { AddFile, MetaData, Protocol } from './actions'
import { unsupportedFeature } from './log-error'
import type { DeltaColumn } from './schema'

/**
 * Features that ask nothing of a reader beyond what Goldsmith does anyway. The last three do where they are in use, which is not
 * the protocol's to say: Databricks lists the first of them for every new table. Their use is refused where it is met: in a file's
 * action, in the table's properties, in the checkpoint.
 */
const readable = new Set(['timestampNtz', 'vacuumProtocolCheck', 'deletionVectors', 'columnMapping', 'v2Checkpoint'])

const highestWriterVersion = 4

/** Table properties that switch on a feature that Goldsmith does not have, unless they have the harmless value. */
const featureProperties: Record<string, { feature: string; harmless: string }> = {
  'delta.columnMapping.mode': { feature: 'columnMapping', harmless: 'none' },
  'delta.enableDeletionVectors': { feature: 'deletionVectors', harmless: 'false' },
  'delta.checkpointPolicy': { feature: 'v2Checkpoint', harmless: 'classic' },
  'delta.enableRowTracking': { feature: 'rowTracking', harmless: 'false' },
  'delta.enableInCommitTimestamps': { feature: 'inCommitTimestamp', harmless: 'false' },
  'delta.enableTypeWidening': { feature: 'typeWidening', harmless: 'false' },
  'delta.enableIcebergCompatV1': { feature: 'icebergCompatV1', harmless: 'false' },
  'delta.enableIcebergCompatV2': { feature: 'icebergCompatV2', harmless: 'false' },
  'delta.enableVariantShredding': { feature: 'variantShredding', harmless: 'false' },
}

/** Delta takes these as orders to raise the protocol; they are never stored as properties. */
const protocolProperty = /^delta\.(?:feature\.)?((?<=feature\.).+|minReaderVersion|minWriterVersion)$/

/**
 * Throws `delta.unsupported_feature`, naming the feature, when rows read from these files would be wrong or incomplete.
 * `table` is the table's folder, for the message.
 */
export function checkReadable(table: string, protocol: Protocol, metaData: MetaData, files: Iterable<AddFile>): void {
  const refuse = (feature: string, why: string): never => {
    throw unsupportedFeature(
      feature,
      `The Delta table “${table}” cannot be read: ${why}`,
      'Write the table again without this feature, or export it as plain Parquet, and load that.',
      table,
    )
  }
  if (protocol.minReaderVersion > 3) {
    refuse(`readerVersion ${protocol.minReaderVersion}`, 'it needs a newer version of the Delta protocol')
  }
  if (protocol.minReaderVersion === 3) {
    for (const feature of protocol.readerFeatures ?? []) {
      if (!readable.has(feature)) refuse(feature, 'it needs a feature that Goldsmith does not have')
    }
  }
  const mappingMode = metaData.configuration['delta.columnMapping.mode'] ?? 'none'
  if (mappingMode !== 'none') refuse('columnMapping', `its columns are mapped by ${mappingMode}`)
  if (metaData.format.provider !== 'parquet') refuse(`format ${metaData.format.provider}`, 'its files are not Parquet')
  for (const file of files) {
    if (file.deletionVector !== undefined) refuse('deletionVectors', `rows of “${file.path}” are deleted by a vector`)
  }
}

/**
 * Throws when the table's rows may not be replaced: `delta.unsupported_feature` when a writer that honours its protocol must
 * do more than Goldsmith does, `delta.append_only` when its (new) properties forbid to remove rows.
 */
export function checkWritable(
  table: string,
  { protocol, files }: { protocol: Protocol; files: readonly AddFile[] },
  properties: Record<string, string>,
): void {
  if (properties['delta.appendOnly']?.toLowerCase() === 'true' && files.length > 0) {
    throw new GoldsmithError({
      code: 'delta.append_only',
      message: `The rows of the table “${table}” may not be replaced: its property delta.appendOnly is true.`,
      remedy: 'Remove this property from TBLPROPERTIES.',
    })
  }
  if (protocol.minWriterVersion <= highestWriterVersion) return
  throw unsupportedFeature(
    protocol.writerFeatures?.join(', ') ?? `writerVersion ${protocol.minWriterVersion}`,
    `The Delta table “${table}” cannot be written: it needs features that Goldsmith does not have`,
    'Store the result under another name, or remove this table first.',
    table,
  )
}

/**
 * The lowest protocol whose writers honour the table's definition: 1/2; writer 3 for CHECK constraints; 4 for generated
 * columns and the change data feed. Throws `delta.unsupported_feature` for a property that would need more than that.
 */
export function requiredProtocol(columns: readonly DeltaColumn[], configuration: Record<string, string>): Protocol {
  for (const [property, value] of Object.entries(configuration)) checkProperty(property, value)
  const keys = Object.keys(configuration)
  const changeDataFeed = configuration['delta.enableChangeDataFeed']?.toLowerCase() === 'true'
  if (changeDataFeed || columns.some((column) => column.generationExpression !== null)) {
    return { minReaderVersion: 1, minWriterVersion: 4 }
  }
  if (keys.some((key) => key.startsWith('delta.constraints.'))) return { minReaderVersion: 1, minWriterVersion: 3 }
  return { minReaderVersion: 1, minWriterVersion: 2 }
}

function checkProperty(property: string, value: string): void {
  const known = Object.hasOwn(featureProperties, property) ? featureProperties[property] : undefined
  const asked = known === undefined ? protocolProperty.exec(property)?.[1] : known.feature
  if (asked === undefined || value.toLowerCase() === known?.harmless) return
  throw new GoldsmithError({
    code: 'delta.unsupported_feature',
    message: `The table property '${property}' = '${value}' asks for the Delta feature “${asked}”, which Goldsmith cannot write.`,
    remedy: 'Remove this property from TBLPROPERTIES.',
  })
}
