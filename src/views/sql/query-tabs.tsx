import { ActionIcon, Loader } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { singleLine } from '@/domain/format/value'
import { activeTab } from '@/store/sql'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './sql.module.css'
import { tabTitle } from './tab-title'

/** The queries that are being written. */
export function QueryTabs() {
  const tabs = useGoldsmith((state) => state.sql.tabs)
  const active = useGoldsmith((state) => activeTab(state.sql).id)
  const queries = useGoldsmith((state) => state.sql.queries)
  const { newTab, selectTab, closeTab } = useActions()
  const shown = useRef<HTMLDivElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab has to be brought into sight
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])

  return (
    <nav className={classes.tabs} aria-label="Queries">
      {tabs.map(({ id, text }) => {
        const title = singleLine(tabTitle(text), 40)
        const isShown = id === active
        return (
          <div key={id} className={classes.tab} data-shown={isShown || undefined} ref={isShown ? shown : undefined}>
            <button
              type="button"
              className="truncate"
              title={singleLine(text, 300) || title}
              aria-current={isShown ? 'true' : undefined}
              onClick={() => selectTab(id)}
              onAuxClick={(event) => {
                if (event.button === 1) closeTab(id)
              }}
            >
              {title}
            </button>
            {queries[id]?.status === 'running' && <Loader size={10} aria-label="Running" />}
            {(tabs.length > 1 || text !== '') && (
              <ActionIcon
                size={18}
                variant="subtle"
                color="gray"
                aria-label={`Close ${title}`}
                title="Close; the query stays among the recent ones"
                onClick={() => closeTab(id)}
              >
                <IconX size={12} />
              </ActionIcon>
            )}
          </div>
        )
      })}
      <ActionIcon variant="subtle" color="gray" aria-label="New query" title="New query" onClick={newTab}>
        <IconPlus size={15} />
      </ActionIcon>
    </nav>
  )
}
