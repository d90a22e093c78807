import { Table, tableFromIPC, tableToIPC, Vector } from 'apache-arrow'
import type { Action } from '@/domain/delta/actions'
import { readAction } from '@/domain/delta/commit-file'
import { isJsonObject, type JsonObject } from '@/domain/delta/field-reader'
import { unsupportedFeature } from '@/domain/delta/log-error'
import type { ParquetCodec } from '@/engine/ports'
import { columnData, type Fields, plainValue } from './nested-columns'

/** PROTOCOL.md, “Checkpoint Schema”, and the fields of tombstones and transactions that Delta's own writer keeps as well. */
const written: Record<string, Fields> = {
  txn: { appId: 'text', version: 'long', lastUpdated: 'long' },
  add: {
    path: 'text',
    partitionValues: 'textMap',
    size: 'long',
    modificationTime: 'long',
    dataChange: 'boolean',
    tags: 'textMap',
    stats: 'text',
  },
  remove: {
    path: 'text',
    deletionTimestamp: 'long',
    dataChange: 'boolean',
    extendedFileMetadata: 'boolean',
    partitionValues: 'textMap',
    size: 'long',
  },
  metaData: {
    id: 'text',
    name: 'text',
    description: 'text',
    format: { provider: 'text', options: 'textMap' },
    schemaString: 'text',
    partitionColumns: 'texts',
    configuration: 'textMap',
    createdTime: 'long',
  },
  protocol: { minReaderVersion: 'int', minWriterVersion: 'int', readerFeatures: 'texts', writerFeatures: 'texts' },
}

/** What others may have written and a reader must know of. */
const read: Record<string, Fields> = {
  ...written,
  add: { ...written.add, deletionVector: { storageType: 'text' }, stats_parsed: { numRecords: 'long' } },
  sidecar: { path: 'text' },
}

/** A checkpoint's Parquet file: one column for each kind of action, one action a row. */
export function encodeCheckpoint(codec: Pick<ParquetCodec, 'encode'>, actions: readonly Action[]): Promise<Uint8Array> {
  const columns = Object.entries(written).map(([kind, fields]) => {
    const values = actions.map((action) => new Map<string, unknown>(Object.entries(action)).get(kind))
    return [kind, new Vector([columnData(values, fields)])] as const
  })
  const stream = tableToIPC(new Table(Object.fromEntries(columns)), 'stream')
  return codec.encode(stream, { dictionaryColumns: [], deltaColumns: [], keyValueMetadata: {} })
}

/**
 * The actions of one file of a checkpoint. Rejects with `parquet.*` or `delta.invalid_log` when it is damaged, and with
 * `delta.unsupported_feature` when its files are listed elsewhere.
 */
export async function decodeCheckpoint(
  codec: Pick<ParquetCodec, 'inspect' | 'decode'>,
  file: Blob,
  name: string,
): Promise<Action[]> {
  const info = await codec.inspect(file, name)
  const columns = info.columns.map((column) => column.name).filter((column) => Object.hasOwn(read, column))
  const actions: Action[] = []
  let row = 0
  for (const [index, { rows }] of info.rowGroups.entries()) {
    const table = tableFromIPC(await codec.decode(file, name, { index, rows }, columns))
    for (let offset = 0; offset < rows; offset += 1) {
      row += 1
      for (const kind of columns) {
        const column = table.getChild(kind)
        const value = column === null ? null : plainValue(column, offset, read[kind] ?? {})
        if (value === null) continue
        if (kind === 'sidecar') throw sidecars(name)
        const action = readAction({ [kind]: kind === 'add' ? withStatistics(value) : value }, { file: name, row })
        if (action !== null) actions.push(action)
      }
    }
  }
  return actions
}

/** Statistics may be there only as typed values; of these, the number of rows is what reading needs. */
function withStatistics(add: unknown): unknown {
  if (!isJsonObject(add)) return add
  const { stats_parsed: parsed, ...fields }: JsonObject = add
  const isWanted = typeof fields.stats !== 'string' && isJsonObject(parsed) && typeof parsed.numRecords === 'number'
  return isWanted ? { ...fields, stats: JSON.stringify({ numRecords: parsed.numRecords }) } : fields
}

function sidecars(file: string): Error {
  return unsupportedFeature(
    'v2Checkpoint',
    `The checkpoint “${file}” keeps its files in sidecars`,
    'Write the table with the property delta.checkpointPolicy = classic, or load its rows as plain Parquet.',
    file,
  )
}
