import type { PipelineFile } from './project'
import type { FlowStatement } from './statements'

/** A flow with its names in full, lower-case `schema.table`. */
export interface DeclaredFlow {
  statement: FlowStatement
  file: PipelineFile
  name: string
  target: string
  /** What AUTO CDC reads. */
  source: string | null
}
