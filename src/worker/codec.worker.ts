import { type CodecScope, serveCodec } from '@/adapters/parquet/codec-thread'

serveCodec(globalThis as unknown as CodecScope)
