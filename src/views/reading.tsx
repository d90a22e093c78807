import type { TableInfo } from '@/domain/automation'
import { formatQuantity } from '@/domain/format/number'
import { formatBytes, formatDuration } from '@/domain/format/units'
import { useNow, useStartedAt } from './store-context'

/** What is being read, how much of it there is, and for how long already. */
export function Reading({ tables }: { tables: TableInfo[] }) {
  const startedAt = useStartedAt()
  const now = useNow(true, 100)
  const parts = tables.map(({ name, rows, bytes }) => {
    const size = [
      ...(rows === null ? [] : [formatQuantity(rows, 'row')]),
      ...(bytes === null || bytes === 0 ? [] : [formatBytes(bytes)]),
    ]
    return size.length === 0 ? name : `${name} (${size.join(', ')})`
  })
  const elapsed = now - startedAt
  return (
    <>
      Reading {parts.length === 0 ? 'rows' : parts.join(', ')}…{elapsed >= 1000 && ` ${formatDuration(elapsed)}`}
    </>
  )
}
