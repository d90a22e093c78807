import type { Dataset } from '@/domain/pipeline/project'
import type { RefreshStrategy } from '@/domain/update/plan'
import type { TranslatedDataset } from '@/engine/project-translate'

/** How new rows of its sources are followed to the rows of a streaming table. */
export function streamingStrategy(
  { primaryKey }: Pick<Dataset, 'primaryKey'>,
  { flows }: Pick<TranslatedDataset, 'flows'>,
): RefreshStrategy {
  const changes = flows.find((flow) => flow.kind === 'auto_cdc')
  if (changes === undefined) return { kind: 'appends' }
  const keys = changes.keys.map((key) => key.toLowerCase())
  const primary = primaryKey?.map((column) => column.toLowerCase()) ?? keys
  if (keys.every((key) => primary.includes(key))) return { kind: 'changes', by: keys }
  return { kind: 'whole', reason: `a key (${primary.join(', ')}) without the keys of its changes (${keys.join(', ')})` }
}
