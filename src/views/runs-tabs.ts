import type { RunsTab } from '@/store/runs/place'

export const runsTabLabels: Record<RunsTab, string> = {
  updates: 'Updates',
  events: 'Event log',
  quality: 'Quality',
  freshness: 'Freshness',
  quarantine: 'Quarantine',
  reconciliation: 'Reconciliation',
}
