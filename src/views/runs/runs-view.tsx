import { Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { placeOfTab, type RunsTab, runsTabs } from '@/store/runs/place'
import { runsTabLabels } from '@/views/runs-tabs'
import { useActions, useGoldsmith } from '@/views/store-context'
import { EventLog } from './event-log'
import { FreshnessOfTables } from './freshness'
import { Quality } from './quality'
import { Quarantine } from './quarantine'
import { Reconciliation } from './reconciliation'
import classes from './runs.module.css'
import { Updates } from './updates'

/** What the updates did, and whether what they left can be trusted. */
export default function RunsView() {
  const tab = useGoldsmith(({ route }) => (route.view === 'runs' ? route.tab : 'updates'))
  const { navigate } = useActions()
  const list = useRef<HTMLDivElement>(null)
  // A narrow screen has no room for all tabs: the one that a link leads to may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another element that is selected
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [tab])
  return (
    <Tabs
      className={classes.view ?? ''}
      value={tab}
      onChange={(value) => {
        const next = runsTabs.find((name) => name === value)
        if (next) navigate({ view: 'runs', ...placeOfTab(next) })
      }}
    >
      <div className={classes.head}>
        <h1>Runs</h1>
        <Tabs.List ref={list} className={classes.tabs ?? ''}>
          {runsTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {runsTabLabels[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Panel value={tab} className={classes.panel ?? ''}>
        <Shown tab={tab} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Shown({ tab }: { tab: RunsTab }) {
  switch (tab) {
    case 'updates':
      return <Updates />
    case 'events':
      return <EventLog />
    case 'quality':
      return <Quality />
    case 'freshness':
      return <FreshnessOfTables />
    case 'quarantine':
      return <Quarantine />
    case 'reconciliation':
      return <Reconciliation />
  }
}
