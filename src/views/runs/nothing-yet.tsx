import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { EmptyState } from '@/components/empty-state'
import { hrefOf } from '@/store/route'

/** No update has run: what will be here, and where one is started. */
export function NothingYet({ title = 'No update has run yet', text }: { title?: string; text: ReactNode }) {
  return (
    <EmptyState icon={<IconHistory size={24} stroke={1.5} />} title={title} text={text}>
      <Button component="a" variant="default" href={hrefOf({ view: 'pipeline', dataset: null })}>
        Open pipeline
      </Button>
      <Button component="a" href={hrefOf({ view: 'sources' })}>
        Load data
      </Button>
    </EmptyState>
  )
}
