/**
 * Surgery on Arrow IPC streams without touching their data: a stream is a schema message, record batch messages and
 * an end marker, each message standing for itself (Arrow columnar format, "IPC Streaming Format").
 */

import { type DataType, type Field, Message, RecordBatchStreamReader, Schema, Table, tableToIPC } from 'apache-arrow'
import { concatBytes } from '@/domain/bytes'

const CONTINUATION = 0xffffffff
/** Continuation marker and metadata length. */
const PREFIX_BYTES = 8

/** One stream with the batches of all: they must share a schema. Dictionaries are not supported. */
export function concatStreams(streams: Uint8Array[]): Uint8Array {
  const [first] = streams
  if (first === undefined) throw new RangeError('no stream to concatenate')
  if (streams.length === 1) return first
  const parts = streams.map((stream, index) =>
    stream.subarray(index === 0 ? 0 : schemaEnd(stream), messagesEnd(stream)),
  )
  const end = new Uint8Array(PREFIX_BYTES)
  new DataView(end.buffer).setUint32(0, CONTINUATION, true)
  return concatBytes([...parts, end])
}

/**
 * The stream with other column types of the same memory layout: `retype` returns the new type, or null to keep it.
 * (A timestamp with a zone and one without hold the same numbers.)
 */
export function retypeStream(stream: Uint8Array, retype: (field: Field) => DataType | null): Uint8Array {
  const schema = streamSchema(stream)
  let changed = false
  const fields = schema.fields.map((field) => {
    const type = retype(field)
    if (type === null) return field
    changed = true
    return field.clone({ type })
  })
  return changed ? withSchema(stream, new Schema(fields, schema.metadata)) : stream
}

/** The stream with other column names, in the order of its columns. */
export function renameColumns(stream: Uint8Array, names: readonly string[]): Uint8Array {
  const schema = streamSchema(stream)
  const fields = schema.fields.map((field, index) => field.clone({ name: names[index] ?? field.name }))
  return withSchema(stream, new Schema(fields, schema.metadata))
}

function withSchema(stream: Uint8Array, schema: Schema): Uint8Array {
  const head = tableToIPC(new Table(schema), 'stream')
  return concatBytes([head.subarray(0, schemaEnd(head)), stream.subarray(schemaEnd(stream))])
}

/** The schema of a stream; its batches are not read. */
export function streamSchema(stream: Uint8Array): Schema {
  return RecordBatchStreamReader.from(stream.subarray(0, schemaEnd(stream))).open().schema
}

/** How many rows the stream's batches hold, by their headers. */
export function streamRows(stream: Uint8Array): number {
  let rows = 0
  for (const { message } of messages(stream)) if (message.isRecordBatch()) rows += message.header().length
  return rows
}

/** Offset of the first message after the schema. */
function schemaEnd(stream: Uint8Array): number {
  return PREFIX_BYTES + metadataLength(stream, 0)
}

/** Offset of the end marker. */
function messagesEnd(stream: Uint8Array): number {
  let end = 0
  for (const message of messages(stream)) end = message.end
  return end
}

function* messages(stream: Uint8Array): Generator<{ message: Message; end: number }> {
  let offset = 0
  while (offset + PREFIX_BYTES <= stream.length) {
    const length = metadataLength(stream, offset)
    if (length === 0) return
    const start = offset + PREFIX_BYTES
    const message = Message.decode(stream.subarray(start, start + length))
    offset = start + length + message.bodyLength
    yield { message, end: offset }
  }
}

function metadataLength(stream: Uint8Array, offset: number): number {
  const view = new DataView(stream.buffer, stream.byteOffset + offset, PREFIX_BYTES)
  if (view.getUint32(0, true) !== CONTINUATION) throw new RangeError(`no Arrow message at byte ${offset}`)
  return view.getInt32(4, true)
}
