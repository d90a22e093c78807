/** What the codec pool and its workers say to each other. */
import type { ErrorData } from '@/domain/automation'
import type { EncodeOptions } from '@/engine/ports'
import type { DecodeTask } from './tasks'

export type CodecRequest =
  | { id: number; kind: 'decode'; fileId: number; file: Blob | null; task: Omit<DecodeTask, 'file'> }
  | { id: number; kind: 'encode'; stream: Uint8Array; options: EncodeOptions }

export type CodecResponse = { id: number; bytes: Uint8Array } | { id: number; error: ErrorData }
