import { ActionIcon, Button, Popover, TextInput } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { singleLine } from '@/domain/format/value'
import { activeTab } from '@/store/sql'
import { useActions, useGoldsmith } from '@/views/store-context'
import classes from './sql.module.css'
import { tabTitle } from './tab-title'

/** Queries that are kept under a name, and the way to keep the one that is shown. */
export function SavedQueries() {
  const saved = useGoldsmith((state) => state.sql.saved)
  const text = useGoldsmith((state) => activeTab(state.sql).text)
  const { openQuery, saveQuery, removeSavedQuery } = useActions()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const wanted = name.trim()
  const replaces = saved.some((query) => query.name === wanted)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={340}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={15} />}
          onClick={() => {
            setName(text.trim() === '' ? '' : singleLine(tabTitle(text), 60))
            setOpen(!open)
          }}
        >
          Saved
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <form
          className={classes.save}
          onSubmit={(event) => {
            event.preventDefault()
            saveQuery(wanted)
            setOpen(false)
          }}
        >
          <TextInput
            aria-label="Name of the query"
            placeholder="Name of this query"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit" disabled={wanted === '' || text.trim() === ''}>
            {replaces ? 'Replace' : 'Save'}
          </Button>
        </form>
        {saved.length === 0 ? (
          <p className="muted">Nothing is saved yet. Saved queries stay in this browser.</p>
        ) : (
          <ul className={classes.saved} aria-label="Saved queries">
            {saved.map((query) => (
              <li key={query.name}>
                <button
                  type="button"
                  className="truncate"
                  title={singleLine(query.sql, 400)}
                  onClick={() => {
                    openQuery(query.sql, query.dialect)
                    setOpen(false)
                  }}
                >
                  {query.name}
                </button>
                <ActionIcon size="sm" aria-label={`Remove ${query.name}`} onClick={() => removeSavedQuery(query.name)}>
                  <IconTrash size={13} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
