import type { Action, AddFile, CommitInfo, MetaData, Protocol, RemoveFile, Transaction } from './actions'
import { FieldReader, isJsonObject, type JsonObject } from './field-reader'
import { invalidLog, type LogPlace } from './log-error'

/** One log entry's text: an action a line, the last line ended too. */
export function formatCommit(actions: readonly Action[]): string {
  return actions.map((action) => `${JSON.stringify(action)}\n`).join('')
}

/**
 * The actions of one log entry. Unknown actions and fields are ignored, as the protocol demands.
 * Throws `delta.invalid_log` with file and line.
 */
export function parseCommit(text: string, file: string): Action[] {
  const actions: Action[] = []
  text.split('\n').forEach((lineText, index) => {
    if (lineText.trim() === '') return
    const place = { file, line: index + 1 }
    const action = readAction(parseLine(lineText, place), place)
    if (action !== null) actions.push(action)
  })
  return actions
}

function parseLine(lineText: string, place: LogPlace): JsonObject {
  let parsed: unknown
  try {
    parsed = JSON.parse(lineText)
  } catch {
    throw invalidLog(place, 'this is not a whole JSON object.')
  }
  if (!isJsonObject(parsed)) throw invalidLog(place, 'this is not a JSON object.')
  return parsed
}

/** The action that an object holds under its name; null for one that is not known. Throws `delta.invalid_log`. */
export function readAction(parsed: JsonObject, place: LogPlace): Action | null {
  const reader = (name: string) => new FieldReader(name, parsed[name], place)
  if (isJsonObject(parsed.commitInfo)) return { commitInfo: commitInfo(parsed.commitInfo) }
  if ('protocol' in parsed) return { protocol: protocol(reader('protocol')) }
  if ('metaData' in parsed) return { metaData: metaData(reader('metaData')) }
  if ('txn' in parsed) return { txn: transaction(reader('txn')) }
  if ('remove' in parsed) return { remove: removeFile(reader('remove')) }
  if ('add' in parsed) return { add: addFile(reader('add')) }
  return null
}

/** Implementations may store anything here, so nothing is required and nothing of another type is an error. */
function commitInfo(fields: JsonObject): CommitInfo {
  const {
    timestamp,
    operation,
    operationParameters,
    operationMetrics,
    isBlindAppend,
    engineInfo,
    txnId,
    userMetadata,
  } = fields
  return {
    ...(typeof timestamp === 'number' ? { timestamp } : {}),
    operation: typeof operation === 'string' ? operation : 'UNKNOWN',
    operationParameters: isJsonObject(operationParameters) ? operationParameters : {},
    operationMetrics: isJsonObject(operationMetrics) ? metrics(operationMetrics) : {},
    ...(typeof isBlindAppend === 'boolean' ? { isBlindAppend } : {}),
    ...(typeof engineInfo === 'string' ? { engineInfo } : {}),
    ...(typeof txnId === 'string' ? { txnId } : {}),
    ...(typeof userMetadata === 'string' ? { userMetadata } : {}),
  }
}

/** Spark writes metrics as strings, delta-rs as numbers. */
function metrics(object: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

function texts(object: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function protocol(fields: FieldReader): Protocol {
  return {
    minReaderVersion: fields.number('minReaderVersion'),
    minWriterVersion: fields.number('minWriterVersion'),
    ...(fields.has('readerFeatures') ? { readerFeatures: fields.texts('readerFeatures') } : {}),
    ...(fields.has('writerFeatures') ? { writerFeatures: fields.texts('writerFeatures') } : {}),
  }
}

function metaData(fields: FieldReader): MetaData {
  const format = fields.object('format')
  return {
    id: fields.text('id'),
    ...(fields.has('name') ? { name: fields.text('name') } : {}),
    ...(fields.has('description') ? { description: fields.text('description') } : {}),
    format: {
      provider: typeof format.provider === 'string' ? format.provider : 'parquet',
      options: isJsonObject(format.options) ? texts(format.options) : {},
    },
    schemaString: fields.text('schemaString'),
    partitionColumns: fields.texts('partitionColumns'),
    configuration: fields.has('configuration') ? fields.textMap('configuration') : {},
    ...(fields.has('createdTime') ? { createdTime: fields.number('createdTime') } : {}),
  }
}

function transaction(fields: FieldReader): Transaction {
  return {
    appId: fields.text('appId'),
    version: fields.number('version'),
    ...(fields.has('lastUpdated') ? { lastUpdated: fields.number('lastUpdated') } : {}),
  }
}

function addFile(fields: FieldReader): AddFile {
  return {
    path: fields.text('path'),
    partitionValues: fields.has('partitionValues') ? fields.nullableTextMap('partitionValues') : {},
    size: fields.number('size'),
    modificationTime: fields.number('modificationTime'),
    dataChange: fields.boolean('dataChange'),
    ...(fields.has('stats') ? { stats: fields.text('stats') } : {}),
    ...(fields.has('tags') ? { tags: fields.nullableTextMap('tags') } : {}),
    ...(fields.has('deletionVector') ? { deletionVector: fields.object('deletionVector') } : {}),
  }
}

function removeFile(fields: FieldReader): RemoveFile {
  return {
    path: fields.text('path'),
    dataChange: fields.boolean('dataChange'),
    ...(fields.has('deletionTimestamp') ? { deletionTimestamp: fields.number('deletionTimestamp') } : {}),
    ...(fields.has('extendedFileMetadata') ? { extendedFileMetadata: fields.boolean('extendedFileMetadata') } : {}),
    ...(fields.has('partitionValues') ? { partitionValues: fields.nullableTextMap('partitionValues') } : {}),
    ...(fields.has('size') ? { size: fields.number('size') } : {}),
  }
}
