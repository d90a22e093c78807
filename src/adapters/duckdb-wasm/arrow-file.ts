/** Magic with its padding, before the first message. */
const HEAD_BYTES = 8
/** Length of the footer, and the magic again. */
const TAIL_BYTES = 10
const MAGIC = [...'ARROW1'].map((letter) => letter.charCodeAt(0))
const END_OF_STREAM = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]

/** Whether the bytes are a file of Arrow's file format from its beginning to its end. */
export function isWholeFile(bytes: Uint8Array): boolean {
  return bytes.length > HEAD_BYTES + TAIL_BYTES && isMagic(bytes, 0) && isMagic(bytes, bytes.length - MAGIC.length)
}

/**
 * The Arrow IPC stream inside a file of Arrow's file format, without copying it: the file's bytes are changed. The writer
 * leaves the end marker out when there are no rows, so it is written anew, over the footer that a stream has no use for.
 */
export function streamInFile(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const footerBytes = view.getInt32(file.length - TAIL_BYTES, true)
  let end = file.length - TAIL_BYTES - footerBytes
  if (END_OF_STREAM.every((byte, index) => file[end - END_OF_STREAM.length + index] === byte))
    end -= END_OF_STREAM.length
  file.set(END_OF_STREAM, end)
  return file.subarray(HEAD_BYTES, end + END_OF_STREAM.length)
}

function isMagic(bytes: Uint8Array, offset: number): boolean {
  return MAGIC.every((byte, index) => bytes[offset + index] === byte)
}
