/** Delta tables as a user drops them: folders of File objects, their logs written by hand. */
import { commitFileName } from '@/domain/delta/log-names'
import type { InputFile } from '@/rpc/contract'
import { dropped } from './parquet-files'

/** Fields of a `schemaString`, by name: `{ id: 'long', at: 'timestamp' }`. */
export type Fields = Record<string, string>

export const PROTOCOL = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } }

export function metaData(fields: Fields, partitionColumns: string[] = [], more: Record<string, unknown> = {}) {
  const schema = Object.entries(fields).map(([name, type]) => ({ name, type, nullable: true, metadata: {} }))
  return {
    metaData: {
      id: '7a9f6f8e-0a3c-4c3e-9a2b-6f1d2c3b4a59',
      format: { provider: 'parquet', options: {} },
      schemaString: JSON.stringify({ type: 'struct', fields: schema }),
      partitionColumns,
      configuration: {},
      createdTime: 1,
      ...more,
    },
  }
}

export function add(path: string, partitionValues: Record<string, string | null> = {}, more: object = {}) {
  return { add: { path, partitionValues, size: 1, modificationTime: 1, dataChange: true, ...more } }
}

export function remove(path: string) {
  return { remove: { path, deletionTimestamp: 2, dataChange: true } }
}

/** The files of a table's folder: a log entry for each list of actions, and data files by their path in it. */
export function deltaFolder(
  folder: string,
  commits: readonly (readonly object[])[],
  data: Record<string, Uint8Array<ArrayBuffer>>,
): InputFile[] {
  const inside = (path: string) => (folder === '' ? path : `${folder}/${path}`)
  return [
    ...commits.map((actions, version) =>
      dropped(
        inside(`_delta_log/${commitFileName(version)}`),
        actions.map((action) => `${JSON.stringify(action)}\n`).join(''),
      ),
    ),
    ...Object.entries(data).map(([path, bytes]) => dropped(inside(path), bytes)),
  ]
}
