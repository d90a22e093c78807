import { Button } from '@mantine/core'
import { IconChartAreaLine } from '@tabler/icons-react'
import { EmptyState } from '@/components/empty-state'
import type { Waiting } from '@/store/dashboards/waiting'
import { hrefOf } from '@/store/route'

/** Why a dashboard has nothing to show yet, and what to do about it. */
export function WaitingNotice({ title, waiting: { tables, sources } }: { title: string; waiting: Waiting }) {
  const listed = tables.join(' and ')
  const loads = sources.length > 0
  return (
    <EmptyState
      icon={<IconChartAreaLine size={24} stroke={1.5} />}
      title={loads ? `${title} waits for ${sources.join(', ')}` : `${title} waits for a run`}
      text={
        loads
          ? `${listed} ${tables.length === 1 ? 'is' : 'are'} built from ${sources.join(', ')}, which ${sources.length === 1 ? 'is' : 'are'} not loaded. Load a Parquet file of that name, then run the pipeline.`
          : `${listed} ${tables.length === 1 ? 'is' : 'are'} not built yet. What is loaded is enough: run the pipeline.`
      }
    >
      {/* The next step is the one that stands out. */}
      <Button component="a" variant={loads ? 'filled' : 'default'} href={hrefOf({ view: 'sources' })}>
        {loads ? 'Load data' : 'Sources'}
      </Button>
      <Button component="a" variant={loads ? 'default' : 'filled'} href={hrefOf({ view: 'pipeline', dataset: null })}>
        Open pipeline
      </Button>
    </EmptyState>
  )
}
