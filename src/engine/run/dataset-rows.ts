import type { Dataset } from '@/domain/pipeline/project'
import type { CommitMetadata } from '@/engine/gold/commit-metadata'
import type { TranslatedDataset } from '@/engine/project-translate'
import type { BuildContext, TableBlueprint } from '@/engine/run/build-table'
import type { CommitOver } from '@/engine/run/commit-dataset'
import type { Obstacle } from './incremental/affected'
import type { Refreshed } from './incremental/refresh-table'

/** How the rows of a dataset are computed in one update: from its query, or from what its flows have read. */
export interface DatasetRows {
  /** Stored tables that it needs beside the dataset's inputs. */
  readonly reads: readonly string[]
  /** Computes what changed rows of the inputs lead to; the dataset, its quarantine, its inputs and `reads` must be queryable. */
  refresh(context: BuildContext): Promise<RefreshedDataset | Obstacle>
  /** The DuckDB SQL of statements that together give all rows; the inputs and `reads` must be queryable. */
  pieces(): Promise<string[]>
  /** What the version's commit notes beside what is noted of every dataset; known once rows were computed. */
  noted(): Pick<CommitMetadata, 'read' | 'edited'>
  /** Commits what must not be newer than the dataset: right before it, while no other tab commits the same dataset. */
  commitFirst(): Promise<void>
}

export interface RefreshedDataset {
  refreshed: Refreshed
  over: { table: CommitOver; quarantine: CommitOver }
}

/** What a dataset declares, ready for DuckDB. */
export function blueprintOf(dataset: Dataset, translated: TranslatedDataset): TableBlueprint {
  return {
    name: dataset.name,
    file: dataset.file,
    columns: translated.columns,
    expectations: translated.expectations,
    primaryKey: dataset.primaryKey,
  }
}
