/**
 * The actions of a Delta log entry, as PROTOCOL.md of delta-io/delta names them.
 * Only fields that Goldsmith reads or writes are here; readers must ignore all others.
 */

/** Where a commit came from; free-form by protocol, written first in every entry. */
export interface CommitInfo {
  /** Milliseconds since the epoch; Goldsmith always writes it, others may not. */
  timestamp?: number
  operation: string
  operationParameters: Record<string, unknown>
  operationMetrics: Record<string, string>
  isBlindAppend?: boolean
  engineInfo?: string
  txnId?: string
  /** A text that the writer may use as it likes. */
  userMetadata?: string
}

export interface Protocol {
  minReaderVersion: number
  minWriterVersion: number
  /** Present from reader version 3. */
  readerFeatures?: string[]
  /** Present from writer version 7. */
  writerFeatures?: string[]
}

export interface MetaData {
  /** UUID of the table; survives every overwrite. */
  id: string
  name?: string
  description?: string
  format: { provider: string; options: Record<string, string> }
  schemaString: string
  partitionColumns: string[]
  configuration: Record<string, string>
  /** Milliseconds since the epoch. */
  createdTime?: number
}

export interface AddFile {
  /** URL-encoded, relative to the table's folder. */
  path: string
  /** By partition column; null for NULL. */
  partitionValues: Record<string, string | null>
  /** Bytes. */
  size: number
  /** Milliseconds since the epoch. */
  modificationTime: number
  dataChange: boolean
  /** JSON text; see statistics.ts. */
  stats?: string
  tags?: Record<string, string | null>
  /** Which rows of the file are deleted: read only to refuse the table. */
  deletionVector?: Record<string, unknown>
}

export interface RemoveFile {
  path: string
  /** Milliseconds since the epoch. */
  deletionTimestamp?: number
  dataChange: boolean
  /** True when partitionValues and size are present. */
  extendedFileMetadata?: boolean
  partitionValues?: Record<string, string | null>
  size?: number
}

/** How far an application has got; the last version for an appId wins. */
export interface Transaction {
  appId: string
  version: number
  /** Milliseconds since the epoch. */
  lastUpdated?: number
}

export type Action =
  | { commitInfo: CommitInfo }
  | { protocol: Protocol }
  | { metaData: MetaData }
  | { txn: Transaction }
  | { remove: RemoveFile }
  | { add: AddFile }

/** All actions of one log entry. */
export interface Commit {
  version: number
  actions: Action[]
}
