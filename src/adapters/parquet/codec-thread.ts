/** A codec worker's inside: serves the pool's requests with parquet-wasm. */
import init, * as parquet from 'parquet-wasm/esm'
import parquetWasm from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url'
import { toErrorData } from '@/domain/errors'
import type { CodecRequest, CodecResponse } from './messages'
import { ParquetTasks } from './tasks'

/** The part of a dedicated worker's global scope that is used here. */
export interface CodecScope {
  postMessage(message: CodecResponse, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<CodecRequest>) => void) | null
}

/** Answers requests on this worker until it is terminated. */
export function serveCodec(scope: CodecScope): void {
  const ready = init({ module_or_path: parquetWasm }).then(() => new ParquetTasks(parquet))
  // A File that was posted twice arrives as two objects; the id lets an opened file be found again.
  const files = new Map<number, Blob>()

  scope.onmessage = async ({ data }: MessageEvent<CodecRequest>) => {
    try {
      const bytes = await perform(await ready, data, files)
      const response: CodecResponse = { id: data.id, bytes }
      scope.postMessage(response, [bytes.buffer as ArrayBuffer])
    } catch (error) {
      const response: CodecResponse = { id: data.id, error: toErrorData(error) }
      scope.postMessage(response, [])
    }
  }
}

async function perform(tasks: ParquetTasks, request: CodecRequest, files: Map<number, Blob>): Promise<Uint8Array> {
  if (request.kind === 'encode') return tasks.encode(request.stream, request.options)
  if (request.file !== null) files.set(request.fileId, request.file)
  const file = files.get(request.fileId)
  if (file === undefined) throw new Error(`codec worker was never given file ${request.fileId}`)
  return tasks.decode({ ...request.task, file })
}
