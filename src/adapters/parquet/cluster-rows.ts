/**
 * Bringing the rows of an Arrow IPC stream into the row groups in which they belong together: a fraction of what the engine needs to sort
 * rows of many columns.
 */
import { type Data, makeData, RecordBatch, RecordBatchReader, Struct, Table, tableToIPC } from 'apache-arrow'
import type { CurveColumn } from '@/domain/delta/z-order'
import { placesAlongCurve } from './curve-places'
import { gather } from './gather'

/**
 * The stream with its rows in groups of `groupRows` (the last may have fewer) along the curve: the places of a group's rows are not above
 * those of the next, as far as their 16 leading bits tell. Inside a group rows stay in their order: no reader gains from another,
 * ascending values stay cheap to encode, and memory is read from front to back. Throws RangeError for columns of nested types, which
 * it cannot move.
 */
export function clusterRows(stream: Uint8Array, curve: readonly CurveColumn[], groupRows: number): Uint8Array {
  const reader = RecordBatchReader.from(stream).open()
  const { schema } = reader
  const batches = [...reader]
  const order = orderInGroups(placesAlongCurve(batches, curve), groupRows)
  const children = schema.fields.map(({ type }, index) =>
    gather(
      type,
      batches.map((batch) => columnOf(batch, index)),
      order,
    ),
  )
  const data = makeData({ type: new Struct(schema.fields), length: order.length, nullCount: 0, children })
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'stream')
}

function columnOf(batch: RecordBatch, index: number): Data {
  const column = batch.data.children[index]
  if (column === undefined) throw new RangeError(`the batch has no column ${index}`)
  if (column.offset !== 0) throw new RangeError('a column that begins inside its buffers')
  return column
}

/** Leading bits of a place that decide about its row's group. */
const LEADING_BITS = 16

/** The row that comes at each position. */
function orderInGroups(places: Int32Array, groupRows: number): Uint32Array {
  const highest = places.reduce((most, place) => Math.max(most, place), 0)
  const shift = Math.max(0, 32 - Math.clz32(highest) - LEADING_BITS)
  // Where rows of each leading number would begin if all were sorted (a counting sort): that tells a row's group.
  const begins = new Uint32Array(2 ** LEADING_BITS + 1)
  for (let row = 0; row < places.length; row += 1) {
    const after = ((places[row] as number) >> shift) + 1
    begins[after] = (begins[after] as number) + 1
  }
  for (let at = 1; at < begins.length; at += 1) begins[at] = (begins[at] as number) + (begins[at - 1] as number)
  const nextOfGroup = Uint32Array.from(
    { length: Math.ceil(places.length / groupRows) },
    (_, group) => group * groupRows,
  )
  const order = new Uint32Array(places.length)
  for (let row = 0; row < places.length; row += 1) {
    const leading = (places[row] as number) >> shift
    const sorted = begins[leading] as number
    begins[leading] = sorted + 1
    const group = (sorted / groupRows) | 0
    const position = nextOfGroup[group] as number
    nextOfGroup[group] = position + 1
    order[position] = row
  }
  return order
}
