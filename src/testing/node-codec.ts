import * as parquet from 'parquet-wasm'
import { inspectParquet } from '@/adapters/parquet/inspect'
import { ParquetTasks } from '@/adapters/parquet/tasks'
import type { ParquetCodec } from '@/engine/ports'

/** The product's codec without worker threads: the same library and the same code, in this process. */
export function nodeCodec(): ParquetCodec {
  const tasks = new ParquetTasks(parquet)
  return {
    parallelism: 1,
    inspect: inspectParquet,
    decode: (file, name, rowGroup, columns) =>
      tasks.decode({ file, name, rowGroup: rowGroup.index, rows: rowGroup.rows, columns }),
    encode: async (stream, options) => tasks.encode(stream, options),
  }
}
