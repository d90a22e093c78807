import { IconBolt, IconDatabase, IconEye, IconFilterX, IconTable } from '@tabler/icons-react'

export type DatasetKind = 'source' | 'materialized_view' | 'streaming_table' | 'view' | 'quarantine'

const icons = {
  source: IconDatabase,
  materialized_view: IconTable,
  streaming_table: IconBolt,
  view: IconEye,
  quarantine: IconFilterX,
}

export function KindIcon({ kind, size = 14 }: { kind: DatasetKind; size?: number }) {
  const Icon = icons[kind]
  return <Icon size={size} stroke={1.7} role="img" aria-label={kindLabel(kind)} />
}

export function kindLabel(kind: DatasetKind): string {
  switch (kind) {
    case 'source':
      return 'Silver source'
    case 'materialized_view':
      return 'materialized view'
    case 'streaming_table':
      return 'streaming table'
    case 'view':
      return 'view'
    case 'quarantine':
      return 'quarantine'
  }
}
